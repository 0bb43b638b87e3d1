/** The rows of an emulated account in this process: a run needs no database, and its rows end with it. */
import type { Arrivals, Call, Groups, Row } from "../model.ts";
import type { Rows } from "./target.ts";

export class RowsInMemory implements Rows {
  /** No database can be made for an RDS instance. */
  readonly server = undefined;
  /** By group, in the order in which they were committed. */
  readonly #groups = new Map<string, Row[]>();
  /** By run, in the order in which they began. */
  readonly #calls = new Map<string, Call[]>();

  insert(row: Row, _url: string): void {
    const rows = this.#groups.get(row.groupId);
    if (rows === undefined) this.#groups.set(row.groupId, [row]);
    else rows.push(row);
  }

  async ensureTable(): Promise<void> {}

  async newSince(groups: Groups, since: number | null): Promise<Arrivals> {
    const arrivals: Arrivals = { completed: [], dead: [], lastCreatedAt: null };
    for (const kind of ["completed", "dead"] as const) {
      const rows = this.#groups.get(groups[kind]) ?? [];
      for (const { id, createdAt } of rows.slice(firstSince(rows, since))) {
        arrivals[kind].push(id);
        arrivals.lastCreatedAt = Math.max(arrivals.lastCreatedAt ?? createdAt, createdAt);
      }
    }
    return arrivals;
  }

  async all(groupId: string): Promise<Row[]> {
    const rows = this.#groups.get(groupId) ?? [];
    return rows.toSorted((one, other) => one.createdAt - other.createdAt || one.id - other.id);
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

  async close(): Promise<void> {}
}

/** The index of the first row of `since` or later. Rows are committed in the order of time, so that only the new ones are looked at. */
function firstSince(rows: readonly Row[], since: number | null): number {
  if (since === null) return 0;
  let first = rows.length;
  while (first > 0 && rows[first - 1]!.createdAt >= since) first--;
  return first;
}
