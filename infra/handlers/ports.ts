/** The ports of a handler: all that it may touch of the world, and all that it awaits. On AWS the system binds them, locally the emulator does. */

import type { Limit } from "./limit.ts";
import type { Limiter } from "./limiter.ts";
import type { Sink } from "./sink.ts";

/** One row of `invocations`; times are milliseconds since the epoch. The database writes `created_at`. */
export interface InvocationRow {
  id: number;
  sentAt: number;
  startedAt: number;
  groupId: string;
  batchId: string;
  cacheId: string;
}

/** A call of the downstream for one event. */
export interface CallRequest {
  runId: string;
  /** the event's */
  id: number;
  /** whether the downstream is going to fail it, unless it is refused */
  fails: boolean;
  /** the downstream refuses a call that would exceed it; null: it takes every call */
  limit: Limit | null;
  /** whether the calls that it refuses count for its limit, too */
  countsRefused: boolean;
}

export interface CallAnswer {
  refused: boolean;
  /** whole milliseconds until the limit has room again, by the downstream's clock; 0 when the call was not refused */
  retryAfterMs: number;
}

/** A request for one grant of a limiter, which all instances of a run share. */
export interface GrantRequest {
  runId: string;
  /** the event's */
  id: number;
  limiter: Limiter;
  /** the longest time that the caller can sleep before it calls, for a reservation; whole ms */
  longestWaitMs: number;
}

export interface Grant {
  granted: boolean;
  /** whole ms, by the database's clock: until the call may be made, or, when it is not granted, until it is worth asking again */
  waitMs: number;
}

/** A connection to the downstream, whose table is a database's; opened once per Lambda instance. */
export interface Downstream {
  /**
   * Begins a call and records it, also one that is refused. Its limit holds for all instances of a run together: a call that it
   * takes begins at least its window, less 100 ms, after the n-th before that counts.
   */
  call(request: CallRequest): Promise<CallAnswer>;
  /**
   * Asks a limiter for a grant. A token bucket grants at once or not at all. A reservation grants a turn that is at most
   * `longestWaitMs` away; it keeps one that is further away for the event, which has to ask again before its turn, and loses it
   * afterwards. Each grant is given once.
   */
  take(request: GrantRequest): Promise<Grant>;
  insert(row: InvocationRow): Promise<void>;
}

/** The draws that a handler makes, each purpose from numbers of its own. */
export type Purpose = "work" | "failure" | "duplicate";

/** A message as a receive gives it. */
export interface PulledMessage {
  messageId: string;
  receiptHandle: string;
  body: string;
}

/** The queue that a handler reads. */
export interface QueueCalls {
  /** Up to `maximum` messages, at most ten; none when there are none for a second. */
  receive(queueUrl: string, maximum: number): Promise<PulledMessage[]>;
  delete(queueUrl: string, receiptHandle: string): Promise<void>;
  /** Gives a message back before its visibility timeout ends. `seconds`: whole, after which it is visible again. */
  changeVisibility(queueUrl: string, receiptHandle: string, seconds: number): Promise<void>;
}

/** One event on its way to the sink; at most ten to a call. */
export interface PublishEntry {
  id: string;
  message: string;
  /** null: there are no message groups */
  messageGroup: string | null;
  /** the same for every publish of an event, so that a FIFO sink delivers it once */
  deduplicationId: string;
}

export interface PublishFailure {
  id: string;
  code: string;
  /** true: the entry itself is wrong and a retry cannot help */
  senderFault: boolean;
}

export interface Publisher {
  /** Resolves with the entries that the sink did not take; rejects when the whole call failed. */
  publishBatch(sink: Sink, entries: PublishEntry[]): Promise<PublishFailure[]>;
}

/** Where records of a data stream are, from the first to the last. */
export interface StreamPlace {
  streamArn: string;
  shardId: string;
  startSequenceNumber: string;
  endSequenceNumber: string;
}

/** Reads records of a data stream by their place. */
export interface StreamReader {
  /** Resolves with the texts of the records at a place, in their order, as far as the stream still has them. */
  recordsAt(place: StreamPlace): Promise<string[]>;
}

export interface Ports {
  /** now() in milliseconds since the epoch */
  clock: { now(): number; sleep(ms: number): Promise<void> };
  /** Opens a database connection. */
  connect(): Promise<Downstream>;
  publisher: Publisher;
  queue: QueueCalls;
  stream: StreamReader;
  /** A number drawn uniformly from [0, 1). */
  random(purpose: Purpose): number;
  /** a new UUID */
  newId(): string;
  log(message: string): void;
  /** The function's environment variables. */
  environment: Record<string, string | undefined>;
}

/** The facts that Lambda tells a handler about its invocation. */
export interface InvocationContext {
  awsRequestId: string;
  getRemainingTimeInMillis(): number;
}

export type Handler = (event: unknown, context: InvocationContext) => Promise<unknown>;

/** Makes the handler of one Lambda instance; its body runs once per instance. */
export type CreateHandler = (ports: Ports) => Handler;
