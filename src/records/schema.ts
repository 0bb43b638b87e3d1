/** Version 3 of the schema of a record on disk, kept equal to `RunRecord` by the type checker. */
import * as z from "zod";
import { measuredFigures } from "../metrics/figures.ts";
import type { RunRecord } from "../model.ts";

export const count = z.int().nonnegative();
const milliseconds = z.int();
const sha256 = z.string().regex(/^[0-9a-f]{64}$/, "must be a SHA-256 in hex");
export const versions = z.strictObject({ throttleBench: z.string(), node: z.string() });
export const platform = z.enum(["2020", "2026"]);
const numberValue = z.union([z.number(), z.literal("none")]);
const numberOrigin = z.enum(["given", "configuration", "drawn", "profile", "platform"]);
const range = z.tuple([z.number(), z.number()]);
const assumption = z.strictObject({
  name: z.string(),
  value: numberValue,
  unit: z.string(),
  origin: numberOrigin,
  range: range.nullable(),
  decided: count.nullable(),
});
const outcome = z.enum(["drained", "quiet", "timeout", "interrupted"]);

const published = z.strictObject({
  source: z.string(),
  platform,
  totalEvents: count,
  eventsCompleted: count,
  eventsFailed: count,
  timeTakenSeconds: z.number(),
  maxConcurrency: z.number(),
  insertsPerSecond: z.strictObject({ avg: z.number(), max: z.number(), min: z.number() }),
  notes: z.array(z.string()),
});

const summary = z.strictObject({
  totalEvents: count,
  eventsCompleted: count,
  eventsFailed: count,
  eventsMissing: z.int(),
  duplicates: count,
  timeTakenSeconds: z.number().nullable(),
  maxConcurrency: z.number().nullable(),
  insertsPerSecond: z.strictObject({
    avg: z.number().nullable(),
    max: count.nullable(),
    min: count.nullable(),
  }),
});

const details = z.strictObject({
  maxOverlap: count.nullable(),
  instancesStarted: count,
  throughputPerSecond: z.number().nullable(),
  batches: count,
  invocations: z.number().nullable(),
  throttles: z.number().nullable(),
  errors: z.number().nullable(),
  deadLetters: count.nullable(),
  calls: z.strictObject({ recorded: z.boolean(), refused: count, atLeast: count, atMost: count.nullable() }).nullable(),
  deadLettersCompleted: count.nullable(),
  waitMs: z.strictObject({ p50: z.number(), p95: z.number(), p99: z.number(), oldest: z.number() }).nullable(),
  backlogMax: count.nullable(),
  order: z
    .strictObject({
      outOfOrder: count.nullable(),
      share: z.number().min(0).max(1),
      worstDisplacement: count.nullable(),
    })
    .nullable(),
  emptySeconds: count.nullable(),
  peakRollingSecond: count.nullable(),
  slowest: z.array(z.strictObject({ id: z.int(), messageGroup: count.nullable(), waitMs: z.number() })),
  messageGroups: z
    .strictObject({
      count,
      outOfOrderIn: count,
      waitP95Ms: z.strictObject({ least: z.number(), middle: z.number(), most: z.number() }).nullable(),
      listed: z.array(
        z.strictObject({
          messageGroup: count,
          events: count,
          completed: count,
          duplicates: count,
          outOfOrder: count,
          worstDisplacement: count,
          waitMs: z.strictObject({ p50: z.number(), p95: z.number(), oldest: z.number() }).nullable(),
        }),
      ),
    })
    .nullable(),
  spikes: z
    .strictObject({
      everyMs: milliseconds,
      each: z.array(
        z.strictObject({
          beganMs: z.number().nullable(),
          events: count,
          lost: count,
          oldestWaitMs: z.number().nullable(),
          drainedMs: z.number().nullable(),
          waitingAtNext: count.nullable(),
          spareMs: z.number().nullable(),
        }),
      ),
    })
    .nullable(),
});

/** The burst as a request says that it comes again. */
export const spikes = z.strictObject({ count: z.int().positive(), everyMs: z.int().positive() });

const claim = z.enum(["loses-nothing", "keeps-limit", "keeps-order", "no-duplicates", "no-throttles"]);

const allowance = z.union([
  z.strictObject({ share: z.number().nonnegative() }),
  z.strictObject({ amount: z.number().nonnegative() }),
]);
const givenBy = z.enum(["flag", "configuration"]);
const expectedLimit = z.strictObject({
  limit: z.string(),
  toleranceMs: milliseconds,
  origin: z.enum([...givenBy.options, "setting", "scenario"]),
});

export const expectations = z.strictObject({
  limit: expectedLimit.nullable(),
  maxLoss: z.strictObject({ allowed: allowance, origin: givenBy }).nullable(),
  maxWait: z.strictObject({ allowedMs: milliseconds, origin: givenBy }).nullable(),
  claims: z.array(claim).nullable(),
});

const peaks = z.array(z.strictObject({ peak: count, seconds: count }));
const breach = { exceededSeconds: count, peak: count };

const calls = z.strictObject({
  source: z.enum(["recorded", "rows"]),
  count,
  firstAt: milliseconds.nullable(),
  seconds: z
    .array(z.strictObject({ second: count, calls: count, peakPerSecond: count, peakPerMinute: count }))
    .nullable(),
  peaks: z.strictObject({ perSecond: peaks, perMinute: peaks }),
  breach: z
    .strictObject({
      limit: z.string(),
      toleranceMs: milliseconds,
      ...breach,
      peaks: z.array(count).nullable(),
    })
    .nullable(),
});

const flow = z.strictObject({
  firstSentAt: milliseconds,
  stepMs: milliseconds.positive(),
  steps: z.array(z.strictObject({ step: count, published: count, completed: count, failed: count })),
});

const bounds = z.strictObject({ atLeast: count, atMost: count });

const verdict = z.strictObject({
  runs: count,
  limit: z
    .strictObject({
      ...expectedLimit.shape,
      status: z.enum(["kept", "exceeded", "unknown"]),
      exceededIn: count,
      exceededSeconds: bounds.nullable(),
      peak: bounds.nullable(),
      unseenCalls: count.nullable(),
    })
    .nullable(),
  loss: z.strictObject({
    totalEvents: count,
    failed: count,
    missing: count,
    lostIn: count,
    allowed: allowance.nullable(),
    brokenIn: count,
  }),
  wait: z.strictObject({
    drainedIn: count,
    timeTakenSeconds: z.number().nullable(),
    oldestMs: z.number().nullable(),
    allowedMs: milliseconds.nullable(),
    brokenIn: count,
  }),
  spikes: z
    .strictObject({
      count,
      everyMs: milliseconds,
      reachedIn: count,
      waiting: z.array(count.nullable()),
      spareMs: z.number().nullable(),
    })
    .nullable(),
  broken: z.array(z.enum(["limit", "loss", "wait"])),
  claims: z
    .array(
      z.strictObject({
        claim,
        status: z.enum(["held", "broken", "unknown"]),
        brokenIn: count,
        most: count.nullable(),
      }),
    )
    .nullable(),
});

const seedCounts = z.array(z.strictObject({ seed: z.number(), count })).nullable();

const caveat = z.discriminatedUnion("code", [
  z.strictObject({ code: z.literal("prediction"), platform, seed: z.number(), seeds: z.array(z.number()).nullable() }),
  z.strictObject({
    code: z.literal("calibrated"),
    profile: z.string(),
    measuredAt: z.iso.datetime(),
    endpoint: z.string().nullable(),
    constants: count,
  }),
  z.strictObject({ code: z.literal("other-endpoint"), endpoint: z.string() }),
  z.strictObject({ code: z.literal("assumption-implausible"), name: z.string(), value: numberValue, range }),
  z.strictObject({
    code: z.literal("assumption-decided"),
    name: z.string(),
    value: numberValue,
    origin: numberOrigin,
    count,
  }),
  z.strictObject({ code: z.literal("events-missing"), missing: count, outcome, seeds: seedCounts }),
  z.strictObject({ code: z.literal("rows-elsewhere"), invocations: count }),
  z.strictObject({ code: z.literal("duplicates"), duplicates: count, seeds: seedCounts }),
  z.strictObject({
    code: z.literal("dead-letters-completed"),
    completed: count,
    deadLetters: count,
    seeds: seedCounts,
  }),
  z.strictObject({ code: z.literal("concurrency-disagrees"), cloudWatch: z.number(), overlap: z.number() }),
  z.strictObject({ code: z.literal("metric-missing"), metric: z.string() }),
  z.strictObject({ code: z.literal("metrics-incomplete") }),
  z.strictObject({ code: z.literal("metrics-unreadable"), why: z.string() }),
  z.strictObject({
    code: z.literal("settings-differ"),
    settings: z.array(z.strictObject({ name: z.string(), value: z.string(), published: z.string() })),
  }),
  z.strictObject({ code: z.literal("events-differ"), events: count, published: count }),
  z.strictObject({ code: z.literal("platform-differs"), platform, published: platform }),
  z.strictObject({
    code: z.literal("numbers-differ"),
    numbers: z.array(z.strictObject({ name: z.string(), value: numberValue })),
  }),
  z.strictObject({ code: z.literal("not-all-published"), failed: count }),
  z.strictObject({ code: z.literal("shards-unreported"), events: count, why: z.string().nullable() }),
  z.strictObject({ code: z.literal("shards-failed"), events: count, why: z.string() }),
  z.strictObject({
    code: z.literal("requests-repeated"),
    requests: z.array(z.strictObject({ service: z.string(), times: count, reason: z.string() })),
  }),
]);

export const warning = z.discriminatedUnion("code", [
  z.strictObject({
    code: z.literal("visibility-below-advice"),
    queue: z.string(),
    visibilitySeconds: z.number(),
    advisedSeconds: z.number(),
    timeoutSeconds: z.number(),
    windowSeconds: z.number(),
    raise: z.string(),
  }),
  z.strictObject({
    code: z.literal("receives-below-advice"),
    queue: z.string(),
    maxReceiveCount: z.number(),
    advised: z.number(),
    raise: z.string(),
  }),
  z.strictObject({
    code: z.literal("work-beyond-timeout"),
    functionName: z.string(),
    batchSize: z.number(),
    workMs: z.number(),
    timeoutSeconds: z.number(),
    raise: z.string(),
    lower: z.array(z.string()),
  }),
  z.strictObject({
    code: z.literal("limiter-above-limit"),
    functionName: z.string(),
    rate: z.string(),
    capacity: z.number(),
    limit: z.string(),
    lower: z.array(z.string()),
  }),
  z.strictObject({
    code: z.literal("refusals-use-up-receives"),
    functionName: z.string(),
    queue: z.string(),
    maxReceiveCount: z.number(),
    whenRefused: z.string(),
    use: z.string(),
    setting: z.string(),
  }),
  z.strictObject({
    code: z.literal("wait-beyond-timeout"),
    functionName: z.string(),
    waiting: z.number().nullable(),
    neededSeconds: z.number().nullable(),
    timeoutSeconds: z.number(),
    raise: z.string(),
    lower: z.string().nullable(),
  }),
  z.strictObject({ code: z.literal("return-without-queue"), functionName: z.string(), setting: z.string() }),
  z.strictObject({ code: z.literal("work-assumed"), workMs: z.number() }),
]);

export const ignored = z.strictObject({
  resources: z.array(z.strictObject({ logicalId: z.string(), type: z.string(), decides: z.string().nullable() })),
  properties: z.strictObject({ names: z.array(z.string()), resources: count }),
  replacedCode: z.array(z.string()),
});

const interval = z.strictObject({ median: z.number(), low: z.number(), high: z.number() }).nullable();

const costItem = z.enum([
  "publishes",
  "sends",
  "receives",
  "empty receives",
  "deletes",
  "invocations",
  "duration",
  "pollers",
  "puts",
  "shards",
  "bus events",
  "requests",
]);

const cost = z.strictObject({
  region: z.string(),
  date: z.string(),
  consumer: z.strictObject({ memoryMb: z.number(), architecture: z.string() }).nullable(),
  minimumPollers: z.number().nullable(),
  shards: z.number().nullable(),
  lines: z.array(
    z.strictObject({
      item: costItem,
      count: z.number().nullable(),
      dollars: z.number().nullable(),
      price: z.number(),
      per: z.number(),
      unit: z.string(),
      source: z.string(),
    }),
  ),
  run: z.number().nullable(),
  perMillionEvents: z.number().nullable(),
  month: z.number().nullable(),
  idleMonth: z.number(),
});

const spending = z.strictObject({
  limitDollars: z.number(),
  estimatedDollars: z.number(),
  togetherDollars: z.number(),
  dearest: z
    .strictObject({
      item: z.enum([...costItem.options, "producer", "dead letters", "logs", "metrics"]),
      dollars: z.number(),
    })
    .nullable(),
  countedUntil: milliseconds.nullable(),
  exceeded: z.boolean(),
  unpriced: z.array(z.string()),
});

const costTotals = cost.pick({ perMillionEvents: true, month: true });

const uncertainty = z.strictObject({
  ranges: z.boolean(),
  runs: z.array(
    z.strictObject({
      seed: z.number(),
      outcome: outcome.nullable(),
      summary,
      details: details.nullable(),
      cost: costTotals.nullable(),
      calls: calls.nullable(),
    }),
  ),
  intervals: z.strictObject(Object.fromEntries(measuredFigures.map((figure) => [figure, interval]))),
});

export const stackNames = z.strictObject({
  name: z.string(),
  producerFunction: z.string(),
  producerReports: z.string().nullable(),
  consumerFunction: z.string(),
  queue: z.string().nullable(),
  deadLetterQueue: z.string().nullable(),
  deadLetterRecorderFunction: z.string().nullable(),
  consumerMapping: z.string().nullable(),
  stream: z.string().nullable(),
});

export const stackEvent = z.strictObject({
  timestamp: milliseconds,
  logicalId: z.string(),
  resourceType: z.string(),
  status: z.string(),
  reason: z.string().nullable(),
});

export const burst = z.strictObject({
  published: count,
  failed: count,
  firstSentAt: milliseconds.nullable(),
  lastSentAt: milliseconds.nullable(),
  shards: z.array(
    z.strictObject({
      firstId: count,
      stride: count,
      events: count,
      published: count.nullable(),
      failed: count.nullable(),
      failure: z.string().nullable(),
    }),
  ),
});

export const runRecordSchema = z.strictObject({
  schemaVersion: z.literal(3),
  runId: z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._-]*$/, "must be usable as a file name"),
  groupId: z.string(),
  deadLetterGroupId: z.string(),
  scenario: z.string(),
  title: z.string(),
  topology: z.array(z.string()),
  templateHash: sha256,
  template: z.string().nullable(),
  settings: z.record(z.string(), z.string()),
  target: z.enum(["local", "aws"]),
  kind: z.enum(["prediction", "measurement"]),
  platform: platform.nullable(),
  profile: z
    .strictObject({
      name: z.string(),
      endpoint: z.string().nullable(),
      measuredAt: z.iso.datetime(),
      hash: sha256,
      constants: z.record(z.string(), z.number()),
    })
    .nullable(),
  modelHash: sha256.nullable(),
  seed: z.number().nullable(),
  assumptions: z.array(assumption).nullable(),
  location: z.strictObject({ accountId: z.string().nullable(), region: z.string(), endpoint: z.string().nullable() }),
  versions,
  startedAt: z.iso.datetime(),
  finishedAt: z.iso.datetime(),
  outcome,
  cleanUp: z.string(),
  stack: stackNames,
  burst,
  summary,
  details,
  timeline: z.array(z.strictObject({ second: count, inserts: count, deadLetters: count, overlap: count })),
  flow: flow.nullable(),
  calls: calls.nullable(),
  expected: expectations.nullable(),
  verdict: verdict.nullable(),
  metrics: z.array(
    z.strictObject({
      name: z.string(),
      statistic: z.enum(["Sum", "Maximum", "Average", "Minimum"]),
      points: z.array(z.strictObject({ timestamp: milliseconds, value: z.number() })),
    }),
  ),
  metricsWindow: z.strictObject({
    start: milliseconds,
    end: milliseconds,
    readAt: milliseconds,
    refusal: z.string().nullable(),
    complete: z.boolean(),
  }),
  errors: z
    .array(
      z.strictObject({
        cause: z.enum([
          "timed-out",
          "connection",
          "limited",
          "refused",
          "failed-call",
          "memory",
          "not-loaded",
          "thrown",
        ]),
        count,
        firstMessage: z.string(),
      }),
    )
    .nullable(),
  uncertainty: uncertainty.nullable(),
  stackEvents: z.array(stackEvent),
  published: published.nullable(),
  cost: cost.nullable(),
  spending: spending.nullable(),
  warnings: z.array(warning).nullable(),
  ignored: ignored.nullable(),
  caveats: z.array(caveat),
});

/** `true` where each type takes the other's values. */
export type Same<A, B> = [A, B] extends [B, A] ? true : false;

true satisfies Same<z.infer<typeof runRecordSchema>, RunRecord>;
