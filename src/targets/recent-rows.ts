/** The rows that this process has inserted lately: a look at new rows finds them here, and asks no database. */
import type { Arrivals, Groups, Row } from "../model.ts";

/** The steps look again after a minute at most, at the rows of half a minute before the newest as well. */
const keptMs = 120_000;
const fewest = 1_024;

export class RecentRows {
  /** In the order in which they were committed, and so of `createdAt`. */
  #ids: number[] = [];
  #groups: string[] = [];
  #createdAt: number[] = [];
  /** All rows of this time or later are here. */
  #from = Number.NEGATIVE_INFINITY;
  /** With so many rows, the old ones are left out. */
  #many = fewest;

  add({ id, groupId, createdAt }: Row): void {
    this.#ids.push(id);
    this.#groups.push(groupId);
    if (this.#createdAt.push(createdAt) >= this.#many) this.#forgetBefore(createdAt - keptMs);
  }

  /** The rows of a run whose `createdAt` is `since` or later; null: some of them may not be here any more. */
  newSince({ completed, dead }: Groups, since: number): Arrivals | null {
    if (since < this.#from) return null;
    const arrivals: Arrivals = { completed: [], dead: [], lastCreatedAt: null };
    for (let index = this.#firstOf(since); index < this.#ids.length; index++) {
      const group = this.#groups[index];
      if (group !== completed && group !== dead) continue;
      arrivals[group === completed ? "completed" : "dead"].push(this.#ids[index]!);
      arrivals.lastCreatedAt = this.#createdAt[index]!;
    }
    return arrivals;
  }

  #firstOf(time: number): number {
    let first = this.#createdAt.length;
    while (first > 0 && this.#createdAt[first - 1]! >= time) first--;
    return first;
  }

  #forgetBefore(time: number): void {
    const first = this.#firstOf(time);
    this.#ids = this.#ids.slice(first);
    this.#groups = this.#groups.slice(first);
    this.#createdAt = this.#createdAt.slice(first);
    this.#from = time;
    this.#many = Math.max(fewest, 2 * this.#ids.length);
  }
}
