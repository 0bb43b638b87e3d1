/** The rows of an emulated account in this process: a run needs no database, and its rows end with it. */
import type { Arrivals, Groups, Row } from "../model.ts";
import type { Rows } from "./target.ts";

export class RowsInMemory implements Rows {
  /** No database can be made for an RDS instance. */
  readonly server = undefined;
  /** By group, in the order in which they were committed, and so by `created_at`. */
  readonly #groups = new Map<string, Row[]>();

  insert(row: Row, _url: string): void {
    const rows = this.#groups.get(row.groupId);
    if (rows === undefined) this.#groups.set(row.groupId, [row]);
    else rows.push(row);
  }

  async ensureTable(): Promise<void> {}

  async newSince(groups: Groups, since: number | null): Promise<Arrivals> {
    const completed = this.#from(groups.completed, since);
    const dead = this.#from(groups.dead, since);
    const last = [completed.at(-1), dead.at(-1)].flatMap((row) => (row === undefined ? [] : [row.createdAt]));
    return {
      completed: completed.map(({ id }) => id),
      dead: dead.map(({ id }) => id),
      lastCreatedAt: last.length === 0 ? null : Math.max(...last),
    };
  }

  async all(groupId: string): Promise<Row[]> {
    return this.#from(groupId, null).sort((a, b) => a.createdAt - b.createdAt || a.id - b.id);
  }

  /** A copy of the group's rows that were created at `since` or later. */
  #from(groupId: string, since: number | null): Row[] {
    const rows = this.#groups.get(groupId) ?? [];
    if (since === null) return [...rows];
    return rows.slice(rows.findLastIndex(({ createdAt }) => createdAt < since) + 1);
  }

  async write(): Promise<void> {}

  async close(): Promise<void> {}
}
