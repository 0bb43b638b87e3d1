/** The ports of a handler: all that it may touch of the world, and all that it awaits. On AWS the system binds them, locally the emulator does. */

/** One row of `invocations`; times are milliseconds since the epoch. The database writes `created_at`. */
export interface InvocationRow {
  id: number;
  sentAt: number;
  startedAt: number;
  groupId: string;
  batchId: string;
  cacheId: string;
}

/** A connection to the table, opened once per Lambda instance. */
export interface Rows {
  insert(row: InvocationRow): Promise<void>;
}

/** One entry of an SNS `PublishBatch`: at most ten to a call. */
export interface PublishEntry {
  id: string;
  message: string;
}

export interface PublishFailure {
  id: string;
  code: string;
  /** true: the entry itself is wrong and a retry cannot help */
  senderFault: boolean;
}

export interface Publisher {
  /** Resolves with the entries that the topic did not take; rejects when the whole call failed. */
  publishBatch(topicArn: string, entries: PublishEntry[]): Promise<PublishFailure[]>;
}

export interface Ports {
  /** now() in milliseconds since the epoch */
  clock: { now(): number; sleep(ms: number): Promise<void> };
  /** Opens a database connection. */
  connect(): Promise<Rows>;
  publisher: Publisher;
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
