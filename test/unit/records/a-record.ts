/** A record to start a test from: scenario-4 of twelve events, of which the test says what matters to it. */
import fc from "fast-check";
import type { MessageGrouping } from "../../../infra/handlers/message-group.ts";
import { caveatsOf } from "../../../src/metrics/caveats.ts";
import { detailsOf } from "../../../src/metrics/details.ts";
import { flowOf } from "../../../src/metrics/flow.ts";
import { callsOf } from "../../../src/metrics/limit.ts";
import { summarize, throughputPerSecond } from "../../../src/metrics/summary.ts";
import { runsOf } from "../../../src/metrics/uncertainty.ts";
import { verdictOf } from "../../../src/metrics/verdict.ts";
import type { Assumption, Expectations, PublishedResult, Row, RunRecord } from "../../../src/model.ts";
import { row, rows, runRowsOf, start } from "../metrics/rows.ts";

const oneGroup: MessageGrouping = { groups: 0, noisyShare: 0 };

export const published: PublishedResult = {
  source: "a published table",
  platform: "2020",
  totalEvents: 1000,
  eventsCompleted: 1000,
  eventsFailed: 0,
  timeTakenSeconds: 1450,
  maxConcurrency: 1,
  insertsPerSecond: { avg: 1, max: 1, min: 1 },
  notes: ["One run."],
};

export function anAssumption(rest: Partial<Assumption> = {}): Assumption {
  return {
    name: "database.connectMs",
    value: 20,
    unit: "ms",
    origin: "platform",
    range: [5, 60],
    decided: 0,
    ...rest,
  };
}

/** Makes a record be of what was published. */
export const asPublished = { platform: "2020" as const, published: { ...published, totalEvents: 12 } };

/** The figures of a run that left these rows, under the rest of an ordinary record. */
export function recordOf(
  completed: readonly Row[],
  dead: readonly Row[],
  rest: Partial<RunRecord> & { totalEvents?: number; grouping?: MessageGrouping } = {},
): RunRecord {
  const { totalEvents = completed.length + dead.length, grouping = oneGroup, ...overrides } = rest;
  const expected: Expectations = {
    limit: { limit: "1/s", toleranceMs: 100, origin: "scenario" },
    maxLoss: null,
    maxWait: null,
    claims: [],
    ...overrides.expected,
  };
  const ofRun = runRowsOf(completed, dead);
  const summary = summarize({ totalEvents, rows: ofRun, maxConcurrency: 1, firstSentAt: start });
  const record: RunRecord = {
    schemaVersion: 3,
    runId: "20261123-093412-ab12",
    groupId: "20261123-093412-ab12/consumer",
    deadLetterGroupId: "20261123-093412-ab12/dead-letter",
    scenario: "scenario-4",
    title: "reserved concurrency 1",
    topology: ["SNS", "SQS", "Lambda"],
    templateHash: "0123456789abcdef".repeat(4),
    template: "Resources: {}\n",
    settings: { WorkMs: "1150", VisibilityTimeout: "120" },
    target: "local",
    kind: "prediction",
    platform: "2026",
    profile: null,
    modelHash: "fedcba9876543210".repeat(4),
    seed: 1,
    assumptions: null,
    location: { accountId: null, region: "us-east-1", endpoint: null },
    versions: { throttleBench: "0.1.0", node: "20.20.0" },
    startedAt: "2026-11-23T09:34:12.000Z",
    finishedAt: "2026-11-23T09:34:14.000Z",
    outcome: "drained",
    cleanUp: "The stack was deleted.",
    stack: {
      name: "throttle-bench-20261123-093412-ab12",
      producerFunction: "producer",
      producerReports: "https://sqs.us-east-1.amazonaws.com/123456789012/producer-reports",
      consumerFunction: "consumer",
      queue: "queue",
      deadLetterQueue: "dead-letters",
      deadLetterRecorderFunction: "recorder",
      consumerMapping: null,
      stream: null,
    },
    burst: {
      published: totalEvents,
      failed: 0,
      firstSentAt: start,
      lastSentAt: start + 240,
      shards: [{ firstId: 1, stride: 1, events: totalEvents, published: totalEvents, failed: 0, failure: null }],
    },
    summary,
    details: {
      ...detailsOf(ofRun, { events: totalEvents, grouping }),
      throughputPerSecond: throughputPerSecond(summary),
      invocations: completed.length,
      calls: { recorded: false, refused: 0, atLeast: completed.length, atMost: completed.length },
      throttles: 7,
      errors: 0,
    },
    timeline: ofRun.timeline,
    flow: flowOf(ofRun, start),
    calls: callsOf(Float64Array.from(completed, ({ startedAt }) => startedAt).sort(), "rows", expected.limit),
    verdict: null,
    metrics: [{ name: "consumer.Throttles", statistic: "Sum", points: [{ timestamp: start, value: 7 }] }],
    errors: [],
    metricsWindow: { start, end: start + 60_000, readAt: start + 120_000, refusal: null, complete: true },
    uncertainty: null,
    stackEvents: [
      {
        timestamp: start,
        logicalId: "Topic",
        resourceType: "AWS::SNS::Topic",
        status: "CREATE_COMPLETE",
        reason: null,
      },
    ],
    published: null,
    cost: {
      region: "us-east-1",
      date: "2026-11-26",
      consumer: { memoryMb: 256, architecture: "arm64" },
      minimumPollers: null,
      shards: null,
      lines: [
        {
          item: "publishes",
          count: 12,
          dollars: 0.000006,
          price: 0.5,
          per: 1_000_000,
          unit: "publishes of up to 64 KB",
          source: "a price list",
        },
      ],
      run: 0.000006,
      perMillionEvents: 0.5,
      month: 0.259,
      idleMonth: 0.259,
    },
    warnings: [],
    spending: null,
    ignored: null,
    caveats: [],
    ...overrides,
    expected,
  };
  return {
    ...record,
    verdict: overrides.verdict ?? verdictOf(runsOf({ ...record }), expected),
    caveats: overrides.caveats ?? caveatsOf(record, []),
  };
}

/** Ten completions, 1.2 s apart, and two dead letters. */
export function aRecord(rest: Partial<RunRecord> & { grouping?: MessageGrouping } = {}): RunRecord {
  const completed = Array.from({ length: 10 }, (_, index) =>
    row(index + 1, 1_500 + index * 1_200, { sentAt: index * 20, startedAt: 350 + index * 1_200, cacheId: "instance" }),
  );
  return recordOf(completed, [row(11, 9_000, { sentAt: 200 }), row(12, 9_400, { sentAt: 220 })], rest);
}

const word = fc.stringMatching(/^[A-Za-z0-9.,=-]{0,40}$/);
const text = fc.array(word, { maxLength: 12 }).map((words) => words.join(" "));

/** Records of any size and shape, with long texts and figures that could not be had. */
export const records: fc.Arbitrary<RunRecord> = fc
  .record({
    completed: rows,
    dead: rows,
    scale: fc.constantFrom(1, 1, 1, 60),
    totalEvents: fc.constantFrom(0, 1, 60, 1_000, 1_000_000),
    rest: fc.record(
      {
        scenario: word,
        title: text,
        topology: fc.array(fc.constantFrom("SNS", "SQS", "Lambda", "Kinesis"), { maxLength: 6 }),
        settings: fc.dictionary(fc.stringMatching(/^[A-Z][A-Za-z]{1,30}$/), word, { maxKeys: 15 }),
        cleanUp: text,
        published: fc.constantFrom(null, published),
        outcome: fc.constantFrom("drained", "quiet", "timeout", "interrupted"),
        platform: fc.constantFrom("2020", "2026"),
        seed: fc.integer({ min: 0, max: 2 ** 32 - 1 }),
      },
      { requiredKeys: [] },
    ),
    kind: fc.constantFrom("prediction" as const, "measurement" as const),
    isMetricKnown: fc.boolean(),
  })
  .map(({ completed, dead, scale, totalEvents, rest, kind, isMetricKnown }) => {
    const stretched = (one: Row) => ({ ...one, createdAt: start + (one.createdAt - start) * scale });
    const record = recordOf(completed.map(stretched), dead.map(stretched), { totalEvents, ...rest });
    const origin = kind === "prediction" ? {} : ({ target: "aws", platform: null, seed: null } as const);
    const summary = isMetricKnown ? record.summary : { ...record.summary, maxConcurrency: null };
    const details = isMetricKnown ? record.details : { ...record.details, throttles: null };
    const whole = { ...record, kind, ...origin, summary, details };
    return { ...whole, caveats: caveatsOf(whole, [{ name: "WorkMs", type: "Number", default: "1" }]) };
  });
