/** The sentences of an answer: what to use, what it keeps, how it was found. */
import type { WayName } from "../../metrics/ways.ts";
import type { Allowance, Interval } from "../../model.ts";
import type { Answer, Candidate, CandidateStanding, Demand } from "../../simulation/search/answer.ts";
import type { Question } from "../../simulation/search/question.ts";
import { briefDuration, figure, percentage } from "../figures.ts";
import { wrap } from "../text.ts";
import { provenanceText } from "../words.ts";

/** Mark and tone of each standing. */
export const marks = { keeps: "✓", doubtful: "~", breaks: "✗", out: "✗" } as const;

const sentences = new Intl.ListFormat("en-GB");

/**
 * The winner. Where nothing holds, the best of those that harm neither the downstream nor an event, because they say most of what would
 * have to give; else the best of all. null: nothing was simulated.
 */
export function firstOf({ winner, candidates }: Answer): Candidate | null {
  const harmless = winner === null ? candidates.find(isHarmless) : undefined;
  return harmless ?? candidates[0] ?? null;
}

/** Says whether every run kept the limit, and lost no more than it may. */
export function isHarmless({ demands }: Candidate): boolean {
  return demands.every(({ demand, brokenIn }) => brokenIn === 0 || (demand !== "limit" && demand !== "loss"));
}

/** The advice, in one or two sentences. */
export function headline(answer: Answer): string {
  const { winner, bounds } = answer;
  const first = firstOf(answer);
  if (winner === null || first === null) {
    const nearest =
      first === null ? "" : ` The nearest is ${calledBy(first.way)}${withSettings(first)}: ${first.sentence}`;
    return answer.isFinal
      ? `${marks.breaks} Nothing holds.${nearest}`
      : `${marks.doubtful} Nothing was found to hold before time was over.${nearest}`;
  }
  const need = bounds.needsNoThrottle ? "No throttle is needed, for the spike itself keeps the limit. " : "";
  return `${marks[first.standing]} ${need}Use ${calledBy(first.way)}${withSettings(first)}. ${promise(answer.question, first)}`;
}

/** `It keeps 1/s and loses nothing in 200 of 200 runs (at most 1.5% …); the oldest event waits 19 min and it costs 0.40 USD a month.` */
function promise(question: Question, candidate: Candidate): string {
  const { demands, figures, caveat } = candidate;
  const atMost = Math.max(0, ...demands.map(({ brokenShareAtMost }) => brokenShareAtMost));
  const kept = sentences.format(
    keptWords(
      question,
      demands.map(({ demand }) => demand),
    ),
  );
  const doubt = `with 95% confidence at most ${shareText(atMost)} of runs do not`;
  const wait = figures.waitOldestMs && `the oldest event waits ${waitText(figures.waitOldestMs)}`;
  const cost = figures.costPerMonth && `it costs ${costText(figures.costPerMonth.median)} a month`;
  const rest = [wait, cost].filter(Boolean).join(", and ");
  return `It ${kept} in ${keptText(candidate).replace("/", " of ")} runs (${doubt})${rest && `; ${rest}`}.${caveat === null ? "" : ` ${caveat}`}`;
}

function keptWords(question: Question, demands: readonly Demand[]): string[] {
  const words: Partial<Record<Demand, string>> = {
    limit: `keeps ${question.limit}`,
    loss: isNothing(question.maxLoss) ? "loses nothing" : `loses at most ${allowanceText(question.maxLoss)}`,
    order: question.order?.within === "group" ? "keeps the order in each group" : "keeps the order",
    duplicates: "works no event twice",
    spikes: "is done with a spike before the next",
  };
  return demands.flatMap((demand) => words[demand] ?? []);
}

/** `sqs-fifo (SQS FIFO → Lambda)`. The title would tell of settings that the search may have changed; a path stays as it is. */
export function calledBy(way: WayName): string {
  return way.topology.length === 0 ? nameOf(way) : `${nameOf(way)} (${way.topology.join(" → ")})`;
}

/** The alias says what a way is, and commands take it. */
export function nameOf({ alias, name }: WayName): string {
  return alias ?? name;
}

function withSettings({ changed }: Candidate): string {
  return changed.length === 0
    ? " with its own settings"
    : ` with ${changed.map(({ name, value }) => `${name}=${value}`).join(", ")}`;
}

/** The settings that differ from the way's own, on lines of at most `columns` if their names are no longer. */
export function settingLines({ changed }: Candidate, columns: number): string[] {
  if (changed.length === 0) return ["as it is"];
  const texts = changed.map(({ name, value }, index) => `${name}=${value}${index < changed.length - 1 ? "," : ""}`);
  // A setting that is too long for a line is broken before its value.
  return wrap(texts.map((text) => (text.length > columns ? text.replace("=", " =") : text)).join(" "), columns);
}

/** The question as it was understood. */
export function questionText({ question, events }: Answer): string {
  const { limit, spike, everyMs, workMs, maxWaitMs, maxLoss, order, duplicatesTolerated, failureRate } = question;
  const { budgetDollars, accountConcurrency, toleranceMs } = question;
  const work =
    workMs.from === workMs.to ? lengthText(workMs.from) : `${lengthText(workMs.from)} to ${lengthText(workMs.to)}`;
  return `${[
    `at most ${limit}${toleranceMs === 0 ? ", strictly" : ` (tolerance ${toleranceMs} ms)`}`,
    `${spike.rate} ${spike.rate === 1 ? "event" : "events"} a second for ${lengthText(spike.durationMs)}, ${events.toLocaleString("en-GB")} in all, ${everyMs === null ? "once a day" : `every ${lengthText(everyMs)}`}`,
    `a call takes ${work}`,
    ...(failureRate > 0 ? [`${shareText(failureRate)} of the calls fail`] : []),
    isNothing(maxLoss) ? "nothing may be lost" : `${allowanceText(maxLoss)} may be lost`,
    maxWaitMs === null ? "however long an event waits" : `an event may wait ${lengthText(maxWaitMs)}`,
    order === null
      ? "any order"
      : order.within === "all"
        ? "all in order"
        : `in order in each of ${order.groups} groups`,
    duplicatesTolerated ? "duplicates do no harm" : "no duplicates",
    ...(budgetDollars === null ? [] : [`at most ${costText(budgetDollars)} a month`]),
    ...(accountConcurrency === null ? [] : [`${accountConcurrency} concurrent executions in the account`]),
  ].join("; ")}.`;
}

/** `PREDICTION (local, platform 2026, seed 1)` */
export function provenanceOfAnswer({ question: { model } }: Answer): string {
  const { platform, profile, seed } = model;
  return provenanceText("PREDICTION", { target: "local", platform, profile: profile?.name ?? null, seeds: [seed] });
}

/** `197/200`: runs in which all that was asked was kept. */
export function keptText({ demands, runs }: Candidate): string {
  return `${runs - Math.max(0, ...demands.map(({ brokenIn }) => brokenIn))}/${runs}`;
}

/** How the answer was found, and what it went by. */
export function methodLines(answer: Answer): string[] {
  const { simulations, question, candidates } = answer;
  const { seed, platform, constants, profile, configured = {} } = question.model;
  const most = Math.max(0, ...candidates.map(({ runs }) => runs));
  const numbers = Object.entries({ ...configured, ...constants }).map(([name, value]) => `${name}=${value}`);
  return [
    `${simulations.done.toLocaleString("en-GB")} simulations (${simulations.planned.toLocaleString("en-GB")} planned) from seed ${seed} on AWS as of ${platform}; up to ${most} of a candidate, each with the numbers that AWS does not publish drawn from their plausible ranges.`,
    ...(profile === null ? [] : [`The model goes by the profile ${profile.name}.`]),
    ...(numbers.length === 0 ? [] : [`Assumed: ${numbers.join(", ")}.`]),
    "✓ keeps all that was asked in all runs; ~ is in doubt, or holds only just; ✗ breaks something. Figures are medians; where there is room, the 5-95% interval stands beside what varies much.",
    "Nothing was deployed. A run on the account, with --target aws, measures what this predicts.",
  ];
}

/** null: the search came to its end. */
export function unfinishedText({ isFinal, simulations: { done, planned } }: Answer): string | null {
  if (isFinal) return null;
  return `Time was over after ${done.toLocaleString("en-GB")} of ${planned.toLocaleString("en-GB")} simulations, so this answer is not final: give a longer --time-budget, or a lower --effort.`;
}

export function waitText({ median, low, high }: Interval): string {
  const text = briefDuration(median / 1_000);
  return high - low > 0.2 * median && low !== high
    ? `${text} (${briefDuration(low / 1_000)} to ${briefDuration(high / 1_000)})`
    : text;
}

/** `0.40 USD`, and two figures of what is less than ten cents. */
export function costText(dollars: number): string {
  return dollars === 0 || dollars >= 0.1 ? `${dollars.toFixed(2)} USD` : figure(dollars, "dollars");
}

export function toneOf(standing: CandidateStanding | "out"): "good" | "bad" | undefined {
  return standing === "keeps" ? "good" : standing === "doubtful" ? undefined : "bad";
}

function isNothing(loss: Allowance): boolean {
  return "share" in loss ? loss.share === 0 : loss.amount === 0;
}

export function allowanceText(loss: Allowance): string {
  return "share" in loss
    ? `${shareText(loss.share)} of the events`
    : `${loss.amount} ${loss.amount === 1 ? "event" : "events"}`;
}

function shareText(share: number): string {
  return percentage(share).replace(".0%", "%");
}

/** `20 s`, `300 ms` */
function lengthText(ms: number): string {
  return ms < 1_000 ? `${ms} ms` : briefDuration(ms / 1_000);
}
