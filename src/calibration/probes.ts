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
  /** true: figures of CloudWatch decide something, so the run waits for its last minutes */
  needsMetrics: boolean;
  /** the constants that it decides, and by which figures */
  decides: string;
  /** an estimate for an account, with deployment, metrics and clean-up */
  minutes: number;
  /** set when every message is throttled, and so held, at each receive; else null */
  hold: Hold | null;
}

export interface Hold {
  /** the visibility timeout */
  seconds: number;
  /** of each message */
  receives: number;
}

/**
 * Every figure but the throttles is the difference between two readings of one clock, or has the offset of its clocks subtracted. So
 * a database whose clock is wrong misleads none of them.
 *
 * - batches: two pollers always have messages, and an event needs no work. Within a batch the handler begins the next event when the
 *   last insert has returned, so the steps are round trips of inserts. Between a batch's last event and the next batch lie such a
 *   round trip, the mapping's overhead, and the time until it sees that the slot is free, which is taken from the model; the rows do not say which poller began, but the sum of the gaps does not depend on it. The
 *   publisher's calls follow each other at once, so the time between two is the duration of one.
 * - trickle: the pollers wait for each event, so its time to the consumer is publishing, delivery and half of the overhead.
 * - instances: the work lasts until all the first events have had a cold start. A first event takes longer than the later ones by the
 *   cold start before the handler, and by the connection within it. The later ones take publishing, delivery and dispatch, of which
 *   the other probes show the first two.
 * - hold-…: with a reservation of 0 every message is throttled for its visibility timeout at each receive, so the number of holds is
 *   known. The throttles in holds of four lengths give the back-off's base, cap and jitter, with one length to spare. In the longest
 *   hold each poller has one message in flight.
 * - retries: two hundred asynchronous events come to one instance at once. The pace at which Lambda reads them decides how often they
 *   are throttled and how late they are handled.
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
    decides: "how fast asynchronous events are read again after throttles, by the throttles and latencies",
    minutes: 16,
    hold: null,
  },
];

/** Every message is received `receives` times, held for `seconds` each time, and dead-lettered without any work. */
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
