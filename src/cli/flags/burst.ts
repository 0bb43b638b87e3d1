/** The burst: how many events, at which pace, and the scenario's other settings. */
import type { FlagGroup, FlagsOf } from "./flag.ts";
import { badUsage, durationMs, eventsPerSecond, text, wholeNumber } from "./values.ts";

const defaultEvents = 1_000;
const maxEvents = 1_000_000;
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
    set: {
      takes: "<Name=value>",
      read: text,
      repeats: true,
      help: "set one of the scenario's settings; may be repeated",
    },
  },
} satisfies FlagGroup;

/** `overrides`: `Name=value`, in the order given, and last the pace. Throws `bad-usage` for flags that say the same twice. */
export function chosenBurst({ set = [], events, rate, for: forMs }: FlagsOf<typeof burst>): {
  overrides: string[];
  events: number;
} {
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
