/** The probes of an account: small runs of shipped scenarios, each of which decides some of the model's constants. */
import type { RunRecord } from "../model.ts";

export type ProbeName = "batches" | "trickle" | "instances" | "short-holds" | "long-holds" | "retries";

export interface Probe {
  name: ProbeName;
  scenario: string;
  /** `Name=value`, as `--set` takes them. */
  overrides: string[];
  events: number;
  /** Whether a figure of CloudWatch's decides something, so that its last minutes are waited for. */
  needsMetrics: boolean;
  /** The constants, and by which figure. */
  decides: string;
  /** On an account, with deployment, metrics and clean-up; an estimate. */
  minutes: number;
}

/**
 * Every figure but the throttles is the difference of two readings of one clock, or has its clocks' offset subtracted, so that a
 * database whose clock is wrong misleads none of them but `connectMs`, from which its offset falls out as well.
 *
 * - batches: two pollers that always have work, nothing to do for an event. Within a batch the next event is taken up when the
 *   last insert has returned, so the steps are round trips of inserts. From an end to the next beginning there is the mapping's
 *   overhead; which poller began is not known, but the sum of the gaps does not depend on it. From one call of the publisher to
 *   the next there is the call.
 * - trickle: the pollers wait for each event, so its way to the consumer is publishing, delivery and half of the overhead.
 * - instances: work that lasts until all the first events have had a cold start. What a first event takes longer than the later
 *   ones is the cold start on its way to the handler, and the connection inside of it. The later ones' way is publishing,
 *   delivery and dispatch; the first two are known by then.
 * - short-holds, long-holds: with a reservation of 0 every message is held, throttled, for its visibility timeout, and as often
 *   as it may be received, so the number of holds is known. The throttles of a short hold are made by the base of the back-off,
 *   those of a long one by its cap. In the long ones there is one message in flight to each poller.
 * - retries: one instance and a hundred asynchronous events; how often they are throttled goes by the jitter of the retries.
 */
export const probes: readonly Probe[] = [
  {
    name: "batches",
    scenario: "scenario-4",
    overrides: [
      "WorkMs=0",
      "BatchSize=10",
      "PublishRate=0",
      "ReservedConcurrency=2",
      "MaximumConcurrency=2",
      "ConsumerTimeout=60",
      "VisibilityTimeout=360",
    ],
    events: 400,
    needsMetrics: false,
    decides: "insert and its spread, the mapping's overhead, publishing: by the rows",
    minutes: 5,
  },
  {
    name: "trickle",
    scenario: "scenario-4",
    overrides: ["WorkMs=0", "PublishRate=2", "ReservedConcurrency=5"],
    events: 150,
    needsMetrics: false,
    decides: "delivery and its spread: by the rows",
    minutes: 6,
  },
  {
    name: "instances",
    scenario: "scenario-1",
    overrides: ["WorkMs=3000", "PublishRate=10"],
    events: 150,
    needsMetrics: true,
    decides: "cold start and its spread, connection, dispatch: by the rows",
    minutes: 8,
  },
  {
    name: "short-holds",
    scenario: "scenario-4",
    overrides: heldFor(2, 3),
    events: 60,
    needsMetrics: true,
    decides: "the base of the mapping's back-off: by the throttles",
    minutes: 9,
  },
  {
    name: "long-holds",
    scenario: "scenario-4",
    overrides: heldFor(40, 2),
    events: 16,
    needsMetrics: true,
    decides: "the cap of the mapping's back-off: by the throttles; pollers under throttles: by the messages in flight",
    minutes: 14,
  },
  {
    name: "retries",
    scenario: "scenario-2",
    overrides: ["WorkMs=500", "PublishRate=0"],
    events: 100,
    needsMetrics: true,
    decides: "the jitter of asynchronous retries: by the throttles",
    minutes: 11,
  },
];

/** Every message is received `receives` times, held for `seconds` each time, and dead-lettered without having been worked on. */
function heldFor(seconds: number, receives: number): string[] {
  return [
    "WorkMs=0",
    "PublishRate=0",
    "ReservedConcurrency=0",
    "ConsumerTimeout=1",
    `VisibilityTimeout=${seconds}`,
    `MaxReceiveCount=${receives}`,
  ];
}

/** The probe that a run was; undefined: none, or one that was broken off. */
export function probeOf({ scenario, settings, outcome, summary }: RunRecord): Probe | undefined {
  if (outcome !== "drained") return undefined;
  return probes.find(
    (probe) =>
      probe.scenario === scenario &&
      probe.events === summary.totalEvents &&
      probe.overrides.every((override) => {
        const [name, value] = override.split("=") as [string, string];
        return settings[name] === value;
      }),
  );
}
