/** How the value behind a flag is read: each function gives a checked value, or throws `bad-usage` that names the flag. */
import { parseLimit } from "../../../infra/handlers/limit.ts";
import { BenchError } from "../../errors.ts";
import type { Threshold } from "../../metrics/compare.ts";
import { type Figure, figureNamed, figures, measuredFigures, shortNames } from "../../metrics/figures.ts";
import { didYouMean, meant } from "../../scenarios/nearest.ts";

export interface Read<Value> {
  (typed: string, flag: string): Value;
  /** All that may be typed, where that can be listed. */
  words?: readonly string[];
}

export const unitMs = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 };
/** SQS retains a message no longer. */
const maxDurationMs = 14 * unitMs.d;

export const text: Read<string> = (typed) => typed;

export function wholeNumber(min: number, max: number): Read<number> {
  return (typed, flag) => {
    const value = /^\d{1,15}$/.test(typed) ? Number(typed) : Number.NaN;
    if (value >= min && value <= max) return value;
    const range = `${min.toLocaleString("en")} to ${max.toLocaleString("en")}`;
    throw badUsage(`${flag} ${quoted(typed)} is out of range; give a whole number from ${range}.`);
  };
}

export function oneOf<const Value extends string>(values: readonly Value[]): Read<Value> {
  const read = (typed: string, flag: string) => {
    const value = values.find((candidate) => candidate === typed);
    if (value !== undefined) return value;
    throw badUsage(`${flag} ${quoted(typed)} is not known; give ${values.join(" or ")}.`);
  };
  return Object.assign(read, { words: values });
}

/** Milliseconds; `90s`, `45m` or `6h`. */
export const durationMs: Read<number> = (typed, flag) => {
  const [, amount, unit] = /^(\d{1,7})([smh])$/.exec(typed) ?? [];
  const ms = Number(amount) * unitMs[unit as keyof typeof unitMs];
  if (ms > 0 && ms <= maxDurationMs) return ms;
  throw badUsage(`${flag} ${quoted(typed)} is no time limit; give one such as 90s, 45m or 6h, at most 336h (14 days).`);
};

/** Milliseconds; `45m`, `12h` or `30d`. */
export const ageMs: Read<number> = (typed, flag) => {
  const [, amount, unit] = /^(\d{1,5})([mhd])$/.exec(typed) ?? [];
  if (unit !== undefined) return Number(amount) * unitMs[unit as keyof typeof unitMs];
  throw badUsage(`${flag} ${quoted(typed)} is no age; give one such as 12h or 30d.`);
};

/** Events per second; `50/s`, `50`, `0.5/s`, or `max`, which is 0. */
export const eventsPerSecond: Read<number> = (typed, flag) => {
  if (typed === "max") return 0;
  const [, amount] = /^(\d{1,5}(?:\.\d{1,3})?)(?:\/s)?$/.exec(typed) ?? [];
  if (Number(amount) > 0) return Number(amount);
  throw badUsage(`${flag} ${quoted(typed)} is no pace; give one such as 50/s, 0.5/s, or max.`);
};

const mostDollars = 1_000_000;

/** US dollars; `2`, `0.5`, `$2`. 0 lets nothing cost anything. */
export const dollars: Read<number> = (typed, flag) => {
  const [, amount] = /^\$?(\d{1,7}(?:\.\d{1,4})?)$/.exec(typed) ?? [];
  if (amount !== undefined && Number(amount) <= mostDollars) return Number(amount);
  throw badUsage(`${flag} ${quoted(typed)} is no amount; give US dollars such as 2 or 0.50, at most 1,000,000.`);
};

export const httpUrl: Read<string> = (typed, flag) => {
  if (URL.canParse(typed) && /^https?:$/.test(new URL(typed).protocol)) return typed;
  throw badUsage(`${flag} ${quoted(typed)} is no address; give one such as http://127.0.0.1:4566.`);
};

export const awsRegion: Read<string> = (typed, flag) => {
  if (/^[a-z]{2,}(-[a-z]+)+-\d{1,2}$/.test(typed)) return typed;
  throw badUsage(`${flag} ${quoted(typed)} is no region; give one such as eu-west-1.`);
};

export const figure: Read<Figure> = (typed, flag) => {
  const named = figureNamed(typed);
  if (named !== undefined) return named;
  const candidates = measuredFigures.map((each) => ({ name: figures[each].shortName, about: figures[each].name }));
  const cure = didYouMean(meant(typed, candidates, figuresByMeaning)) ?? `give one of ${shortNames.join(", ")}.`;
  throw badUsage(`${flag} ${quoted(typed)} is no figure; ${cure}`);
};

/** Words for figures by people who do not know their names. */
const figuresByMeaning = {
  latency: ["waitP95", "oldestWait"],
  delay: ["waitP95", "oldestWait"],
  wait: ["oldestWait", "waitP95", "waitP50"],
  lost: ["failed", "missing"],
  loss: ["failed", "missing"],
  dlq: ["deadLetters"],
  duration: ["timeTaken"],
  time: ["timeTaken"],
  rate: ["throughput", "peakInserts"],
  price: ["costPerMillion", "costPerMonth"],
  order: ["outOfOrder", "outOfOrderShare"],
  queue: ["backlog"],
};

/** `10%` of the base, or `5` in the figure's unit. */
export const limit: Read<Threshold> = (typed, flag) => {
  const [, amount, percent] = /^(\d+(?:\.\d+)?)(%?)$/.exec(typed.trim()) ?? [];
  if (amount === undefined) {
    throw badUsage(`${flag}: ${quoted(typed)} is no threshold; give a share such as 10%, or an amount such as 0.`);
  }
  return percent ? { share: Number(amount) / 100 } : { amount: Number(amount) };
};

/** A limit of the downstream as it was typed, such as `1/s`; `0`: none. */
export const callLimit: Read<string> = (typed, flag) => {
  try {
    parseLimit(typed);
  } catch {
    throw badUsage(
      `${flag} ${quoted(typed)} is no limit; give calls per second or per minute, such as 1/s, 30/m or 0.5/s, or 0 for none.`,
    );
  }
  return typed;
};

/** `100` or `100ms` */
export const milliseconds: Read<number> = (typed, flag) => {
  const [, amount] = /^(\d{1,7})(?:ms)?$/.exec(typed) ?? [];
  if (amount !== undefined) return Number(amount);
  throw badUsage(`${flag} ${quoted(typed)} is no number of milliseconds; give one such as 100 or 0.`);
};

/** `5%` or `0.05` */
export const share: Read<number> = (typed, flag) => {
  const given = /^[\d.]+%?$/.test(typed) ? limit(typed, flag) : { amount: Number.NaN };
  const value = "share" in given ? given.share : given.amount;
  if (value >= 0 && value < 1) return value;
  throw badUsage(`${flag} ${quoted(typed)} is out of range; give a share below 1, such as 0.05 or 5%.`);
};

export function quoted(typed: string): string {
  return JSON.stringify(typed);
}

export function badUsage(message: string, options?: { isList?: boolean }): BenchError {
  return new BenchError("bad-usage", message, options);
}
