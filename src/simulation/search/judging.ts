/** Judges a candidate by its simulations: each demand in each run, with the confidence that so many runs give. */

import { intervalOf } from "../../metrics/uncertainty.ts";
import { verdictOf } from "../../metrics/verdict.ts";
import type { Figures } from "../../model.ts";
import type { CandidateFigures, CandidateStanding, Demand, DemandVerdict } from "./answer.ts";
import { type Load, loadOf } from "./load.ts";
import type { Question } from "./question.ts";
import { allowedLoss } from "./theory.ts";
import { countWords, timeWords } from "./words.ts";

/** One run's value of a demand, and what is allowed. */
interface Measure {
  value: number;
  allowed: number;
}

/** US dollars a month by a run. */
type Monthly = (run: Figures) => number | null;

export interface Judgement {
  standing: CandidateStanding;
  demands: DemandVerdict[];
  /** the demand broken worst; null: none is */
  worst: DemandVerdict | null;
  /** 0 where all is kept in all runs; else how far it is from that */
  distance: number;
  /** of the runs, by the demand that is broken most often */
  brokenShare: number;
  figures: CandidateFigures;
  runs: number;
}

/** From so many clean runs on at most 5% break it, with 95% confidence. */
const runsForConfidence = 60;
/** A candidate that breaks something in more of its runs than this breaks it. */
const doubtfulShare = 0.05;
const confidence = 0.95;

/** `runs`: at least one. `besideDollars`: what it costs a month beside the bill of a run. */
export function judge(runs: readonly Figures[], question: Question, besideDollars: number): Judgement {
  const monthly: Monthly = ({ cost }) => (cost?.month == null ? null : cost.month + besideDollars);
  const load = loadOf(question);
  const asked = demandsOf(question);
  const verdicts = asked.map((demand) => verdictOn(demand, runs, question, load, monthly));
  const demands = verdicts.map(({ verdict }) => verdict);
  const distance = verdicts.reduce((sum, one) => sum + one.distance, 0);
  const [worst] = verdicts
    .filter(({ verdict }) => verdict.brokenIn > 0)
    .toSorted((one, other) => other.distance - one.distance);
  const brokenShare = Math.max(0, ...demands.map(({ brokenIn, of }) => brokenIn / Math.max(1, of)));
  const isKept = brokenShare === 0 && runs.length >= runsForConfidence;
  return {
    standing: isKept ? "keeps" : brokenShare > doubtfulShare ? "breaks" : "doubtful",
    demands,
    worst: worst?.verdict ?? null,
    distance,
    brokenShare,
    figures: figuresOf(runs, question, monthly),
    runs: runs.length,
  };
}

/** A downstream that breaks down is worse than a wait or a bill. */
const weights: Record<Demand, number> = { limit: 3, loss: 2, order: 1, duplicates: 1, wait: 1, spikes: 1, budget: 1 };
const farthest = 20;

/** The demands of a question; the limit and the loss always. */
export function demandsOf(question: Question): Demand[] {
  const asked: [Demand, boolean][] = [
    ["limit", true],
    ["loss", true],
    ["wait", question.maxWaitMs !== null],
    ["order", question.order !== null],
    ["duplicates", !question.duplicatesTolerated],
    ["spikes", question.everyMs !== null],
    ["budget", question.budgetDollars !== null],
  ];
  return asked.filter(([, isAsked]) => isAsked).map(([demand]) => demand);
}

function verdictOn(
  demand: Demand,
  runs: readonly Figures[],
  question: Question,
  load: Load,
  monthly: Monthly,
): { verdict: DemandVerdict; distance: number } {
  const measures = runs.map((run) => measureOf(demand, run, question, load, monthly));
  const broken = measures.filter(({ value, allowed }) => value > allowed);
  const of = runs.length;
  const brokenIn = broken.length;
  const worst = broken.reduce<Measure | null>(
    (most, each) => (most === null || each.value > most.value ? each : most),
    null,
  );
  const distance = broken.reduce((sum, each) => sum + 0.5 + weights[demand] * excessOf(each, load.events), 0) / of;
  const brokenShareAtMost = shareAtMost(brokenIn, of);
  const verdict: DemandVerdict = {
    demand,
    brokenIn,
    of,
    brokenShareAtMost,
    confidence: `${brokenIn === 0 ? "none" : brokenIn} of ${of}; at most ${percent(brokenShareAtMost)} at ${percent(confidence)}`,
    sentence: sentenceOf(demand, worst, measures, question, brokenIn, of),
  };
  return { verdict, distance };
}

/** By doublings of what is allowed; where nothing is, by the share of the events that it happens to. */
function excessOf({ value, allowed }: Measure, events: number): number {
  if (!Number.isFinite(value)) return farthest;
  return Math.min(farthest, allowed > 0 ? Math.log2(value / allowed) : Math.log2(1 + (value / events) * 100));
}

function measureOf(demand: Demand, run: Figures, question: Question, load: Load, monthly: Monthly): Measure {
  const { summary, details } = run;
  switch (demand) {
    case "limit":
      return { value: peakOf(run, question) ?? Number.POSITIVE_INFINITY, allowed: load.limit.calls };
    case "loss":
      return { value: lostIn(run), allowed: allowedLoss(question, load.events) };
    case "wait":
      return { value: details.waitMs?.oldest ?? Number.POSITIVE_INFINITY, allowed: question.maxWaitMs! };
    case "order":
      return { value: details.order?.outOfOrder ?? 0, allowed: 0 };
    case "duplicates":
      return { value: summary.duplicates, allowed: 0 };
    case "spikes":
      return {
        value: Math.max(0, ...(details.spikes?.each ?? []).map(({ waitingAtNext }) => waitingAtNext ?? load.events)),
        allowed: 0,
      };
    case "budget":
      return { value: monthly(run) ?? 0, allowed: question.budgetDollars! };
  }
}

function sentenceOf(
  demand: Demand,
  worst: Measure | null,
  measures: readonly Measure[],
  { limit, everyMs }: Question,
  brokenIn: number,
  of: number,
): string {
  const { value, allowed } = worst ?? measures.reduce((most, each) => (each.value > most.value ? each : most));
  const inRuns = brokenIn === 0 ? "" : ` in ${brokenIn} of ${countWords(of, "run")}`;
  const unit = limit.endsWith("m") ? "a minute" : "a second";
  const window = /^[\d]+\//.test(limit) ? unit : "a window";
  switch (demand) {
    case "limit":
      return `at the peak ${countWords(value, "call")} in ${window}: ${brokenIn ? "over" : "within"} the limit of ${limit}${inRuns}`;
    case "loss":
      return brokenIn
        ? `${countWords(value, "event")} lost${inRuns}`
        : value === 0
          ? "nothing lost"
          : `${countWords(value, "event")} lost, no more than allowed`;
    case "wait":
      return `the oldest waits ${Number.isFinite(value) ? timeWords(value) : "for ever"}: ${brokenIn ? "longer than" : "within"} ${timeWords(allowed)}${inRuns}`;
    case "order":
      return brokenIn ? `${countWords(value, "event")} out of order${inRuns}` : "all in order";
    case "duplicates":
      return brokenIn ? `${countWords(value, "event")} worked twice${inRuns}` : "nothing worked twice";
    case "spikes":
      return brokenIn
        ? `${countWords(value, "event")} still wait when the next spike comes after ${timeWords(everyMs!)}${inRuns}`
        : `a spike is worked off before the next comes after ${timeWords(everyMs!)}`;
    case "budget":
      return `${value.toFixed(2)} USD a month: ${brokenIn ? "over" : "within"} the budget of ${allowed.toFixed(2)}${inRuns}`;
  }
}

function figuresOf(runs: readonly Figures[], question: Question, monthly: Monthly): CandidateFigures {
  const each = (value: (run: Figures) => number | null) => intervalOf(runs.map(value));
  return {
    peakCalls: each((run) => peakOf(run, question)),
    lost: each(lostIn),
    waitOldestMs: each(({ details }) => details.waitMs?.oldest ?? null),
    waitP95Ms: each(({ details }) => details.waitMs?.p95 ?? null),
    drainedMs: each(({ summary }) => summary.timeTakenSeconds && summary.timeTakenSeconds * 1_000),
    costPerMonth: each(monthly),
    costPerMillionEvents: each(({ cost }) => cost?.perMillionEvents ?? null),
    throttles: each(({ details }) => details.throttles),
    outOfOrder: each(({ details }) => details.order?.outOfOrder ?? null),
    duplicates: each(({ summary }) => summary.duplicates),
    maxConcurrency: each(({ summary }) => summary.maxConcurrency),
  };
}

/** The most calls that began in one window; null: it is not known. */
function peakOf(run: Figures, { limit, toleranceMs }: Question): number | null {
  const expected = {
    limit: { limit, toleranceMs, origin: "flag" as const },
    maxLoss: null,
    maxWait: null,
    claims: null,
  };
  return verdictOf([run], expected).limit?.peak?.atMost ?? null;
}

function lostIn({ summary }: Figures): number {
  return summary.eventsFailed + Math.max(0, summary.eventsMissing);
}

/**
 * The share of runs that break something, with 95% confidence: the bound of Clopper and Pearson. Where none of n did it is nearly three
 * over n.
 */
export function shareAtMost(broken: number, of: number): number {
  if (broken >= of) return 1;
  if (broken === 0) return Math.min(1, 3 / of);
  let [low, high] = [broken / of, 1];
  for (let step = 0; step < 50; step++) {
    const middle = (low + high) / 2;
    if (atMost(broken, of, middle) > 1 - confidence) low = middle;
    else high = middle;
  }
  return high;
}

/** The chance that no more than so many of n runs break it where each does with this chance. */
function atMost(broken: number, of: number, share: number): number {
  let term = (1 - share) ** of;
  let sum = term;
  for (let count = 1; count <= broken; count++) {
    term *= ((of - count + 1) / count) * (share / (1 - share));
    sum += term;
  }
  return sum;
}

function percent(share: number): string {
  return `${Number((share * 100).toPrecision(2))}%`;
}
