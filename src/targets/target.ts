/** A target is all that a run needs of the world: AWS clients, rows, a clock. Every difference between local and AWS is behind it. */
import type { FunctionAccess } from "../database/access.ts";
import type { Arrivals, Call, Groups, Origin } from "../model.ts";
import type { Columns } from "../rows/columns.ts";
import type { Clients } from "./clients.ts";

/** Time as a target has it: the system's, or the emulator's virtual one. */
export interface Clock {
  /** Milliseconds since the epoch. */
  now(): number;
  /** Resolves when `ms` have passed on this clock; rejects with the signal's reason when it is aborted first. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
}

/** A request that failed for now, and is made again. */
export interface Retry {
  /** The service by the name that people know: `CloudFormation`, `Postgres`. */
  service: string;
  /** In the words of the service, or of the connection. */
  reason: string;
  /** The pause until it is made again. */
  pauseMs: number;
  /** The number of the coming attempt; the first retry is attempt 2. */
  attempt: number;
  attempts: number;
}

/** Called for each retry, before its pause. */
export type RetryListener = (retry: Retry) => void;

/** The rows that reached the table to which the functions write. */
export interface Rows {
  /** Creates the tables where they are missing. */
  ensureTable(): Promise<void>;
  /** The rows of a run whose `created_at` is `since` or later; null: all of them. */
  newSince(groups: Groups, since: number | null): Promise<Arrivals>;
  /** The rows of a group, in no order. They are to be read only, and before any more are inserted. */
  columns(groupId: string): Promise<Columns>;
  /** The calls of a run by `began_at`, then id; none where no setting of the downstream is on. */
  calls(runId: string): Promise<Call[]>;
}

/** An account, or whatever answers in its place, with the time that passes there. */
export interface Account {
  /** Goes into the record of each run as it is. */
  readonly origin: Origin;
  /** ARN of the owner of the credentials; null: not known. */
  readonly callerArn: string | null;
  readonly clients: Clients;
  readonly clock: Clock;
  readonly onRetry: RetryListener;
  /** Takes the credentials that there are now, as after another sign-in. Resolves with false where they are the same as before. */
  renewCredentials(): Promise<boolean>;
  /**
   * By the name of a number of the model: how many connections and invocations have come to something else by it until now. null: nobody
   * counts, as on an account, where the numbers are real.
   */
  decisions(): Promise<Readonly<Record<string, number>> | null>;
  /** True: a stack that is kept outlives the process. The local model's does not. */
  readonly keepsStacks: boolean;
  close(): Promise<void>;
}

/** An account with the table that its functions write to. */
export interface Target extends Account {
  readonly rows: Rows;
  /** The way by which the functions reach the table. */
  readonly functions: FunctionAccess;
  /** A new text that nobody can guess, of 43 letters, digits, hyphens and underscores. */
  newSecret(): string;
}
