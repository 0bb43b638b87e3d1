/** What a run needs of the world: AWS clients, rows, a clock. Every difference between local and AWS is behind this. */
import type { FunctionAccess } from "../database/access.ts";
import type { Arrivals, Groups, Origin, Row } from "../model.ts";
import type { Clients } from "./clients.ts";

/** Time as a target has it: the system's, or the emulator's virtual one. */
export interface Clock {
  /** Milliseconds since the epoch. */
  now(): number;
  /** Resolves when `ms` have passed on this clock; rejects with the signal's reason when it is aborted first. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
}

/** A request that was not answered for now, and is made again. */
export interface Retry {
  /** Who was asked, by the name that people know: `CloudFormation`, `Postgres`. */
  service: string;
  /** In the words of who refused, or of the connection. */
  reason: string;
  /** Until it is made again. */
  pauseMs: number;
  /** The number of the coming attempt; the first retry is attempt 2. */
  attempt: number;
  attempts: number;
}

/** Is told of each retry before its pause. */
export type RetryListener = (retry: Retry) => void;

/** What reached the table that the functions write to. */
export interface Rows {
  /** Creates the table where it is missing. */
  ensureTable(): Promise<void>;
  /** The rows of a run whose `created_at` is `since` or later; null: all of them. */
  newSince(groups: Groups, since: number | null): Promise<Arrivals>;
  /** The rows of a group by `created_at`, then id. */
  all(groupId: string): Promise<Row[]>;
}

/** An account, or what answers in its place: the requests, and the time that passes there. */
export interface Account {
  /** Goes into the record of each run as it is. */
  readonly origin: Origin;
  /** ARN of whoever the credentials belong to; null where it is not known. */
  readonly callerArn: string | null;
  readonly clients: Clients;
  readonly clock: Clock;
  readonly onRetry: RetryListener;
  /** Whether a stack that is kept is there after the process; the local model's ends with it. */
  readonly keepsStacks: boolean;
  close(): Promise<void>;
}

/** An account with the table that its functions write to. */
export interface Target extends Account {
  readonly rows: Rows;
  /** How the functions reach the table. */
  readonly functions: FunctionAccess;
}
