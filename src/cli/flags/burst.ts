/** The burst: how many events, at which pace, and the scenario's other settings. */
import type { Spikes } from "../../model.ts";
import type { FlagGroup, FlagsOf } from "./flag.ts";
import { type WorkRange, workRange } from "./times.ts";
import { badUsage, durationMs, eventsPerSecond, text, unitMs, wholeNumber } from "./values.ts";

export const defaultEvents = 1_000;
export const maxEvents = 1_000_000;
const maxSpikes = 1_000;
/** CloudWatch keeps points of a minute for 15 days: https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/cloudwatch_concepts.html */
const maxSeriesMs = 14 * unitMs.d;
/** The setting that `--rate` sets; 0 is as fast as the producer can. */
const paceSetting = "PublishRate";

export const burst = {
  title: "Burst",
  flags: {
    events: { takes: "<n>", read: wholeNumber(1, maxEvents), help: `events in the burst (default: ${defaultEvents})` },
    rate: {
      takes: "<n/s>",
      read: eventsPerSecond,
      help: `pace of the burst, such as 50/s, or max (default: the scenario's ${paceSetting})`,
    },
    for: {
      takes: "<time>",
      read: durationMs,
      help: "how long to fire, such as 20s, at the --rate or the scenario's pace; in place of --events",
    },
    every: {
      takes: "<time>",
      read: durationMs,
      help: "such a burst comes this often, such as 10m: does its backlog reach the next (default: once; the cost of a month counts one a day)",
    },
    spikes: {
      takes: "<n>",
      read: wholeNumber(1, maxSpikes),
      help: "with --every, how many bursts to fire (default: 1)",
    },
    set: {
      takes: "<Name=value>",
      read: text,
      repeats: true,
      help: "set one of the scenario's settings; may be repeated",
    },
    work: {
      takes: "<time>",
      read: workRange,
      help: "how long the work for an event takes: 300ms, or 300ms..2s; sets WorkMs and WorkMsMax",
    },
  },
} satisfies FlagGroup;

/** The burst as flags say it. */
export interface ChosenBurst {
  /** `Name=value`, in the order given, and last the pace */
  overrides: string[];
  /** each time that it comes: so many events, or as many as are fired in this time at the pace */
  size: { events: number } | { forMs: number };
  /** absent: the burst comes once */
  spikes?: Spikes;
}

/** Throws `bad-usage` for flags that say the same twice. */
export function chosenBurst(flags: FlagsOf<typeof burst>): ChosenBurst {
  const { set = [], events, rate, for: forMs, work } = flags;
  if (rate !== undefined && set.some((override) => override.startsWith(`${paceSetting}=`))) {
    throw badUsage(`--rate and --set ${paceSetting} both set the pace; give one of them.`);
  }
  if (forMs !== undefined && events !== undefined) {
    throw badUsage("--for and --events both say how many events; give one of them.");
  }
  const spikes = chosenSpikes(flags);
  const pace = rate === undefined ? [] : [`${paceSetting}=${rate}`];
  return {
    overrides: [...set, ...settingsOfWork(work, set), ...pace],
    size: forMs === undefined ? { events: events ?? defaultEvents } : { forMs },
    ...(spikes && { spikes }),
  };
}

/** The settings of `--work`, as `--set` would give them. Throws `bad-usage` where `set` gives them, too. */
export function settingsOfWork(work: WorkRange | undefined, set: readonly string[]): string[] {
  if (work === undefined) return [];
  const twice = set.find((override) => /^WorkMs(Max)?=/.test(override));
  if (twice !== undefined) {
    throw badUsage(`--work and --set ${twice.split("=")[0]} both say how long the work takes; give one of them.`);
  }
  return [`WorkMs=${work.from}`, `WorkMsMax=${work.from === work.to ? 0 : work.to}`];
}

/** The events of all spikes together. `pace`: events a second; 0: as fast as can be. Throws `bad-usage` for none, and for more than can be fired. */
export function eventsOfBurst({ size, spikes }: Pick<ChosenBurst, "size" | "spikes">, pace: number): number {
  const each = "events" in size ? size.events : eventsIn(size.forMs, pace);
  const total = each * (spikes?.count ?? 1);
  if (total <= maxEvents) return total;
  throw badUsage(
    `--spikes ${spikes?.count} of ${each.toLocaleString("en")} events makes ${total.toLocaleString("en")} events; ${canBeFired()}`,
  );
}

const canBeFired = () => `1 to ${maxEvents.toLocaleString("en")} can be fired.`;

function eventsIn(forMs: number, pace: number): number {
  const time = `${forMs / 1_000}s`;
  if (pace === 0) {
    throw badUsage(
      `--for ${time} counts the events by their pace, and here they are fired as fast as they can be; give it with a --rate such as 50/s.`,
    );
  }
  const counted = Math.round((pace * forMs) / 1_000);
  if (counted >= 1 && counted <= maxEvents) return counted;
  throw badUsage(`${time} at ${pace}/s makes ${counted.toLocaleString("en")} events; ${canBeFired()}`);
}

function chosenSpikes({ every: everyMs, spikes: count }: FlagsOf<typeof burst>): Spikes | undefined {
  if (everyMs === undefined) {
    if (count === undefined) return;
    throw badUsage(
      "--spikes says how many bursts follow one another; give the time between them by --every, such as 10m.",
    );
  }
  if (((count ?? 1) - 1) * everyMs <= maxSeriesMs) return { count: count ?? 1, everyMs };
  throw badUsage(
    `--spikes ${count} take more than 14 days, for which AWS keeps their metrics; give fewer, or a shorter --every.`,
  );
}
