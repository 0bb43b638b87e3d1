/** Random systems: a topic or a queue, a consumer that may fail in every way, and somebody who changes settings in the middle. */
import fc from "fast-check";
import type { PlatformName } from "../../src/model.ts";

export type Intervention = { atMs: number } & (
  | { kind: "reserve"; reserved: number | null }
  | { kind: "visibility"; visibilityMs: number }
  | { kind: "disable" | "enable" | "delete" }
);

/** Everything that a simulation depends on. */
export interface System {
  seed: number;
  platform: PlatformName;
  /** Draws the unpublished constants from their ranges. */
  ranges: boolean;
  /** A small account's limit; null: the platform's. */
  accountConcurrency: number | null;
  path: "queue" | "topic to queue" | "topic to function";
  events: number;
  /** Between two events. */
  gapMs: number;
  reserved: number | null;
  timeoutMs: number;
  consumer: {
    /** Each record's work is drawn from here to `leastMs + spreadMs`. */
    leastMs: number;
    spreadMs: number;
    /** Shares of the records that fail, and of the invocations that hang or answer what Lambda cannot read. */
    failing: number;
    hanging: number;
    unreadable: number;
  };
  /** The queue's settings, on the paths with a queue. */
  queue: {
    visibilityMs: number;
    /** null: no dead-letter queue. */
    maxReceiveCount: number | null;
    retentionMs: number;
    delayMs: number;
    rawDelivery: boolean;
  };
  mapping: {
    batchSize: number;
    batchingWindowMs: number;
    maximumConcurrency: number | null;
    reportBatchItemFailures: boolean;
  };
  /** The asynchronous invocation's settings, on the path from a topic to the function. */
  asynchronous: { maximumEventAgeMs: number; maximumRetryAttempts: number; failuresTo: "destination" | "queue" | null };
  interventions: Intervention[];
}

const seconds = (min: number, max: number) => fc.integer({ min, max }).map((value) => value * 1_000);
const share = fc.constantFrom(0, 0, 0, 0.05, 0.3, 0.3, 1);
const reservation = fc.oneof(
  { weight: 2, arbitrary: fc.constant(null) },
  { weight: 1, arbitrary: fc.constant(0) },
  { weight: 5, arbitrary: fc.integer({ min: 1, max: 20 }) },
);

const intervention: fc.Arbitrary<Intervention> = fc.oneof(
  fc.record({ atMs: seconds(0, 90), kind: fc.constant("reserve" as const), reserved: reservation }),
  fc.record({ atMs: seconds(0, 90), kind: fc.constant("visibility" as const), visibilityMs: seconds(0, 60) }),
  fc.record({ atMs: seconds(0, 90), kind: fc.constantFrom("disable" as const, "enable" as const) }),
  fc.record({ atMs: seconds(0, 90), kind: fc.constant("delete" as const) }),
);

const mapping = fc
  .record({
    batchSize: fc.oneof(fc.constant(1), fc.integer({ min: 1, max: 10 }), fc.integer({ min: 11, max: 50 })),
    batchingWindowMs: fc.oneof(fc.constant(0), seconds(1, 10)),
    maximumConcurrency: fc.oneof(fc.constant(null), fc.integer({ min: 2, max: 20 })),
    reportBatchItemFailures: fc.boolean(),
  })
  .map((settings) => {
    // Lambda asks for a window with more than ten messages.
    return settings.batchSize > 10 && settings.batchingWindowMs === 0
      ? { ...settings, batchingWindowMs: 1_000 }
      : settings;
  });

export const system: fc.Arbitrary<System> = fc
  .record({
    seed: fc.integer({ min: 0, max: 2 ** 31 - 1 }),
    platform: fc.constantFrom<PlatformName[]>("2020", "2026"),
    ranges: fc.boolean(),
    accountConcurrency: fc.oneof({ weight: 2, arbitrary: fc.constant(null) }, fc.integer({ min: 1, max: 40 })),
    path: fc.constantFrom<System["path"][]>("queue", "topic to queue", "topic to function"),
    events: fc.integer({ min: 1, max: 200 }),
    gapMs: fc.constantFrom(0, 1, 20, 300),
    reserved: reservation,
    timeoutMs: seconds(1, 10),
    consumer: fc.record({
      leastMs: fc.constantFrom(0, 1, 50, 1_000),
      spreadMs: fc.constantFrom(0, 100, 1_000, 8_000),
      failing: share,
      hanging: share,
      unreadable: share,
    }),
    queue: fc.record({
      visibilityMs: seconds(0, 30),
      maxReceiveCount: fc.oneof(fc.constant(null), fc.integer({ min: 1, max: 5 })),
      retentionMs: fc.constantFrom(60_000, 120_000, 600_000),
      delayMs: fc.constantFrom(0, 0, 5_000),
      rawDelivery: fc.boolean(),
    }),
    mapping,
    asynchronous: fc.record({
      maximumEventAgeMs: fc.constantFrom(60_000, 300_000, 3_600_000),
      maximumRetryAttempts: fc.integer({ min: 0, max: 2 }),
      failuresTo: fc.constantFrom<System["asynchronous"]["failuresTo"][]>("destination", "queue", null),
    }),
    interventions: fc.array(intervention, { maxLength: 4 }),
  })
  .map((drawn) => ({
    ...drawn,
    // A mapping is refused when the queue's visibility timeout is shorter than the function's; it can be shortened later.
    queue: { ...drawn.queue, visibilityMs: drawn.timeoutMs + drawn.queue.visibilityMs },
  }));
