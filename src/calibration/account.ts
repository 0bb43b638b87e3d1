/** Fits the model's constants to an account's probes, by rows and by throttles; a constant that stays undecided has a reason. */
import { median } from "../metrics/statistics.ts";
import type { CalibratedConstant, Figures, RunRecord } from "../model.ts";
import { type Estimate, estimates, probeThatShows } from "./estimates.ts";
import { backoffOf, type Found, type HoldCount, type IntervalMs } from "./holds.ts";
import type { Observations } from "./observations.ts";
import { type ProbeName, probes } from "./probes.ts";
import { type Trial, valueOfFigures } from "./response.ts";

export type ProbeRecords = Partial<Record<ProbeName, RunRecord>>;

/** A number of the model that AWS does not publish. */
export interface Unpublished {
  value: number;
  range: readonly [low: number, high: number];
}

/** The local model, as far as a fit needs it. */
export interface Model {
  /** by name */
  unpublished: Record<string, Unpublished>;
  backoffMs: IntervalMs;
  /** How long a slot of a mapping at `MaximumConcurrency` stays free on average after an invocation of so long. */
  freeSlotMs(busyMs: number): number;
  /** Runs a probe in the model: for each set of constants, a run of each of several seeds. */
  simulate(probe: ProbeName, constants: Record<string, number>[]): Promise<Pick<Figures, "details">[][]>;
}

export interface Fit {
  constants: Record<string, CalibratedConstant>;
  /** reasons by the constants' names */
  undecided: Record<string, string>;
}

const overhead = "mapping.overheadMs";
const base = "mapping.throttleBackoffBaseMs";
const cap = "mapping.throttleBackoffCapMs";
const jitter = "mapping.throttleBackoffJitter";
const pollers = "mapping.troubledPollers";
const readGrowth = "lambda.asyncReadGrowthPerSecond";

/** An account's number may lie outside the plausible range by this factor. */
const beyond = 3;

/** `observations` come from the probes whose rows are there. Every unpublished constant is in one of the fit's two parts. */
export async function fitAccount(records: ProbeRecords, observations: Observations, model: Model): Promise<Fit> {
  const seen = estimates(observations, model.unpublished["mapping.overheadSpread"]!, model.freeSlotMs);
  const findings: Findings = {
    ...seen,
    ...backoff(records, seen[overhead]?.value ?? platformValueOf(model, overhead), model),
    [pollers]: troubledPollers(records),
  };
  findings[readGrowth] = await growthOfReading(records, valuesOf(findings), model);
  for (const name of Object.keys(model.unpublished)) findings[name] ??= reasonOf(name, records, observations);
  const fit: Fit = { constants: {}, undecided: {} };
  for (const [name, finding] of Object.entries(findings)) {
    if (typeof finding === "string") fit.undecided[name] = finding;
    else fit.constants[name] = constantOf(finding, platformValueOf(model, name));
  }
  return fit;
}

/** By the constants' names an estimate, or the reason why the constant stays undecided. */
type Findings = Record<string, Estimate | string>;

function platformValueOf({ unpublished }: Model, name: string): number {
  return unpublished[name]!.value;
}

function valuesOf(findings: Findings): Record<string, number> {
  return Object.fromEntries(
    Object.entries(findings).flatMap(([name, finding]) => (typeof finding === "string" ? [] : [[name, finding.value]])),
  );
}

/** Rounds to four digits, which are more than is known of most constants. */
function constantOf({ value, low, high, ...rest }: Estimate, platformValue: number): CalibratedConstant {
  const rounded = (number: number) => Number(number.toPrecision(4));
  return { value: rounded(value), interval: [rounded(low), rounded(high)], platformValue, ...rest };
}

function reasonOf(name: string, records: ProbeRecords, observations: Observations): string {
  const probe = probeThatShows(name);
  if (probe === undefined) return "no probe shows it";
  if (records[probe] === undefined) return `there is no run of the probe ${probe}`;
  const hasRows = observations[probe as keyof Observations] !== undefined;
  return hasRows
    ? `the probe ${probe}, or a probe that it builds on, shows too little of it`
    : `the rows of the probe ${probe} are not in the database`;
}

function backoff(records: ProbeRecords, overheadMs: number, model: Model): Findings {
  const counts = probes.flatMap(({ name, hold, events }): HoldCount[] => {
    const throttles = records[name]?.details.throttles ?? null;
    if (hold === null || throttles === null) return [];
    // The first throttle comes after half of a loop's overhead.
    return [{ holdMs: hold.seconds * 1_000 - overheadMs / 2, holds: events * hold.receives, throttles }];
  });
  const refuse = (reason: string): Findings => ({ [base]: reason, [cap]: reason, [jitter]: reason });
  if (counts.length < 2) return refuse("fewer than two probes that hold messages have their throttles");
  const ranges = { baseMs: widened(model, base), capMs: widened(model, cap) };
  const fitted = backoffOf(counts, ranges, platformValueOf(model, jitter), model.backoffMs);
  if (fitted.misfit) return refuse("no back-off like the model's causes as many throttles as the probes counted");
  const holds = counts.reduce((sum, count) => sum + count.holds, 0);
  const how = `throttles of ${counts.length} lengths of hold, all three together`;
  const finding = (found: Found | null): Estimate | string =>
    found
      ? { ...found, observations: holds, probe: "hold-1s", how }
      : "the throttles fit more than half of its plausible range";
  return { [base]: finding(fitted.baseMs), [cap]: finding(fitted.capMs), [jitter]: finding(fitted.jitter) };
}

/** In the first minutes, some messages in flight belong to pollers that have not been cut yet. */
const settlingMinutes = 3;

/** Counts the pollers: while every message is held, each poller has one in flight. */
function troubledPollers(records: ProbeRecords): Estimate | string {
  const series = records["hold-40s"]?.metrics.find(
    ({ name }) => name === "queue.ApproximateNumberOfMessagesNotVisible",
  );
  // In the last minute there may be fewer messages than pollers.
  const settled = (series?.points ?? []).slice(settlingMinutes, -1).map(({ value }) => value);
  if (settled.length === 0) return "the probe hold-40s has too few minutes of messages in flight";
  return {
    value: Math.round(median(settled)),
    low: Math.min(...settled),
    high: Math.max(...settled),
    observations: settled.length,
    probe: "hold-40s",
    how: "most messages in flight in a minute, after pollers had been cut",
  };
}

const coarseTrials = 10;
const fineTrials = 8;
/** A constant is undecided when its interval is wider than this share of the possible values, by their logarithms. */
const undecidedShare = 0.8;

/**
 * Fits how fast a function's events are read again after throttles, which no row shows: the model runs the probe with several values,
 * until throttles and latencies are as measured. The other numbers of the reading stay the platform's: two figures decide no more.
 */
async function growthOfReading(
  records: ProbeRecords,
  known: Record<string, number>,
  model: Model,
): Promise<Estimate | string> {
  const measured = records.retries && decidingFigures(records.retries);
  if (!measured) return "there is no run of the probe retries with its throttles and latencies";
  const answerBetween = async (low: number, high: number, count: number) => {
    const logarithms = Array.from({ length: count }, (_, index) => low + ((high - low) * index) / (count - 1));
    const runs = await model.simulate(
      "retries",
      logarithms.map((value) => ({ ...known, [readGrowth]: Math.exp(value) })),
    );
    const trials = logarithms.map(
      (value, index): Trial => ({ value, runs: runs[index]!.flatMap((run) => [decidingFigures(run) ?? []]) }),
    );
    return valueOfFigures(trials, measured);
  };
  const [low, high] = widened(model, readGrowth).map(Math.log) as [number, number];
  const coarse = await answerBetween(low, high, coarseTrials);
  const step = (high - low) / (coarseTrials - 1);
  const answer = coarse.misfit
    ? coarse
    : await answerBetween(Math.max(low, coarse.low - step), Math.min(high, coarse.high + step), fineTrials);
  if (answer.misfit) return "no value makes the model throttle and delay the probe retries as much as was measured";
  if (answer.high - answer.low > undecidedShare * (high - low)) return "the probe retries fits nearly any value";
  const how = "runs of the model that give the measured throttles and latencies";
  return {
    value: Math.exp(answer.value),
    low: Math.exp(answer.low),
    high: Math.exp(answer.high),
    observations: records.retries!.summary.eventsCompleted,
    probe: "retries",
    how,
  };
}

/** Takes logarithms, whose scatter does not depend on the size. The middle wait is left out, because it changes in a leap. */
function decidingFigures({ details: { throttles, waitMs } }: Pick<Figures, "details">): number[] | undefined {
  if (!throttles || waitMs === null) return undefined;
  return [throttles, waitMs.p95].map(Math.log);
}

function widened({ unpublished }: Model, name: string): readonly [number, number] {
  const [low, high] = unpublished[name]!.range;
  return [low / beyond, high * beyond];
}
