/**
 * The rows of an emulated account in a real Postgres, written later and in bulk. All tables are on one server: that of the URL with
 * which the account was opened, and one for each database that is made on the server for an RDS instance.
 */
import { Invocations } from "../database/invocations.ts";
import { createDatabase, dropDatabase, type NewDatabase, urlOfDatabase } from "../database/server.ts";
import type { Arrivals, Call, Groups, Row } from "../model.ts";
import type { Columns } from "../rows/columns.ts";
import { RecentRows } from "./recent-rows.ts";
import type { Rows } from "./target.ts";

/** A server on which databases can be made, in the form that the emulator's RDS takes. */
interface DatabaseServer {
  host: string;
  port: number;
  create(database: NewDatabase): void;
  drop(name: string): void;
}

/** So many rows are sent while the model goes on, so that few are left when somebody waits for them. */
const rowsSentAhead = 5_000;

/** Whoever reads rows reads all that were inserted before. */
export class RowsInPostgres implements Rows {
  readonly server: DatabaseServer;
  #rows: Row[] = [];
  #calls: Call[] = [];
  readonly #recent = new RecentRows();
  /** The databases that were made for RDS instances, by name. */
  readonly #others = new Map<string, { rows: Row[]; calls: Call[]; username: string; table: Invocations | null }>();
  /** Databases to be made and dropped before any more rows are written. */
  #orders: (() => Promise<void>)[] = [];
  #written: Promise<void> = Promise.resolve();
  #isWriting = false;
  #hasFailed = false;

  private constructor(
    private readonly url: string,
    private readonly table: Invocations,
  ) {
    const { hostname: host, port } = new URL(url);
    const create = (database: NewDatabase) => this.#create(database);
    const drop = (name: string) => this.#drop(name);
    this.server = { host, port: Number(port || 5432), create, drop };
  }

  /** Throws BenchError when the database cannot be reached. */
  static async open(url: string): Promise<RowsInPostgres> {
    return new RowsInPostgres(url, await Invocations.open(url));
  }

  ensureTable(): Promise<void> {
    return this.table.ensureTable();
  }

  async newSince(groups: Groups, since: number | null): Promise<Arrivals> {
    const known = since === null ? null : this.#recent.newSince(groups, since);
    if (known !== null) return known;
    await this.write();
    return this.table.newSince(groups, since);
  }

  async columns(groupId: string): Promise<Columns> {
    await this.write();
    return this.table.columns(groupId);
  }

  async calls(runId: string): Promise<Call[]> {
    await this.write();
    return this.table.calls(runId);
  }

  #create(database: NewDatabase): void {
    this.#others.set(database.name, { rows: [], calls: [], username: database.username, table: null });
    this.#orders.push(() => createDatabase(this.url, database));
  }

  #drop(name: string): void {
    const dropped = this.#others.get(name);
    if (!dropped) return;
    this.#others.delete(name);
    this.#orders.push(async () => {
      await dropped.table?.close();
      await dropDatabase(this.url, { name, username: dropped.username });
    });
  }

  /** The name in the function's URL tells the database. A name that was not made here is that of the account's own. */
  insert(row: Row, url: string): void {
    const rows = this.#others.size === 0 ? this.#rows : (this.#others.get(databaseIn(url))?.rows ?? this.#rows);
    if (rows === this.#rows) this.#recent.add(row);
    // While some are on their way, the next gather.
    if (rows.push(row) >= rowsSentAhead && !this.#isWriting) this.#writeAhead();
  }

  /** Calls of a database that was made here stay there, as its rows do. */
  insertCall(call: Call, url: string): void {
    const calls = this.#others.size === 0 ? this.#calls : (this.#others.get(databaseIn(url))?.calls ?? this.#calls);
    if (calls.push(call) >= rowsSentAhead && !this.#isWriting) this.#writeAhead();
  }

  /** Resolves when few rows are left to be sent, so that the model does not run far ahead of the table. Rejects when a row could not be written. */
  async keepUp(): Promise<void> {
    let left = this.#rows.length + this.#calls.length;
    for (const { rows, calls } of this.#others.values()) left += rows.length + calls.length;
    if (this.#hasFailed || left >= rowsSentAhead) await this.write();
  }

  /** A failure is that of the next write, for which somebody waits. */
  #writeAhead(): void {
    this.#isWriting = true;
    const over = () => {
      this.#isWriting = false;
    };
    this.write().then(over, over);
  }

  /** Resolves when all that was inserted is in Postgres. */
  write(): Promise<void> {
    const orders = this.#orders;
    this.#orders = [];
    for (const order of orders) this.#written = this.#written.then(order);
    const rows = this.#rows;
    this.#rows = [];
    if (rows.length > 0) this.#written = this.#written.then(() => this.table.insert(rows));
    const calls = this.#calls;
    this.#calls = [];
    if (calls.length > 0) this.#written = this.#written.then(() => this.table.insertCalls(calls));
    for (const [name, other] of this.#others) {
      const { rows, calls } = other;
      if (rows.length + calls.length === 0) continue;
      other.rows = [];
      other.calls = [];
      this.#written = this.#written.then(async () => {
        other.table ??= await Invocations.open(urlOfDatabase(this.url, name));
        await other.table.insert(rows);
        if (calls.length > 0) await other.table.insertCalls(calls);
      });
    }
    this.#written.catch(() => {
      this.#hasFailed = true;
    });
    return this.#written;
  }

  /** Names the databases that rows go to, each as its server tells it from others. */
  async identities(): Promise<string[]> {
    const found: (string | null)[] = [await this.table.identity()];
    for (const [name, other] of this.#others) {
      // The database is made first, and opened in turn with the writes, so that none is opened twice.
      this.#written = this.write().then(async () => {
        other.table ??= await Invocations.open(urlOfDatabase(this.url, name));
        found.push(await other.table.identity());
      });
    }
    await this.#written;
    return found.filter((each) => each !== null);
  }

  /** Drops the databases of instances, too: they end with the account. */
  async close(): Promise<void> {
    for (const name of [...this.#others.keys()]) this.#drop(name);
    await this.write();
    await this.table.close();
  }
}

function databaseIn(url: string): string {
  return URL.canParse(url) ? decodeURIComponent(new URL(url).pathname.slice(1)) : "";
}
