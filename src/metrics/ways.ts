/** Ways of throttling side by side: what the runs of each say together, and which keep the limit without losing anything. */
import { parseLimit } from "../../infra/handlers/limit.ts";
import type { Expectations, Interval, RunRecord, RunVerdict, Scenario } from "../model.ts";
import { type Figure, type FigureValues, readFigures } from "./figures.ts";
import type { Side } from "./sides.ts";
import { intervalOf, type Run, runsOf } from "./uncertainty.ts";
import { type JudgedRun, verdictOf } from "./verdict.ts";

/** A scenario as a comparison of ways names it. */
export type WayName = Pick<Scenario, "name" | "alias" | "title" | "topology"> & {
  /** a sentence; null: nobody wrote one */
  whenToUse: string | null;
  /** what tells it from other ways of its name, such as `WorkMs=800`; absent where the name does */
  apart?: readonly string[];
};

/** Where the runs of a way come from. */
export interface WayRuns extends Pick<RunRecord, "kind"> {
  target: Side["origin"];
  platform: Side["platform"];
  /** the name of the profile; null: the platform's own numbers, or no prediction */
  profile: string | null;
  /** null: AWS's own, or none */
  endpoint: string | null;
  /** ascending; empty: runs on an account */
  seeds: number[];
  /** whether each drew the numbers that AWS does not publish */
  ranges: boolean;
  /** in the burst of each */
  events: number;
}

/** The figures of a way, in the order of a comparison. */
export interface WayFigures<Value> {
  /** most calls that began in one window of the limit, or without a limit in one second */
  peakCalls: Value;
  /** failed and missing events */
  lost: Value;
  timeTakenSeconds: Value;
  waitOldestMs: Value;
  outOfOrderShare: Value;
  duplicates: Value;
  throttles: Value;
  costPerMillionEvents: Value;
}

/** A way of throttling by its runs. */
export interface Way extends WayName {
  runs: WayRuns;
  verdict: RunVerdict;
  /** by figure the median and the 5-95% interval of the runs; null: not every run has it */
  figures: WayFigures<Interval | null>;
}

/** The best first. `unjudged`: nobody gave a limit, or the calls of its runs are not known. */
export const standings = ["keeps, loses nothing", "keeps, loses", "unjudged", "exceeds", "does not throttle"] as const;

/** The figures of a way: how it treats its limit and the events. */
export type Standing = (typeof standings)[number];

/** So many times the limit at a way's peak are no throttle for it. */
export const noThrottleFactor = 10;

export function wayNameOf({ name, alias, title, topology, whenToUse }: Scenario): WayName {
  return { name, alias, title, topology, whenToUse };
}

/** A way of which nothing but the name is known. */
export function unknownWay(name: string): WayName {
  return { name, alias: null, title: name, topology: [], whenToUse: null };
}

/** `runs`: at least one. */
export function wayOf(name: WayName, from: WayRuns, runs: readonly Run[], expected: Expectations): Way {
  return wayByFigures(name, from, runs, runs.map(readFigures), expected);
}

/** The way of a side of a comparison. */
export function wayOfSide(name: WayName, side: Side, expected: Expectations): Way {
  const { kind, origin, platform, profile, endpoint, seeds, ranges, totalEvents } = side;
  const from = { kind, target: origin, platform, profile, endpoint, seeds: seeds ?? [], ranges, events: totalEvents };
  return wayByFigures(name, from, side.judged, side.runs, expected);
}

function wayByFigures(
  name: WayName,
  from: WayRuns,
  runs: readonly JudgedRun[],
  values: readonly FigureValues[],
  expected: Expectations,
): Way {
  const each = (value: (run: JudgedRun) => number | null) => intervalOf(runs.map(value));
  const figure = (of: Figure) => intervalOf(values.map((run) => run[of]));
  return {
    ...name,
    runs: from,
    verdict: verdictOf(runs, expected),
    figures: {
      peakCalls: each((run) => peakOf(run, expected)),
      lost: each(({ summary }) => summary.eventsFailed + Math.max(0, summary.eventsMissing)),
      timeTakenSeconds: figure("timeTakenSeconds"),
      waitOldestMs: figure("waitOldestMs"),
      outOfOrderShare: figure("outOfOrderShare"),
      duplicates: figure("duplicates"),
      throttles: figure("throttles"),
      costPerMillionEvents: figure("costPerMillionEvents"),
    },
  };
}

/** The way of a record by all runs that the record holds. */
export function wayOfRecord(name: WayName, record: RunRecord): Way {
  const { kind, target, platform, profile, location, uncertainty, seed, summary } = record;
  const runs = runsOf(record);
  const from: WayRuns = {
    kind,
    target,
    platform,
    profile: profile?.name ?? null,
    endpoint: location.endpoint,
    seeds: uncertainty === null ? [seed].filter((one) => one !== null) : runs.flatMap((run) => run.seed ?? []),
    ranges: uncertainty?.ranges ?? false,
    events: summary.totalEvents,
  };
  return wayOf(name, from, runs, record.expected ?? { limit: null, maxLoss: null, maxWait: null, claims: null });
}

function peakOf(run: JudgedRun, { limit }: Expectations): number | null {
  if (limit === null) return run.calls?.peaks.perSecond.at(-1)?.peak ?? null;
  return verdictOf([run], { limit, maxLoss: null, maxWait: null, claims: null }).limit?.peak?.atMost ?? null;
}

/** A way loses events when one of its runs does, and exceeds its limit likewise. */
export function standingOf({ verdict: { limit, loss }, figures: { peakCalls } }: Way): Standing {
  if (limit === null || limit.status === "unknown") return "unjudged";
  if (limit.status === "exceeded") {
    const isThrottle = (peakCalls?.median ?? 0) < noThrottleFactor * parseLimit(limit.limit)!.calls;
    return isThrottle ? "exceeds" : "does not throttle";
  }
  return loss.lostIn === 0 ? "keeps, loses nothing" : "keeps, loses";
}

/**
 * The order in which a reader finds the answer: ways that keep their limit and lose nothing, the fastest first; then those that lose
 * little; last those that exceed the limit, the lowest peak first, down to those that do not throttle.
 */
export function ranked(ways: readonly Way[]): Way[] {
  return ways.toSorted((one, other) => {
    const by = rankedBy(one, other);
    return by === null ? one.name.localeCompare(other.name, "en") : rankOf(one)[by] - rankOf(other)[by];
  });
}

/** Ways are ranked by these; the earlier counts first. */
const criteria = ["standing", "peakCalls", "lost", "timeTakenSeconds"] as const;

export type Criterion = (typeof criteria)[number];

/** Finds what ranks one of two ways before the other; null: nothing does. */
export function rankedBy(one: Way, other: Way): Criterion | null {
  const [left, right] = [rankOf(one), rankOf(other)];
  return criteria.find((by) => left[by] !== right[by]) ?? null;
}

/** The lower number comes first. What is not known comes last. */
function rankOf(way: Way): Record<Criterion, number> {
  const { peakCalls, lost, timeTakenSeconds } = way.figures;
  const standing = standingOf(way);
  const median = (interval: Interval | null) => interval?.median ?? Number.MAX_VALUE;
  return {
    standing: standings.indexOf(standing),
    peakCalls: standing === "exceeds" || standing === "does not throttle" ? median(peakCalls) : 0,
    lost: standing === "keeps, loses nothing" ? 0 : median(lost),
    timeTakenSeconds: median(timeTakenSeconds),
  };
}
