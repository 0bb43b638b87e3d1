/**
 * The downstream as the handlers meet it: what a connection, a call and an insert cost, how many connections there are, and which
 * calls its limit refuses.
 */
import { type Limit, limitWindowMs } from "../../../infra/handlers/limit.ts";
import type { CallAnswer, CallRequest, Grant, GrantRequest } from "../../../infra/handlers/ports.ts";
import type { Call, Row } from "../../model.ts";
import type { Alarms } from "../kernel/alarms.ts";
import type { Kernel } from "../kernel/kernel.ts";
import { Numbered } from "../kernel/numbered.ts";
import type { Random } from "../kernel/random.ts";
import type { Constants } from "../platforms/platforms.ts";
import { Limiters } from "./limiters.ts";

/** The downstream keeps these. Each is told at the virtual moment in which it is committed; `url`: the database's, as the function has it. */
export interface Tables {
  insertRow(row: Row, url: string): void;
  insertCall(call: Call, url: string): void;
}

/**
 * A row of the index is a third of a page at most, and has a header and a time besides:
 * https://www.postgresql.org/docs/current/btree.html. A text that Postgres can compress may be longer, which is not modelled.
 */
const indexRowBytes = 24;
const mostIndexedBytes = 2_704 - indexRowBytes;

/** A call on its way to the downstream. */
interface CallUnderway {
  request: CallRequest;
  url: string;
  answer: CallAnswer;
}

/** A request to a limiter on its way. */
interface GrantUnderway {
  request: GrantRequest;
  answer: Grant;
}

export class Database {
  #connections = 0;
  readonly #times: Random;
  readonly #callTimes: Random;
  readonly #refusalTimes: Random;
  readonly #calls = new Numbered<CallUnderway>();
  readonly #arrivals: Alarms;
  /** The calls that count for a limit, by run. */
  readonly #counted = new Map<string, CountedCalls>();
  readonly #limiters = new Limiters();
  readonly #grantTimes: Random;
  readonly #grants = new Numbered<GrantUnderway>();
  readonly #grantArrivals: Alarms;
  readonly #inserts = new Numbered<{ row: Omit<Row, "createdAt">; url: string }>();
  readonly #commits: Alarms;

  constructor(
    kernel: Kernel,
    private readonly constants: Constants,
    private readonly tables: Tables,
  ) {
    this.#times = kernel.random("database");
    this.#commits = kernel.alarms((number) => {
      const { row, url } = this.#inserts.take(number);
      const { id, sentAt, startedAt, groupId, batchId, cacheId } = row;
      this.tables.insertRow({ id, sentAt, startedAt, groupId, batchId, cacheId, createdAt: kernel.now }, url);
    });
    this.#refusalTimes = kernel.random("database.refusals");
    this.#callTimes = kernel.random("downstream.calls");
    this.#grantTimes = kernel.random("downstream.grants");
    this.#grantArrivals = kernel.alarms((number) => {
      const { request, answer } = this.#grants.take(number);
      Object.assign(answer, this.#limiters.take(request, kernel.now));
    });
    this.#arrivals = kernel.alarms((number) => this.#arrive(this.#calls.take(number), kernel.now));
  }

  #taken = "";

  /** Connections that the server had no place for. */
  refusedConnections = 0;
  /** Connections that were not there yet when Lambda ended the function that waited for them. */
  abandonedConnections = 0;

  /** Takes one of the server's connections. @throws Error in Postgres's words when there is none left. */
  connect(): void {
    if (this.#connections >= this.constants["database.maximumConnections"]) {
      this.refusedConnections++;
      throw new Error("sorry, too many clients already");
    }
    this.#connections++;
  }

  disconnect(): void {
    this.#connections--;
  }

  /** Postgres's words for a text that it does not take into the table's index; null: it takes it. */
  textRefusal(text: string): string | null {
    // All rows of a run have the same text.
    if (text === this.#taken) return null;
    if (text.includes("\0")) return 'invalid byte sequence for encoding "UTF8": 0x00';
    const bytes = Buffer.byteLength(text);
    if (bytes > mostIndexedBytes) return `index row size ${bytes + indexRowBytes} exceeds btree version 4 maximum 2704`;
    this.#taken = text;
    return null;
  }

  /** The round trip of a statement that is refused, milliseconds. */
  refusalMs(): number {
    return this.#statementMs(this.#refusalTimes);
  }

  connectMs(): number {
    return this.#draw(this.constants["database.connectMs"]);
  }

  /**
   * Begins an insert and returns its round trip, milliseconds. The row is committed half a round trip later, even if the handler
   * is stopped before the answer arrives.
   */
  insert(row: Omit<Row, "createdAt">, url: string): number {
    const roundTripMs = this.#draw(this.constants["database.insertMedianMs"]);
    this.#commits.after(this.#inserts.add({ row, url }), roundTripMs / 2);
    return roundTripMs;
  }

  /**
   * Begins a call. It arrives half a round trip later, even if the handler is stopped before the answer arrives; `answer` holds the
   * answer from then on.
   */
  call(request: CallRequest, url: string): { roundTripMs: number; answer: CallAnswer } {
    const roundTripMs = this.#statementMs(this.#callTimes);
    const answer: CallAnswer = { refused: false, retryAfterMs: 0 };
    this.#arrivals.after(this.#calls.add({ request, url, answer }), roundTripMs / 2);
    return { roundTripMs, answer };
  }

  /** Asks a limiter, as `call` calls. */
  take(request: GrantRequest): { roundTripMs: number; answer: Grant } {
    const roundTripMs = this.#statementMs(this.#grantTimes);
    const answer: Grant = { granted: false, waitMs: 0 };
    this.#grantArrivals.after(this.#grants.add({ request, answer }), roundTripMs / 2);
    return { roundTripMs, answer };
  }

  /** A call or a request to a limiter is one statement on the same database as an insert. */
  #statementMs(times: Random): number {
    return times.lognormal(this.constants["database.insertMedianMs"], this.constants["database.sigma"]);
  }

  #arrive({ request, url, answer }: CallUnderway, now: number): void {
    const { runId, id, fails, limit, countsRefused } = request;
    if (limit !== null) answer.retryAfterMs = this.#countedIn(runId).take(limit, countsRefused, now);
    answer.refused = answer.retryAfterMs > 0;
    const outcome = answer.refused ? "refused" : fails ? "failed" : "accepted";
    this.tables.insertCall({ runId, id, beganAt: now, outcome }, url);
  }

  #countedIn(runId: string): CountedCalls {
    const known = this.#counted.get(runId);
    if (known !== undefined) return known;
    const made = new CountedCalls();
    this.#counted.set(runId, made);
    return made;
  }

  #draw(medianMs: number): number {
    return this.#times.lognormal(medianMs, this.constants["database.sigma"]);
  }
}

/** When the calls of a run that count for its limit began, in order. */
class CountedCalls {
  readonly #beganAt: number[] = [];

  /** Takes a call now, if the limit has room. Returns the time until it has, 0 when it has. */
  take(limit: Limit, countsRefused: boolean, now: number): number {
    const nthBefore = this.#beganAt[this.#beganAt.length - limit.calls];
    const leftMs = nthBefore === undefined ? 0 : nthBefore + limitWindowMs(limit) - now;
    if (leftMs <= 0 || countsRefused) this.#beganAt.push(now);
    return Math.max(0, leftMs);
  }
}
