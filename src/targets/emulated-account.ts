/** An emulated account whose functions are the handlers that run on AWS, and whose rows go to a real Postgres. */
import { createConsumer } from "../../infra/handlers/consumer.ts";
import { createProducer } from "../../infra/handlers/producer.ts";
import { createRecorder } from "../../infra/handlers/recorder.ts";
import { Invocations } from "../database/invocations.ts";
import { createDatabase, dropDatabase, urlOfDatabase } from "../database/server.ts";
import { Emulator } from "../emulator/emulator.ts";
import { type Constants, constantsOf } from "../emulator/platforms/platforms.ts";
import { drawConstants } from "../emulator/platforms/ranges.ts";
import type { AccountProfile, PlatformName, Row } from "../model.ts";

export interface EmulatedAccountOptions {
  databaseUrl: string;
  platform: PlatformName;
  seed: number;
  region: string;
  /** The virtual epoch, milliseconds. */
  start: number;
  /** An account's own numbers, in place of the platform's. */
  profile?: AccountProfile | null;
  /** Draws the unpublished numbers from their plausible ranges, by the seed; the profile's from its intervals. */
  ranges?: boolean;
  /** Replaces numbers, whoever's they are. */
  constants?: Partial<Constants>;
  /** Whoever the requests are said to be from. Default: the account's root user. */
  caller?: Emulator["iam"]["caller"];
  /** Takes what the functions log. */
  log?: (functionName: string, message: string) => void;
}

export interface EmulatedAccount {
  emulator: Emulator;
  /** Rows are written behind, in bulk: what the handlers have inserted is in Postgres when this resolves. */
  writeRows(): Promise<void>;
  close(): Promise<void>;
}

/** Opens an empty account. Throws BenchError when the database cannot be reached. */
export async function openEmulatedAccount(options: EmulatedAccountOptions): Promise<EmulatedAccount> {
  const tables = await Tables.open(options.databaseUrl);
  const { platform, profile } = options;
  const own = Object.entries(profile?.constants ?? {});
  const values = Object.fromEntries(own.map(([name, { value }]) => [name, value]));
  const intervals = Object.fromEntries(own.map(([name, { interval }]) => [name, interval]));
  const drawn = options.ranges ? drawConstants(platform, options.seed, intervals) : {};
  const emulator = new Emulator({
    start: options.start,
    seed: options.seed,
    constants: constantsOf(platform, { ...values, ...drawn, ...options.constants }),
    region: options.region,
    handlers: { producer: createProducer, consumer: createConsumer, recorder: createRecorder },
    insertRow: (row, url) => tables.insert(row, url),
    databaseServer: tables,
    log: options.log ?? (() => {}),
  });
  if (options.caller !== undefined) emulator.iam.caller = options.caller;
  return { emulator, writeRows: () => tables.write(), close: () => tables.close() };
}

/**
 * The tables of the account's functions, all on one server: that of the URL which the account was opened with, and one for each
 * database that is made on the server for an RDS instance.
 */
class Tables {
  readonly host: string;
  readonly port: number;
  #rows: Row[] = [];
  /** Of databases that were made, by name. */
  readonly #others = new Map<string, { rows: Row[]; username: string; table: Invocations | null }>();
  /** What is to be done on the server before any more rows. */
  #orders: (() => Promise<void>)[] = [];
  #written: Promise<void> = Promise.resolve();

  private constructor(
    private readonly url: string,
    private readonly table: Invocations,
  ) {
    const { hostname, port } = new URL(url);
    this.host = hostname;
    this.port = Number(port || 5432);
  }

  static async open(url: string): Promise<Tables> {
    return new Tables(url, await Invocations.open(url));
  }

  create(database: { name: string; username: string; password: string }): void {
    this.#others.set(database.name, { rows: [], username: database.username, table: null });
    this.#orders.push(() => createDatabase(this.url, database));
  }

  drop(name: string): void {
    const dropped = this.#others.get(name);
    if (!dropped) return;
    this.#others.delete(name);
    this.#orders.push(async () => {
      await dropped.table?.close();
      await dropDatabase(this.url, { name, username: dropped.username });
    });
  }

  /** By the name in the function's URL; one that was not made here is the account's own, however the function names it. */
  insert(row: Row, url: string): void {
    const rows = this.#others.size === 0 ? this.#rows : (this.#others.get(databaseIn(url))?.rows ?? this.#rows);
    rows.push(row);
  }

  write(): Promise<void> {
    const orders = this.#orders;
    this.#orders = [];
    for (const order of orders) this.#written = this.#written.then(order);
    const rows = this.#rows;
    this.#rows = [];
    if (rows.length > 0) this.#written = this.#written.then(() => this.table.insert(rows));
    for (const [name, other] of this.#others) {
      const { rows } = other;
      if (rows.length === 0) continue;
      other.rows = [];
      this.#written = this.#written.then(async () => {
        other.table ??= await Invocations.open(urlOfDatabase(this.url, name));
        await other.table.insert(rows);
      });
    }
    return this.#written;
  }

  /** What was made for instances goes with the account. */
  async close(): Promise<void> {
    for (const name of [...this.#others.keys()]) this.drop(name);
    await this.write();
    await this.table.close();
  }
}

function databaseIn(url: string): string {
  return URL.canParse(url) ? decodeURIComponent(new URL(url).pathname.slice(1)) : "";
}
