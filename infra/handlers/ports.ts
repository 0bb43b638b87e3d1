/** What a handler may touch of the world. On AWS the system binds these, locally the emulator does; a handler awaits nothing else. */

/** One row of `invocations`; times are milliseconds since the epoch. `created_at` is the database's to write. */
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

/** What Lambda tells a handler of its invocation. */
export interface InvocationContext {
  awsRequestId: string;
  getRemainingTimeInMillis(): number;
}

export type Handler = (event: unknown, context: InvocationContext) => Promise<unknown>;

/** A handler module makes one handler per Lambda instance: what is in here happens once per instance. */
export type CreateHandler = (ports: Ports) => Handler;
