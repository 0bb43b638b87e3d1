/** A way to start a test from: one run that kept its limit and lost nothing, of which the test says what matters to it. */
import { verdictOf } from "../../../src/metrics/verdict.ts";
import type { Way, WayFigures } from "../../../src/metrics/ways.ts";
import type { Interval, LimitVerdict } from "../../../src/model.ts";
import { aRecord } from "../records/a-record.ts";

type Given = Partial<WayFigures<number | Interval | null>> &
  Partial<Pick<Way, "name" | "alias" | "whenToUse">> & {
    status?: LimitVerdict["status"];
    limit?: string;
    /** in the worst run */
    missing?: number;
  };

const ordinary: WayFigures<number> = {
  peakCalls: 1,
  lost: 0,
  timeTakenSeconds: 1_098,
  waitOldestMs: 1_079_000,
  outOfOrderShare: 0.7,
  duplicates: 0,
  throttles: 1_971,
  costPerMillionEvents: 4.85,
};

export function aWay({
  name = "scenario-4",
  alias = null,
  whenToUse = null,
  status = "kept",
  limit = "1/s",
  missing = 0,
  ...given
}: Given = {}): Way {
  const { lost = 0 } = given;
  const most = typeof lost === "number" ? lost : (lost?.high ?? 0);
  const summary = { ...aRecord().summary, totalEvents: 1_000, eventsFailed: most - missing, eventsMissing: missing };
  const run = { ...aRecord(), summary, outcome: "drained" as const };
  const judged = verdictOf([run], {
    limit: { limit, toleranceMs: 100, origin: "scenario" },
    maxLoss: null,
    maxWait: null,
    claims: null,
  });
  const interval = (value: number | Interval | null) =>
    typeof value === "number" ? { median: value, low: value, high: value } : value;
  const figures = Object.fromEntries(
    Object.entries({ ...ordinary, ...given }).map(([figure, value]) => [figure, interval(value)]),
  ) as unknown as WayFigures<Interval | null>;
  return {
    name,
    alias,
    title: "a way",
    topology: ["SNS", "SQS", "Lambda"],
    whenToUse,
    runs: {
      kind: "prediction",
      target: "local",
      platform: "2026",
      profile: null,
      endpoint: null,
      seeds: [1],
      ranges: true,
      events: 1_000,
    },
    verdict: { ...judged, limit: { ...judged.limit!, status } },
    figures,
  };
}
