/** The rows of an emulated account in this process: a run needs no database, and its rows end with it. */
import type { Arrivals, Call, Groups, Row } from "../model.ts";
import { Columns } from "../rows/columns.ts";
import type { Rows } from "./target.ts";

export class RowsInMemory implements Rows {
  /** No database can be made for an RDS instance. */
  readonly server = undefined;
  /** By group, in the order in which they were committed. */
  readonly #groups = new Map<string, Columns>();
  /** By run, in the order in which they began. */
  readonly #calls = new Map<string, Call[]>();

  insert(row: Row, _url: string): void {
    let columns = this.#groups.get(row.groupId);
    if (columns === undefined) {
      columns = new Columns(row.groupId);
      this.#groups.set(row.groupId, columns);
    }
    columns.addRow(row);
  }

  async ensureTable(): Promise<void> {}

  async newSince(groups: Groups, since: number | null): Promise<Arrivals> {
    const arrivals: Arrivals = { completed: [], dead: [], lastCreatedAt: null };
    for (const kind of ["completed", "dead"] as const) {
      const columns = this.#groups.get(groups[kind]);
      if (columns === undefined) continue;
      const ids = arrivals[kind];
      let lastCreatedAt = Number.NEGATIVE_INFINITY;
      for (let index = firstSince(columns, since); index < columns.length; index++) {
        ids.push(columns.id[index]!);
        lastCreatedAt = Math.max(lastCreatedAt, columns.createdAt[index]!);
      }
      if (ids.length > 0) arrivals.lastCreatedAt = Math.max(arrivals.lastCreatedAt ?? lastCreatedAt, lastCreatedAt);
    }
    return arrivals;
  }

  async columns(groupId: string): Promise<Columns> {
    return this.#groups.get(groupId) ?? new Columns(groupId);
  }

  insertCall(call: Call, _url: string): void {
    const calls = this.#calls.get(call.runId);
    if (calls === undefined) this.#calls.set(call.runId, [call]);
    else calls.push(call);
  }

  async calls(runId: string): Promise<Call[]> {
    const calls = this.#calls.get(runId) ?? [];
    return calls.toSorted(
      (one, other) => one.beganAt - other.beganAt || one.id - other.id || (one.outcome < other.outcome ? -1 : 1),
    );
  }

  async write(): Promise<void> {}

  async keepUp(): Promise<void> {}

  async close(): Promise<void> {}
}

/** The index of the first row of `since` or later. Rows are committed in the order of time, so that only the new ones are looked at. */
function firstSince({ length, createdAt }: Columns, since: number | null): number {
  if (since === null) return 0;
  let first = length;
  while (first > 0 && createdAt[first - 1]! >= since) first--;
  return first;
}
