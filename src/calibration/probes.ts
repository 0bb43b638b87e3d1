/** The probes of an account: small runs of shipped scenarios, each of which decides some of the model's constants. */

export type ProbeName =
  | "batches"
  | "trickle"
  | "instances"
  | "hold-1s"
  | "hold-3s"
  | "hold-10s"
  | "hold-40s"
  | "retries";

export interface Probe {
  name: ProbeName;
  scenario: string;
  /** `Name=value`, as `--set` takes them. */
  overrides: string[];
  events: number;
  /** Whether figures of CloudWatch's decide something, so that its last minutes are waited for. */
  needsMetrics: boolean;
  /** What is found, and by what. */
  decides: string;
  /** On an account, with deployment, metrics and clean-up; an estimate. */
  minutes: number;
  /** Where every message is held, throttled, as often as it may be received. */
  hold: Hold | null;
}

export interface Hold {
  /** the visibility timeout */
  seconds: number;
  /** of each message */
  receives: number;
}

/**
 * Every figure but the throttles is the difference of two readings of one clock, or has its clocks' offset subtracted, so that a
 * database whose clock is wrong misleads none of them.
 *
 * - batches: two pollers that always have work, nothing to do for an event. Within a batch the next event is taken up when the
 *   last insert has returned, so the steps are round trips of inserts. From the last event taken up to the next batch there is
 *   such a round trip and the mapping's overhead; which poller began is not known, but the sum of the gaps does not depend on
 *   it. From one call of the publisher to the next there is the call.
 * - trickle: the pollers wait for each event, so its way to the consumer is publishing, delivery and half of the overhead.
 * - instances: work that lasts until all the first events have had a cold start. What a first event takes longer than the later
 *   ones is the cold start on its way to the handler, and the connection inside of it. The later ones' way is publishing,
 *   delivery and dispatch; the first two are known by then.
 * - hold-…: with a reservation of 0 every message is held, throttled, for its visibility timeout, and as often as it may be
 *   received, so the number of holds is known. How many throttles fit into holds of four lengths tells the back-off's base, cap
 *   and jitter, with one length to spare. In the longest there is one message in flight to each poller.
 * - retries: one instance and two hundred asynchronous events at once; how often they are throttled, and how late they come to
 *   be handled, go by the jitter of the retries.
 */
export const probes: readonly Probe[] = [
  {
    name: "batches",
    scenario: "scenario-4",
    overrides: [
      "WorkMs=0",
      "BatchSize=4",
      "PublishRate=0",
      "ReservedConcurrency=2",
      "MaximumConcurrency=2",
      "ConsumerTimeout=60",
      "VisibilityTimeout=360",
    ],
    events: 600,
    needsMetrics: false,
    decides: "insert and its spread, the mapping's overhead, publishing, by the rows",
    minutes: 5,
    hold: null,
  },
  {
    name: "trickle",
    scenario: "scenario-4",
    overrides: ["WorkMs=0", "PublishRate=1", "ReservedConcurrency=5"],
    events: 200,
    needsMetrics: false,
    decides: "delivery and its spread, by the rows",
    minutes: 7,
    hold: null,
  },
  {
    name: "instances",
    scenario: "scenario-1",
    overrides: ["WorkMs=4000", "PublishRate=8"],
    events: 200,
    needsMetrics: false,
    decides: "cold start and its spread, connection, dispatch, by the rows",
    minutes: 4,
    hold: null,
  },
  holdProbe("hold-1s", { seconds: 1, receives: 4 }, 150, 10),
  holdProbe("hold-3s", { seconds: 3, receives: 3 }, 100, 11),
  holdProbe("hold-10s", { seconds: 10, receives: 2 }, 50, 12),
  {
    ...holdProbe("hold-40s", { seconds: 40, receives: 2 }, 20, 14),
    decides: "the same; the pollers under throttles, by the messages in flight",
  },
  {
    name: "retries",
    scenario: "scenario-2",
    overrides: ["WorkMs=500", "PublishRate=0"],
    events: 200,
    needsMetrics: true,
    decides: "the jitter of asynchronous retries, by the throttles and latencies",
    minutes: 16,
    hold: null,
  },
];

/** Every message is received `receives` times, held for `seconds` each time, and dead-lettered without having been worked on. */
function holdProbe(name: ProbeName, hold: Hold, events: number, minutes: number): Probe {
  return {
    name,
    scenario: "scenario-4",
    overrides: [
      "WorkMs=0",
      "PublishRate=0",
      "ReservedConcurrency=0",
      "ConsumerTimeout=1",
      `VisibilityTimeout=${hold.seconds}`,
      `MaxReceiveCount=${hold.receives}`,
    ],
    events,
    needsMetrics: true,
    decides: "the mapping's back-off, by the throttles",
    minutes,
    hold,
  };
}
