/** The burst: how many events, at which pace, and the scenario's other settings. */
import type { Spikes } from "../../model.ts";
import type { FlagGroup, FlagsOf } from "./flag.ts";
import { badUsage, durationMs, eventsPerSecond, text, unitMs, wholeNumber } from "./values.ts";

const defaultEvents = 1_000;
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
      help: "with --rate, how long to fire, such as 20s; in place of --events",
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
  },
} satisfies FlagGroup;

/** The burst as flags say it. */
export interface ChosenBurst {
  /** `Name=value`, in the order given, and last the pace */
  overrides: string[];
  /** of all spikes together */
  events: number;
  /** absent: the burst comes once */
  spikes?: Spikes;
}

/** Throws `bad-usage` for flags that say the same twice, and for more than can be fired. */
export function chosenBurst(flags: FlagsOf<typeof burst>): ChosenBurst {
  const { overrides, events } = oneBurst(flags);
  const spikes = chosenSpikes(flags);
  const total = events * (spikes?.count ?? 1);
  if (total <= maxEvents) return { overrides, events: total, ...(spikes && { spikes }) };
  throw badUsage(
    `--spikes ${spikes?.count} of ${events.toLocaleString("en")} events makes ${total.toLocaleString("en")} events; 1 to ${maxEvents.toLocaleString("en")} can be fired.`,
  );
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

function oneBurst({ set = [], events, rate, for: forMs }: FlagsOf<typeof burst>): Omit<ChosenBurst, "spikes"> {
  if (rate !== undefined && set.some((override) => override.startsWith(`${paceSetting}=`))) {
    throw badUsage(`--rate and --set ${paceSetting} both set the pace; give one of them.`);
  }
  const overrides = rate === undefined ? set : [...set, `${paceSetting}=${rate}`];
  if (forMs === undefined) return { overrides, events: events ?? defaultEvents };
  if (events !== undefined) throw badUsage("--for and --events both say how many events; give one of them.");
  if (rate === undefined || rate === 0) {
    throw badUsage("--for counts the events by their pace; give it with a --rate such as 50/s.");
  }
  const counted = Math.round((rate * forMs) / 1_000);
  if (counted >= 1 && counted <= maxEvents) return { overrides, events: counted };
  throw badUsage(
    `--rate ${rate}/s --for ${forMs / 1_000}s makes ${counted.toLocaleString("en")} events; 1 to ${maxEvents.toLocaleString("en")} can be fired.`,
  );
}
