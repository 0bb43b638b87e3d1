/** Counts a run's events while their rows arrive: each event once, and a dead-lettered one as completed once it completes. */
import type { Arrivals, Groups } from "../model.ts";
import type { Rows } from "../targets/target.ts";

/**
 * The next look begins this long before the newest row, because a row is stamped when its insert begins and shows when it is
 * committed. Assumed: an insert is a statement of its own and takes milliseconds. A row that takes longer than this is found when all
 * rows are looked at again.
 */
const overlapMs = 30_000;

const states = { dead: 1, completed: 2 } as const;

export class Tally {
  completed = 0;
  dead = 0;
  /** Rows with this `created_at` or a later one may be new; null: nothing has been seen, so all may be. */
  since: number | null = null;
  #newest: number | null = null;
  /** State by id; 0: not seen. */
  readonly #states: Uint8Array;
  /** The states of ids that the burst does not have. */
  readonly #strays = new Map<number, number>();

  /** `events`: the burst has the ids from 1 to this one. */
  constructor(events: number) {
    this.#states = new Uint8Array(events + 1);
  }

  /** Looks at the rows of `since` or later, null: at all. Returns true if any were new. */
  async look(rows: Rows, groups: Groups, since: number | null): Promise<boolean> {
    return this.add(await rows.newSince(groups, since));
  }

  /** Takes in the rows of a look, also those that were seen before. Returns true if any were new. */
  add({ completed, dead, lastCreatedAt }: Arrivals): boolean {
    const before = this.completed + this.dead;
    const completedBefore = this.completed;
    for (const id of completed) this.#take(id, states.completed);
    for (const id of dead) this.#take(id, states.dead);
    const isLater = lastCreatedAt !== null && (this.#newest === null || lastCreatedAt > this.#newest);
    if (isLater) {
      this.#newest = lastCreatedAt;
      this.since = lastCreatedAt - overlapMs;
    }
    return isLater || this.completed + this.dead > before || this.completed > completedBefore;
  }

  #take(id: number, state: number): void {
    const known = this.#states[id] ?? this.#strays.get(id) ?? 0;
    if (known >= state) return;
    if (id in this.#states) this.#states[id] = state;
    else this.#strays.set(id, state);
    if (state === states.completed) this.completed++;
    if (state === states.dead) this.dead++;
    else if (known === states.dead) this.dead--;
  }
}
