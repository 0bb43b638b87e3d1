/** The words of a comparison, for every format: figures, differences, verdicts, and how they were reached. */
import { type Comparison, type FigureComparison, regressionsOf, type Threshold } from "../../metrics/compare.ts";
import { type Figure, figures, toThreeDecimals, type Unit } from "../../metrics/figures.ts";
import { fewestRepeats } from "../../metrics/judgement.ts";
import { provenance as spreadProvenance } from "../../metrics/known-spread.ts";
import { originText, type Side } from "../../metrics/sides.ts";
import { median } from "../../metrics/statistics.ts";
import type { Cell } from "../document.ts";
import { figure, missing, signed, signedPercentage, withInterval } from "../figures.ts";
import { labelled } from "../labels.ts";
import { verdictParts } from "../verdict.ts";
import { provenanceText } from "../words.ts";
import { choiceText, wayName } from "./choice.ts";

/** More settings than these would hide the name that they stand behind. */
const mostMarks = 3;

/** Names the two sides. A prediction and a measurement are called by their kind, and two ways by their names. */
export function sideLabels({ method, base, candidate, choice }: Comparison): { base: string; candidate: string } {
  if (choice !== null) return { base: wayName(choice.base), candidate: wayName(choice.candidate) };
  return method === "prediction"
    ? { base: base.kind, candidate: candidate.kind }
    : { base: "base", candidate: "candidate" };
}

/** The labels with what was set on one side and not on the other, where these are few things. */
export function sideNames(comparison: Comparison): { base: string; candidate: string } {
  const { base, candidate, differences, choice, method } = comparison;
  const labels = sideLabels(comparison);
  const set = differences.filter(({ what }) => base.settings[what] ?? candidate.settings[what] ?? null);
  if (choice !== null || method === "prediction" || set.length === 0 || set.length > mostMarks) return labels;
  const named = (side: "base" | "candidate") =>
    labelled(
      labels[side],
      set.map((one) => `${one.what}=${one[side]}`),
    );
  return { base: named("base"), candidate: named("candidate") };
}

/** `Cost: 4.85 USD per million events.`; null: nobody recorded it. */
export function sideCost({ runs }: Side): string | null {
  const values = runs.map(({ costPerMillionEvents }) => costPerMillionEvents).filter((value) => value !== null);
  if (values.length < runs.length) return null;
  return `Cost: ${figure(median(values), "dollars")} per million events.`;
}

/** The head of the column of differences, which holds intervals with repeats only. */
export function differenceHead({ method, base, alpha }: Comparison): Cell {
  if (method === "prediction") {
    return { text: base.kind === "prediction" ? "measured − predicted" : "predicted − measured" };
  }
  return { text: "difference", ...(method === "rank-test" && { aside: `[${percent(1 - alpha)} interval]` }) };
}

/** A side's median, or a prediction's interval. */
export function sideFigure(side: Side, value: number | null, { figure: name, predicted }: FigureComparison): string {
  return predicted && side.kind === "prediction" ? withInterval(predicted, figures[name].unit) : amount(value, name);
}

function amount(value: number | null, name: Figure): string {
  const { unit } = figures[name];
  // A median of counts can lie between two counts.
  const isBetween = value !== null && !Number.isInteger(value) && (unit === "events" || unit === "count");
  return isBetween ? String(value) : figure(value, unit);
}

/** "~": the difference may be chance. */
export function differenceCell({ figure: name, difference, relative, verdict, interval }: FigureComparison): Cell {
  if (difference === null) return { text: missing };
  if (verdict === "same") return { text: "0" };
  if (verdict === "noise") return { text: "~" };
  const { unit } = figures[name];
  const share = relative === null ? "" : ` (${signedPercentage(relative)})`;
  return {
    text: `${signed(difference, unit)}${share}`,
    ...(interval && { aside: `[${bare(interval.low, unit, difference)}, ${bare(interval.high, unit, difference)}]` }),
  };
}

export function verdictCell(comparison: FigureComparison, method: Comparison["method"], isOfWays = false): Cell {
  const { figure, verdict, p, noise, threshold, isRegression } = comparison;
  const words = {
    better: "better",
    worse: "worse",
    changed: "changed",
    same: "same",
    noise: "~",
    small: "too small to matter",
    unknown: "not judged",
    inside: "as predicted",
    outside: "not as predicted",
  }[verdict];
  const evidence = [
    ...(p === null ? [] : [p < 0.001 ? "p<0.001" : `p=${p.toFixed(3)}`]),
    ...(noise === null || verdict === "same"
      ? []
      : [`noise up to ${signed(noise, figures[figure].unit).replace(/^\+/, "")}`]),
    ...(method === "exact" && verdict !== "same" && verdict !== "unknown" ? ["exact"] : []),
    ...(threshold === null ? [] : [`${isRegression ? "more than" : "threshold"} ${thresholdText(threshold)}`]),
  ];
  const tone = toneOf(comparison);
  // Whoever chooses between two ways is told where one is better; of figures without a better way the difference is all there is.
  const isUntold = verdict === "changed" || verdict === "unknown" || method === "none";
  if (isOfWays && isUntold && threshold === null) return { text: "" };
  return {
    text: isRegression ? words.replace(/^\w+/, (word) => word.toUpperCase()) : words,
    ...(evidence.length > 0 && { aside: `(${evidence.join(", ")})` }),
    ...(tone && { tone }),
  };
}

export function toneOf({ isRegression, verdict }: FigureComparison): Cell["tone"] {
  if (isRegression) return "bad";
  return verdict === "better" ? "good" : undefined;
}

function thresholdText(threshold: Threshold): string {
  return "share" in threshold ? percent(threshold.share) : String(threshold.amount);
}

/** `10 runs, PREDICTION (local, platform 2026, seeds 1-10)` */
export function sideText(side: Side): string {
  const provenance = provenanceText(side.kind.toUpperCase(), {
    ...side,
    target: originText(side),
    seeds: side.seeds ?? [],
  });
  return `${side.name}, ${count(side.runs.length, "run")}, ${provenance}`;
}

/** Names the things that are unlike besides the figures; null: there are none. */
export function differencesText({ differences, choice }: Comparison): string | null {
  if (differences.length === 0) return null;
  const what = choice === null ? "their figures" : "what they do with the burst";
  const each = differences.map(({ what, base, candidate }) => `${what} ${base} → ${candidate}`);
  return `The sides are unlike in more than ${what}: ${each.join(", ")}.`;
}

/** Says how a difference was told from chance. */
export function methodText({
  method,
  base,
  candidate,
  choice,
  alpha,
  minimumEffect,
  isTooFewRuns,
}: Comparison): string {
  const matter = `below ${percent(minimumEffect)} a difference is too small to matter`;
  switch (method) {
    case "exact":
      return `The same seeds of one model: every difference is exact, a change of the model and no noise; ${matter}.`;
    case "rank-test": {
      const few = isTooFewRuns
        ? " So few runs cannot show a difference at that level, however large: repeat more often."
        : "";
      return `Medians of ${base.runs.length} and ${candidate.runs.length} runs; rank test with a false alarm in at most ${percent(alpha)} of comparisons; ~ may be chance, ${matter}.${few}`;
    }
    case "known-spread": {
      const isModel = base.origin === "local" && candidate.origin === "local";
      const doubt = isModel ? "" : " An account's spread is not known and may be wider.";
      return `Too few runs for a test, so that a difference counts when it is larger than any between ${spreadProvenance.runs} runs of the local model that differed in their seed alone; ~ may be chance, ${matter}.${doubt} With --repeat ${fewestRepeats} or more there is a test.`;
    }
    case "prediction": {
      const { runs, ranges } = base.kind === "prediction" ? base : candidate;
      if (runs.length < fewestRepeats) {
        return `So few predictions do not show how far chance carries a figure. Run --repeat 20 (at least ${fewestRepeats}), with --ranges to allow also for what is not known of AWS; a figure is then as predicted when it lies in the 5-95% interval.`;
      }
      const drawn = ranges
        ? ", each with the numbers that AWS does not publish drawn from what is plausible"
        : ", which differ by chance alone; --ranges adds what is not known of AWS";
      return `A figure is as predicted when the measured one lies in the 5-95% interval of the prediction's ${runs.length} runs${drawn}. Of figures that the model gets right, one in ten lies outside; ${matter}.`;
    }
    case "none":
      if (choice !== null) {
        return `Single runs, and how far chance carries them is not known of both: with --repeat ${fewestRepeats} or more there is a test.`;
      }
      return `Too few runs for a test, and the spread of such runs is not known: only figures with a threshold are judged. Make runs with --repeat ${fewestRepeats} or more.`;
  }
}

/** The last line names the figures that got worse, and those that got better. */
export function conclusionText(comparison: Comparison): string {
  const { choice } = comparison;
  if (choice !== null) return [choiceText(choice), ...beyondThreshold(comparison)].join(" ");
  if (comparison.method === "prediction") return predictionText(comparison);
  return changeText(comparison);
}

function predictionText(comparison: Comparison): string {
  const { scenario } = comparison;
  const known = comparison.figures.filter(({ difference }) => difference !== null);
  const apart = known.filter(({ difference }) => difference !== 0).map(named);
  const outside = known.filter(({ verdict }) => verdict === "outside").map(named);
  const isJudged = known.some(({ predicted }) => predicted !== null);
  const judged =
    outside.length > 0
      ? `Not as predicted in ${scenario}: ${outside.join(", ")}.`
      : `All ${known.length} known figures of ${scenario} are as predicted.`;
  const unjudged = `The prediction of ${scenario} has too few runs to be judged; measured and predicted differ in ${apart.join(", ") || "nothing"}.`;
  return [...beyondThreshold(comparison), isJudged ? judged : unjudged].join(" ");
}

function beyondThreshold(comparison: Comparison): string[] {
  const beyond = regressionsOf(comparison).map(named);
  return beyond.length > 0 ? [`Beyond the threshold in ${comparison.scenario}: ${beyond.join(", ")}.`] : [];
}

function named({ figure: name, difference, relative }: FigureComparison): string {
  const change = relative === null ? signed(difference!, figures[name].unit) : signedPercentage(relative);
  return `${figures[name].name} ${change}`;
}

function changeText(comparison: Comparison): string {
  const slipped = regressionsOf(comparison).map(named).join(", ");
  const worse = [...turnedTexts(comparison), ...(slipped === "" ? [] : [slipped])];
  const better = comparison.figures.filter(({ verdict }) => verdict === "better").map(named);
  const changed = comparison.figures.filter((one) => one.verdict === "changed" && !one.isRegression).map(named);
  return [
    worse.length > 0
      ? `Regression in ${comparison.scenario}: ${worse.join("; ")}.`
      : `No regression in ${comparison.scenario}.`,
    ...(better.length > 0 ? [`Better: ${better.join(", ")}.`] : []),
    ...(changed.length > 0 ? [`Changed, for better or worse: ${changed.join(", ")}.`] : []),
  ].join(" ");
}

/** Says what a verdict turned to, and from what. */
function turnedTexts({ verdicts: { candidate, turned } }: Comparison): string[] {
  const before: Record<(typeof turned)[number], string> = {
    limit: "where it was kept before",
    loss: "where none was lost before",
    "keeps-order": "which it kept before",
    "no-duplicates": "where there were none before",
    "no-throttles": "where there were none before",
  };
  const parts = verdictParts(candidate);
  return turned.map((what) => `${parts.find(({ about }) => about === what)!.text}, ${before[what]}`);
}

function count(items: number, noun: string): string {
  return `${items} ${noun}${items === 1 ? "" : "s"}`;
}

/** `5%`, `2.5%` */
function percent(share: number): string {
  return `${toThreeDecimals(share * 100)}%`;
}

/** Without the unit, which the difference beside it has. */
function bare(difference: number, unit: Unit, beside: number): string {
  return signed(difference, unit, beside).replace(/ .*/, "");
}
