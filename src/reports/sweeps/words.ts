/** The words of a sweep, for every format: what is asked, how many cells keep it, which is the best, and what a cell is. */
import { parseLimit } from "../../../infra/handlers/limit.ts";
import { type Figure, figureNamed, figures, shortNames, type Unit } from "../../metrics/figures.ts";
import type { Expectations, Interval } from "../../model.ts";
import type { Axis, CellFigures, CellStanding, Sweep, SweptCell } from "../../simulation/sweep/sweep.ts";
import { numberText } from "../assumptions.ts";
import { briefDuration, figure, percentage, shortDuration } from "../figures.ts";
import { capitalised, listed } from "../text.ts";
import { verdictText } from "../verdict.ts";
import { provenanceText } from "../words.ts";

/** A figure of a map: those of a run, and the two that a verdict goes by. */
export type MapFigure = Figure | "peakCalls" | "lost";

/** A sweep as it is shown. */
export interface SweepView {
  sweep: Sweep;
  /** of the map */
  figure: MapFigure;
}

const ofVerdicts = {
  peakCalls: { name: "Most calls in one window of the limit", unit: "count" },
  lost: { name: "Events lost", unit: "events" },
} as const;

/** The names of all figures that a map may have. */
export const mapFigureNames: readonly string[] = [...Object.keys(ofVerdicts), ...shortNames];

/** undefined: there is none of this name. */
export function mapFigureNamed(name: string): MapFigure | undefined {
  return Object.hasOwn(ofVerdicts, name) ? (name as keyof typeof ofVerdicts) : figureNamed(name);
}

export function mapFigure(of: MapFigure): { name: string; unit: Unit } {
  return of === "peakCalls" || of === "lost" ? ofVerdicts[of] : figures[of];
}

/** Nobody waits longer to save a smaller share of the cost. */
const costThatMatters = 0.02;

/** In the order of their worth. */
export const standings = ["keeps", "doubtful", "breaks", "refused"] as const satisfies readonly CellStanding[];

export const marks: Record<CellStanding, string> = { keeps: "✓", doubtful: "~", breaks: "✗", refused: "—" };

/** A report that names more reasons is not read. */
const reasonsNamed = 3;

/** `scenario-4 (sqs-reserved-1)` */
export function wayText({ way: { name, alias } }: Sweep): string {
  return alias === null ? name : `${name} (${alias})`;
}

export function provenanceOf({ platform, profile, seeds }: Sweep): string {
  return provenanceText("PREDICTION", { target: "local", platform, profile, seeds });
}

/** `VisibilityTimeout=300 ReservedConcurrency=1` */
export function cellName(axes: readonly Axis[], { values }: Pick<SweptCell, "values">): string {
  return axes.map(({ name }, index) => `${name}=${values[index]}`).join(" ");
}

/** `1/s`; null: there is none, or the cells have different ones. */
export function commonLimit({ cells }: Sweep): string | null {
  const limits = new Set(cells.map(({ expected }) => expected.limit?.limit ?? null));
  return limits.size === 1 ? [...limits][0]! : null;
}

/** `keeps 1/s and loses nothing`; as a plural `keep 1/s and lose nothing`. */
export function askedText(sweep: Sweep, isPlural = false): string {
  const s = isPlural ? "" : "s";
  const { maxLoss, maxWait } = sweep.cells[0]!.expected;
  const isLimited = sweep.cells.some(({ expected }) => expected.limit !== null);
  const parts = [
    ...(isLimited ? [`keep${s} ${commonLimit(sweep) ?? "its limit"}`] : []),
    `lose${s} ${lossText(maxLoss)}`,
    ...(maxWait === null ? [] : [`let${s} no event wait longer than ${shortDuration(maxWait.allowedMs / 1_000)}`]),
  ];
  return listed(parts);
}

function lossText(maxLoss: Expectations["maxLoss"]): string {
  if (maxLoss === null) return "nothing";
  const { allowed } = maxLoss;
  if ("share" in allowed)
    return allowed.share === 0 ? "nothing" : `at most ${percentage(allowed.share).replace(".0%", "%")}`;
  return allowed.amount === 0 ? "nothing" : `at most ${allowed.amount} ${allowed.amount === 1 ? "event" : "events"}`;
}

/** `24 cells: VisibilityTimeout × ReservedConcurrency` */
export function cellsHeading({ axes, cells }: Sweep): string {
  return `${cells.length} cells: ${axes.map(({ name }) => name).join(" × ")}`;
}

/** How many cells keep what is asked, and the best of them; where none does, the one that comes nearest. */
export function conclusionText(sweep: Sweep): string {
  const { cells, axes, fastest, cheapest } = sweep;
  const keeping = cells.filter(({ standing }) => standing === "keeps").length;
  if (fastest === null || cheapest === null) {
    const nearest = nearestOf(sweep);
    const text = `No cell of ${cells.length} ${askedText(sweep)}.`;
    if (nearest === null) return text;
    return `${text} The nearest is ${cellName(axes, nearest)}: ${uncapitalised(verdictText(nearest.verdict!))}`;
  }
  const best = cells[fastest]!;
  const counted = `${capitalised(askedText(sweep))} in ${keeping} of ${cells.length} cells`;
  const fast = `the fastest is ${cellName(axes, best)}: ${figuresText(best)}`;
  if (!isMuchCheaper(cells[cheapest]!, best))
    return `${counted}; ${fast}${keeping > 1 ? ", and none is much cheaper" : ""}.`;
  return `${counted}; ${fast}; the cheapest is ${cellName(axes, cells[cheapest]!)}: ${figuresText(cells[cheapest]!)}.`;
}

function isMuchCheaper(one: SweptCell, other: SweptCell): boolean {
  const cost = (cell: SweptCell) => cell.figures?.costPerMillionEvents?.median ?? Number.MAX_VALUE;
  return cost(one) < (1 - costThatMatters) * cost(other);
}

/** `drained in 18 min, oldest wait 17 min, 2.60 USD per million events` */
function figuresText({ figures: all }: SweptCell): string {
  const seconds = (interval: Interval | null | undefined, perSecond: number) =>
    interval ? briefDuration(interval.median / perSecond) : null;
  const drained = seconds(all?.timeTakenSeconds, 1);
  const oldest = seconds(all?.waitOldestMs, 1_000);
  const cost = all?.costPerMillionEvents?.median;
  return [
    drained && `drained in ${drained}`,
    oldest && `oldest wait ${oldest}`,
    cost !== undefined && `${cost.toFixed(2)} USD per million events`,
  ]
    .filter(Boolean)
    .join(", ");
}

/** The cell that loses least and exceeds its limit least; null: all are refused. */
function nearestOf({ cells }: Sweep): SweptCell | null {
  const median = (cell: SweptCell, name: keyof CellFigures) => cell.figures?.[name]?.median ?? Number.MAX_VALUE;
  const excess = (cell: SweptCell) => {
    const limit = cell.expected.limit && parseLimit(cell.expected.limit.limit)!.calls;
    return limit === null ? 0 : Math.max(0, median(cell, "peakCalls") - limit) / limit;
  };
  const lost = (cell: SweptCell) => median(cell, "lost") / cell.events;
  const badness = (cell: SweptCell) => excess(cell) + lost(cell);
  const simulated = cells.filter(({ figures: known }) => known !== null);
  return simulated.reduce<SweptCell | null>(
    (nearest, cell) =>
      nearest === null ||
      badness(cell) < badness(nearest) ||
      (badness(cell) === badness(nearest) && median(cell, "timeTakenSeconds") < median(nearest, "timeTakenSeconds"))
        ? cell
        : nearest,
    null,
  );
}

/** Why cells are refused, each reason once with the number of its cells; the most frequent first. */
export function refusalLines({ cells }: Sweep): string[] {
  const counts = new Map<string, number>();
  for (const { refusal } of cells) if (refusal !== null) counts.set(refusal, (counts.get(refusal) ?? 0) + 1);
  const all = [...counts].sort(([, one], [, other]) => other - one);
  const rest = all.slice(reasonsNamed).reduce((sum, [, count]) => sum + count, 0);
  return [
    ...all.slice(0, reasonsNamed).map(([refusal, count]) => `AWS would refuse ${cellsText(count)}: ${refusal}`),
    ...(rest > 0 ? [`AWS would refuse ${cellsText(rest)} more, for like reasons; --json tells of each.`] : []),
  ];
}

/** How the figures came about, and what they rest on. */
export function methodText({ seeds, ranges, cells, axes }: Sweep): string {
  const burst = axes.some(({ of }) => of === "burst") ? "" : `${burstText(cells[0]!)} `;
  const runs =
    seeds.length === 1
      ? "One simulation of each cell"
      : `Medians of ${seeds.length} simulations of each cell, with the same seeds`;
  const drawn = ranges
    ? "each draws the numbers that AWS does not publish from their plausible ranges"
    : "the numbers that AWS does not publish are the model's own; --ranges draws them";
  return `${burst}${runs}; ${drawn}.`;
}

/** `Bursts of 1000 events.` · `Spikes of 1000 events, one every 10 min, 6 of them.` */
function burstText({ events, spikes }: SweptCell): string {
  if (spikes === undefined) return `Bursts of ${events} events.`;
  const { count, everyMs } = spikes;
  return `Spikes of ${events / count} events, one every ${shortDuration(everyMs / 1_000)}, ${count} fired.`;
}

/** `Set for all: …` and `Given: …`; no line without any. */
export function fixedLines({ fixed, assumptions, axes }: Sweep): string[] {
  const swept = new Set(axes.filter(({ of }) => of === "number").map(({ name }) => name));
  const given = assumptions.filter(
    ({ name, origin }) => ["given", "configuration"].includes(origin) && !swept.has(name),
  );
  const assumed = assumptions.filter(
    ({ name, origin }) =>
      origin !== "given" && origin !== "configuration" && name.startsWith("database.") && name !== "database.sigma",
  );
  return [
    ...(fixed.length > 0 ? [`Set for all: ${fixed.map(({ name, value }) => `${name}=${value}`).join(", ")}`] : []),
    ...(given.length > 0 ? [`Given: ${given.map((one) => `${one.name} ${numberText(one)}`).join(", ")}`] : []),
    ...(assumed.length > 0 ? [`Assumed: ${assumed.map(assumedText).join(", ")}`] : []),
  ];
}

function assumedText(one: Sweep["assumptions"][number]): string {
  const isDrawn = one.origin === "drawn" && one.range !== null;
  return `${one.name} ${isDrawn ? `${one.range![0]}-${one.range![1]} ${one.unit}` : numberText(one)}`;
}

/** `Oldest wait, the median of 5 runs`: names the figure of a map. */
export function figureText({ sweep: { seeds }, figure: of }: SweepView): string {
  return `${mapFigure(of).name}${seeds.length === 1 ? "" : `, median of ${seeds.length} runs`}`;
}

/** The whole verdict of a cell in a sentence. */
export function cellText(axes: readonly Axis[], cell: SweptCell): string {
  const what = cell.verdict === null ? `AWS would refuse it: ${cell.refusal}` : verdictText(cell.verdict);
  return `${cellName(axes, cell)}: ${marks[cell.standing]} ${what}`;
}

export function cellsText(count: number): string {
  return count === 1 ? "one cell" : `${count} cells`;
}

export function countText(value: number): string {
  return figure(value, "count");
}

function uncapitalised(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1);
}
