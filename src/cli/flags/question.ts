/** The parts of the question of `recommend`: how each is read, as a flag or as a field of a file, and which of them have to be given. */
import { defaultToleranceMs, parseLimit } from "../../../infra/handlers/limit.ts";
import type { BenchError } from "../../errors.ts";
import type { Allowance, Model } from "../../model.ts";
import { type Effort, efforts, eventsOf, type Question } from "../../simulation/search/question.ts";
import { maxEvents } from "./burst.ts";
import { expectations, requireWindow } from "./expectations.ts";
import type { FlagGroup, FlagsOf } from "./flag.ts";
import { defaultPlatform, defaultSeed, model } from "./model.ts";
import { refuseBareNumber, time, timeText, workRange, workText } from "./times.ts";
import { badUsage, oneOf, quoted, type Read, unitMs, wholeNumber } from "./values.ts";

/** The most that the setting PublishRate takes. */
const maxSpikePerSecond = 10_000;
/** SQS retains a message no longer. */
const maxWaitMs = 14 * unitMs.d;
const maxEveryMs = 365 * unitMs.d;
const maxBudget = 1_000_000;

/** A limit of the downstream as it was typed. Without one there is nothing to throttle. */
const askedLimit: Read<string> = (typed, flag) => {
  refuseBareNumber(typed, flag, (amount) => `${amount}/s or ${amount}/m`);
  try {
    if (parseLimit(typed) !== null) return typed;
  } catch {
    // Refused below, with what zero is refused with.
  }
  throw badUsage(
    `${flag} ${quoted(typed)} is no limit; give calls per second or per minute, such as 1/s, 30/m or 0.5/s.`,
  );
};

/** Events per second; `50/s` or `3000/m`. */
export const spikeRate: Read<number> = (typed, flag) => {
  refuseBareNumber(typed, flag, (amount) => `${amount}/s or ${amount}/m`);
  const [, amount, unit] = /^(\d{1,9}(?:\.\d{1,3})?)\/([smh])$/.exec(typed) ?? [];
  const perSecond = (Number(amount) * 1_000) / unitMs[unit as keyof typeof unitMs];
  if (perSecond > 0 && perSecond <= maxSpikePerSecond) return Number(perSecond.toFixed(3)) || 0.001;
  const most = `${maxSpikePerSecond.toLocaleString("en")}/s`;
  throw badUsage(
    `${flag} ${quoted(typed)} is no pace; give events a second or a minute, such as 50/s, at most ${most}.`,
  );
};

/** `2.11` percent are 0.0211, and no rounding error less. */
function shareOf(percent: string): number {
  return Number((Number(percent) / 100).toFixed(10));
}

/** A number of events, `0`, or a share of them, `1%`. */
export const askedLoss: Read<Allowance> = (typed, flag) => {
  const [, amount, percent] = /^(\d{1,7}(?:\.\d{1,4})?)(%?)$/.exec(typed) ?? [];
  if (percent && Number(amount) <= 100) return { share: shareOf(amount!) };
  if (percent === "" && Number.isInteger(Number(amount))) return { amount: Number(amount) };
  throw badUsage(`${flag} ${quoted(typed)} is no number of events and no share of them; give one such as 0, 5 or 1%.`);
};

/** `1%` or `0.01`; all of them cannot fail. */
const failureShare: Read<number> = (typed, flag) => {
  const [, amount, percent] = /^(\d{1,3}(?:\.\d{1,6})?)(%?)$/.exec(typed) ?? [];
  const share = percent ? shareOf(amount!) : Number(amount);
  if (share >= 0 && share < 1) return share;
  const meant =
    percent === "" && share < 100
      ? `write ${amount}% for ${Number(amount)} in 100 calls`
      : "give one below 100%, such as 1% or 0.01";
  throw badUsage(`${flag} ${quoted(typed)} is no share of the calls; ${meant}.`);
};

/** US dollars a month; `20`, `19.50`, `$20`. */
export const dollars: Read<number> = (typed, flag) => {
  const [, amount] = /^\$?(\d{1,7}(?:\.\d{1,4})?)(?: ?USD)?$/.exec(typed) ?? [];
  if (Number(amount) > 0 && Number(amount) <= maxBudget) return Number(amount);
  throw badUsage(`${flag} ${quoted(typed)} is no budget; give US dollars a month, such as 20 or 0.50.`);
};

/** `required`: one order over all events; `per-group:10`: each of ten message groups has its own; `any`: none. */
export const askedOrder: Read<Question["order"]> = (typed, flag) => {
  if (typed === "any") return null;
  if (typed === "required") return { within: "all" };
  const [, groups] = /^per-group:(\d{1,6})$/.exec(typed) ?? [];
  if (Number(groups) >= 1) return { within: "group", groups: Number(groups) };
  const cure =
    typed === "per-group" ? "say of how many groups, such as per-group:10" : "give required, per-group:10 or any";
  throw badUsage(`${flag} ${quoted(typed)} is no order; ${cure}.`);
};

const askedEffort: Read<number> = (typed, flag) => {
  if (Object.hasOwn(efforts, typed)) return efforts[typed as Effort];
  if (/^\d{1,6}$/.test(typed) && Number(typed) > 0) return Number(typed);
  const names = Object.keys(efforts).join(", ");
  throw badUsage(`${flag} ${quoted(typed)} is no effort; give ${names}, or a number of simulations such as 2000.`);
};

/** Names and paths, with commas between them. */
const wayNames: Read<string[]> = (typed, flag) => {
  const names = typed.split(",").map((name) => name.trim());
  if (names.every(Boolean)) return [...new Set(names)];
  throw badUsage(`${flag} ${quoted(typed)} names nothing between two commas; write it as fifo-one-group,./mine.yaml.`);
};

const required = {
  limit: {
    takes: "<n/unit>",
    read: askedLimit,
    help: "how many calls the downstream takes in any second or minute, such as 1/s or 30/m",
  },
  spike: { takes: "<n/s>", read: spikeRate, help: "how many events come in a spike, such as 50/s" },
  for: { takes: "<time>", read: time(maxWaitMs, "20s or 5m"), help: "how long a spike lasts, such as 20s" },
} as const;

const defaultWork = "1s";
const defaultEffort: Effort = "normal";

/** The spikes that come, what the downstream takes, and what must hold. */
export const question = {
  title: "Question",
  flags: {
    ...required,
    every: {
      takes: "<time>",
      read: time(maxEveryMs, "10m or 1h"),
      help: "from the beginning of one spike to that of the next (default: one a day, which only the cost goes by)",
    },
    work: {
      takes: "<time>",
      read: workRange,
      help: `how long a call takes, such as 1s, or 300ms..2s where that differs (default: ${defaultWork})`,
    },
    maxWait: {
      takes: "<time>",
      read: time(maxWaitMs, "90s or 30m"),
      help: "how long an event may wait (default: as long as it takes)",
    },
    maxLoss: { takes: "<n|share>", read: askedLoss, help: "events that may be lost, such as 5 or 1% (default: 0)" },
    order: {
      takes: "<order>",
      read: askedOrder,
      help: "required: all in order; per-group:10: in order within each of ten groups; any (default)",
    },
    duplicates: {
      takes: "<which>",
      read: oneOf(["tolerated", "forbidden"]),
      help: "whether an event may be worked twice, tolerated (default) or forbidden",
    },
    failureRate: {
      takes: "<share>",
      read: failureShare,
      help: "calls that fail and may go well when tried again, such as 1% (default: 0)",
    },
    budget: {
      takes: "<dollars>",
      read: dollars,
      help: "US dollars that it may cost a month (default: whatever it costs)",
    },
    quota: {
      takes: "<n>",
      read: wholeNumber(1, 1_000_000),
      help: "concurrent executions of the account (default: the model's)",
    },
    ways: {
      takes: "<names>",
      read: wayNames,
      help: "ways to choose from, with commas between them, also ./mine.yaml (default: all shipped ones)",
    },
    limitTolerance: expectations.flags.limitTolerance,
  },
} satisfies FlagGroup;

/** How hard the search looks. */
export const search = {
  title: "Search",
  flags: {
    effort: {
      takes: "<effort>",
      read: askedEffort,
      help: `${Object.keys(efforts).join(", ")}, or a number of simulations (default: ${defaultEffort})`,
    },
    timeBudget: {
      takes: "<time>",
      read: time(unitMs.d, "60s"),
      help: "stop after so long with what was found by then, which is not called final (default: none)",
    },
  },
} satisfies FlagGroup;

/** All that a question file may say, under the names that the flags have in camel case. */
export const fields = { ...question.flags, ...search.flags, ...model.flags };

export type Asked = FlagsOf<typeof question> & FlagsOf<typeof search>;

/**
 * The question that flags and file ask together. Throws `bad-usage` that says which part is missing, or which two do not go together.
 */
export function questionOf(asked: Asked, by: Omit<Model, "ranges">): Question {
  const { limit, spike, for: durationMs, every: everyMs = null } = asked;
  if (limit === undefined || spike === undefined || durationMs === undefined) throw missingParts(asked);
  const events = eventsOf({ rate: spike, durationMs });
  if (events > maxEvents) {
    throw badUsage(
      `A spike of ${spike}/s for ${timeText(durationMs)} is ${events.toLocaleString("en")} events, and at most ${maxEvents.toLocaleString("en")} can be simulated; give a shorter --for or a lower --spike.`,
    );
  }
  if (everyMs !== null && everyMs <= durationMs) {
    throw badUsage(
      `A spike of ${timeText(durationMs)} every ${timeText(everyMs)} never ends; give --every a time longer than --for.`,
    );
  }
  return {
    limit,
    toleranceMs: toleranceOf(limit, asked.limitTolerance),
    spike: { rate: spike, durationMs },
    everyMs,
    workMs: asked.work ?? workRange(defaultWork, "--work"),
    maxWaitMs: asked.maxWait ?? null,
    maxLoss: asked.maxLoss ?? { amount: 0 },
    order: asked.order ?? null,
    duplicatesTolerated: asked.duplicates !== "forbidden",
    failureRate: asked.failureRate ?? 0,
    budgetDollars: asked.budget ?? null,
    accountConcurrency: asked.quota ?? null,
    named: [],
    model: by,
    effort: asked.effort ?? efforts[defaultEffort],
  };
}

/** The flags that ask a question again, those that say what nobody has to left out; `ways`: undefined means all shipped ones; `from`: the flags of a template of the user's own. */
export function wordsOf(asked: Question, ways: readonly string[] | undefined, from: readonly string[] = []): string[] {
  const { limit, toleranceMs, spike, everyMs, workMs, maxWaitMs, maxLoss, order, failureRate } = asked;
  const { platform, seed, profile, constants } = asked.model;
  const said: [flag: string, value: string | number | null][] = [
    ["--limit", limit],
    ["--spike", `${spike.rate}/s`],
    ["--for", timeText(spike.durationMs)],
    ["--every", everyMs && timeText(everyMs)],
    ["--work", workText(workMs) === defaultWork ? null : workText(workMs)],
    ["--max-wait", maxWaitMs && timeText(maxWaitMs)],
    ["--max-loss", "share" in maxLoss ? percentText(maxLoss.share) : maxLoss.amount || null],
    ["--order", order && (order.within === "all" ? "required" : `per-group:${order.groups}`)],
    ["--duplicates", asked.duplicatesTolerated ? null : "forbidden"],
    ["--failure-rate", failureRate === 0 ? null : percentText(failureRate)],
    ["--budget", asked.budgetDollars],
    ["--quota", asked.accountConcurrency],
    ["--ways", ways?.join(",") ?? null],
    ["--limit-tolerance", toleranceMs === defaultToleranceMs ? null : toleranceMs],
    ["--effort", asked.effort === efforts[defaultEffort] ? null : asked.effort],
    ["--seed", seed === defaultSeed ? null : seed],
    ["--platform", platform === defaultPlatform ? null : platform],
    ["--calibration", profile?.name ?? null],
    ...Object.entries(constants).map(([name, value]): [string, string] => ["--assume", `${name}=${value}`]),
  ];
  const tried = asked.named.filter(({ settings }) => Object.keys(settings).length > 0);
  return [
    ...from,
    ...said.flatMap(([flag, value]) => (value === null ? [] : [flag, String(value)])),
    ...tried.flatMap(({ way, settings }) => {
      const pairs = Object.entries(settings).map(([name, value]) => `${name}=${value}`);
      return ["--try", `${way}:${pairs.join(",")}`];
    }),
  ];
}

function percentText(share: number): string {
  return `${Number((share * 100).toFixed(4))}%`;
}

/** Throws `bad-usage` for a tolerance that leaves nothing of the limit's windows. */
function toleranceOf(limit: string, toleranceMs: number = defaultToleranceMs): number {
  requireWindow({ limit: { limit, toleranceMs, origin: "flag" }, maxLoss: null, maxWait: null, claims: null });
  return toleranceMs;
}

/** Asks for what is missing: one part in a sentence, several in a line each. */
function missingParts(asked: Asked): BenchError {
  const missing = (Object.keys(required) as (keyof typeof required)[]).filter((part) => asked[part] === undefined);
  const example = "throttle-bench recommend --limit 1/s --spike 50/s --for 20s";
  const lines = missing.map((part) => `  ${`--${part}`.padEnd(8)} ${required[part].help}`);
  const what = missing.length === 1 ? "a part of the question is missing" : "parts of the question are missing";
  return badUsage(
    `To recommend anything, ${what}; give:\n${lines.join("\n")}\nExample: ${example}\n\`throttle-bench help recommend\` has the rest.`,
    { isList: true },
  );
}
