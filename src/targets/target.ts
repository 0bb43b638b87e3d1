/** What a run needs of the world: AWS clients, a Postgres, a clock. Every difference between local and AWS is behind this. */
import type { FunctionAccess } from "../database/access.ts";
import type { PlatformName, ProfileReference, TargetName } from "../model.ts";

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
  /** How manieth the coming attempt is, from 2. */
  attempt: number;
  attempts: number;
}

/** Is told of each retry before its pause. */
export type RetryListener = (retry: Retry) => void;

export interface Credentials {
  accessKeyId: string;
  secretAccessKey: string;
  sessionToken?: string;
  expiration?: Date;
}

/** The configuration that every SDK client of a run is made from. */
export interface AwsConfiguration {
  region: string;
  credentials: Credentials | (() => Promise<Credentials>);
  /** In place of AWS's own endpoints. */
  endpoint?: string;
  /** The SDK's own seam: answers its serialized HTTP requests. */
  // biome-ignore lint/suspicious/noExplicitAny: the handler's type is generic over each client's own options
  requestHandler?: any;
  /** Retries are visible loops on the target's clock, so the SDK makes one attempt. */
  maxAttempts: 1;
}

export interface Target {
  readonly name: TargetName;
  /** What the records of this target are called. */
  readonly kind: "prediction" | "measurement";
  readonly platform: PlatformName | null;
  /** The account's own numbers that the model goes by, where there are any. */
  readonly profile: ProfileReference | null;
  readonly seed: number | null;
  /** Null where it is not known, or there is none. */
  readonly accountId: string | null;
  /** ARN of whoever the credentials are of; null as for the account. */
  readonly callerArn: string | null;
  readonly aws: AwsConfiguration;
  /** A Postgres that the harness reaches by the URL, whose password is never printed, and the functions by what is theirs. */
  readonly database: { url: string; functions: FunctionAccess };
  readonly clock: Clock;
  readonly onRetry: RetryListener;
  /** Whether a stack that is kept is there after the process; the local model's ends with it. */
  readonly keepsStacks: boolean;
  close(): Promise<void>;
}
