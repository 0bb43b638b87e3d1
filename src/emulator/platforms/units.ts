/** The unit of each number of the model, which the end of its name tells, and the values that are possible in it. */

export interface Unit {
  /** As it stands behind a value, such as `ms`; empty for a bare count. */
  name: string;
  /** Fractions are impossible. */
  isWhole: boolean;
  least: number;
  most: number;
  /** There may be no such limit: the value is Infinity, and written `none`. */
  mayBeNone: boolean;
}

/** Two weeks: SQS retains a message no longer. */
const longestMs = 1_209_600_000;
const mostOfAnything = 1_000_000_000;

function real(name: string, least: number, most: number): Unit {
  return { name, isWhole: false, least, most, mayBeNone: false };
}

function whole(name: string, least: number, most = mostOfAnything): Unit {
  return { name, isWhole: true, least, most, mayBeNone: false };
}

/** The first ending that fits decides. */
const endings: readonly (readonly [ending: RegExp, unit: Unit])[] = [
  // Without a pause the model would repeat these at one moment for ever.
  [/(Tick|Sample|Backoff|BackoffBase|BackoffCap|Poll|Shrink)Ms$/, real("ms", 1, longestMs)],
  [/Ms$/, real("ms", 0, longestMs)],
  [/Hours$/, whole("hours", 1)],
  [/Mb$/, whole("MB", 1)],
  [/Bytes$/, whole("bytes", 1)],
  [/(Characters|PasswordLength)$/, whole("characters", 1)],
  [/PerSecondPerConcurrency$/, real("a second for each concurrent invocation", 0, mostOfAnything)],
  [/PerSecond$/, real("a second", 0, mostOfAnything)],
  [/PerMinute$/, real("a minute", 0, mostOfAnything)],
  [/sigma$/i, real("(σ of the logarithm)", 0, 3)],
  [/(Jitter|Spread|Rate|Share|Cut|shrinkFactor)$/, real("(share)", 0, 1)],
  [/(Factor|Earliest|Latest)$/, real("times", 0, 1_000)],
  [/(PerFunction|Policy)$/, whole("(0 or 1)", 0, 1)],
  [/maximumConnections$/, { ...whole("connections", 1), mayBeNone: true }],
  [/(accountConcurrency|unreservedFloor)$/, whole("concurrent invocations", 0)],
  [/PerPoller$/, whole("for each poller", 1)],
  [/Bucket$/, whole("new environments", 0)],
  [/Pollers$/, whole("pollers", 1, 10_000)],
  [/Partitions$/, whole("partitions", 1, 1_000_000)],
  [/(Attempts|Retries)$/, whole("retries", 0)],
  [
    /(Entries|Batch|BatchSize|WithoutWindow|MaximumConcurrency|MaxReceiveCount|Limit|OfQueue|Queries|Datapoints|Tries)$/,
    whole("", 1),
  ],
];

/** @throws Error where the name's end tells no unit: a defect of the platform. */
export function unitOf(name: string): Unit {
  const known = endings.find(([ending]) => ending.test(name));
  if (known === undefined) throw new Error(`The end of ${name} tells no unit; platforms/units.ts lists those that do.`);
  return known[1];
}
