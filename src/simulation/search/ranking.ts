/** Ranks candidates: what keeps all that is asked, then loss, wait, cost and simplicity. The order does not depend on how they came. */
import type { Interval } from "../../model.ts";
import type { CandidateFigures, CandidateStanding } from "./answer.ts";

export interface Rankable {
  key: string;
  standing: CandidateStanding;
  /** how far it is from keeping everything; 0 where it does */
  distance: number;
  figures: CandidateFigures;
  movingParts: number;
}

/** A wait within a half of the best, and a cost within a quarter or a dollar a month, decide nothing before simplicity does. */
const alikeWait = 1.5;
const alikeCost = 1.25;
const negligibleMs = 1_000;
const negligibleDollars = 1;

const standings: readonly CandidateStanding[] = ["keeps", "doubtful", "breaks"];

/** The best first. No two are equal: at last the key decides. */
export function rankedOf<Candidate extends Rankable>(candidates: readonly Candidate[]): Candidate[] {
  // Steps are counted from the best, so that what is alike to it is one with it, whatever else there is.
  const kept = candidates.filter(({ standing }) => standing !== "breaks");
  const among = kept.length > 0 ? kept : candidates;
  const leastWait = Math.min(...among.map(({ figures }) => waitOf(figures)));
  const leastCost = Math.min(...among.map(({ figures }) => costOf(figures)));
  const rankOf = ({ standing, distance, figures, movingParts }: Candidate): number[] => {
    const [wait, cost] = [waitOf(figures), costOf(figures)];
    const isBroken = standing === "breaks";
    return [
      standings.indexOf(standing),
      isBroken ? distance : 0,
      isBroken ? 0 : middle(figures.lost, 0),
      stepsAbove(wait, leastWait, negligibleMs, alikeWait),
      stepsAbove(cost, leastCost, negligibleDollars, alikeCost),
      movingParts,
      wait,
      cost,
    ];
  };
  const ranks = new Map(candidates.map((candidate) => [candidate, rankOf(candidate)]));
  return candidates.toSorted((one, other) => {
    const [left, right] = [ranks.get(one)!, ranks.get(other)!];
    const at = left.findIndex((value, index) => value !== right[index]);
    if (at !== -1) return left[at]! < right[at]! ? -1 : 1;
    return one.key < other.key ? -1 : one.key > other.key ? 1 : 0;
  });
}

/** The candidates that no other beats in wait, cost and peak at once, the shortest wait first. Of two that are equal in all, the first stands. */
export function frontierOf<Candidate extends Pick<Rankable, "figures">>(candidates: readonly Candidate[]): Candidate[] {
  const valuesOf = ({ figures }: Candidate) => [
    waitOf(figures),
    costOf(figures),
    middle(figures.peakCalls, Number.MAX_VALUE),
  ];
  const isBeaten = (candidate: Candidate, index: number) =>
    candidates.some((other, position) => {
      if (other === candidate) return false;
      const [mine, its] = [valuesOf(candidate), valuesOf(other)];
      const isNowhereWorse = its.every((value, at) => value <= mine[at]!);
      const isSomewhereBetter = its.some((value, at) => value < mine[at]!);
      return isNowhereWorse && (isSomewhereBetter || position < index);
    });
  return candidates
    .filter((candidate, index) => !isBeaten(candidate, index))
    .toSorted((one, other) => valuesOf(one)[0]! - valuesOf(other)[0]!);
}

function waitOf({ waitOldestMs }: CandidateFigures): number {
  return middle(waitOldestMs, Number.MAX_VALUE);
}

function costOf({ costPerMonth }: CandidateFigures): number {
  return middle(costPerMonth, Number.MAX_VALUE);
}

function middle(interval: Interval | null, otherwise: number): number {
  return interval?.median ?? otherwise;
}

/** Steps of a factor above what is as good as the least value. */
function stepsAbove(value: number, least: number, negligible: number, factor: number): number {
  const asGood = Math.max(least + negligible, least * factor);
  return value <= asGood ? 0 : 1 + Math.floor(Math.log(value / asGood) / Math.log(factor));
}
