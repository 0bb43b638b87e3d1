/** The verdict on a run: does the downstream survive, are events lost, how long do they wait. */
import { type Limit, parseLimit } from "../../infra/handlers/limit.ts";
import type {
  Allowance,
  Bounds,
  Calls,
  ClaimName,
  Details,
  Expectation,
  Expectations,
  ExpectedLimit,
  LimitVerdict,
  Outcome,
  RunRecord,
  RunVerdict,
  Summary,
} from "../model.ts";
import { claimsTurned, claimVerdicts } from "./claims.ts";
import { expectationsNow, type GivenExpectations, isGiven } from "./expectations.ts";
import { judgeLimit } from "./limit.ts";
import { runsOf } from "./uncertainty.ts";

/** All that a verdict asks of a run. */
export interface JudgedRun {
  outcome: Outcome;
  summary: Omit<Summary, "duplicates"> & { duplicates: number | null };
  /** null: nobody recorded them */
  details: Details | null;
  /** null: nobody recorded them */
  calls: Calls | null;
}

/** Each part says the worst of several runs, because a limit is broken when any run breaks it. There is at least one. */
export function verdictOf(runs: readonly JudgedRun[], expected: Expectations): RunVerdict {
  const limit = expected.limit && limitVerdict(runs, expected.limit);
  const loss = lossVerdict(runs, expected.maxLoss);
  const wait = waitVerdict(runs, expected.maxWait);
  const isBroken: Record<Expectation, boolean> = {
    limit: isGiven(expected.limit) && limit?.status === "exceeded",
    loss: isGiven(expected.maxLoss) && loss.brokenIn > 0,
    wait: isGiven(expected.maxWait) && wait.brokenIn > 0,
  };
  const broken = (Object.keys(isBroken) as Expectation[]).filter((one) => isBroken[one]);
  const claims = expected.claims && claimVerdicts(expected.claims, runs, limit);
  return { runs: runs.length, limit, loss, wait, spikes: spikesVerdict(runs), broken, claims };
}

/** The record with the verdict that it has when it is held to what is given now. */
export function judgedAnew(record: RunRecord, given: GivenExpectations): RunRecord {
  return { ...record, verdict: verdictOf(runsOf(record), expectationsNow(record, given)) };
}

/** The parts of a verdict that can turn from good to bad, and the claims that they do not tell of already. */
export type Turned = "limit" | "loss" | Exclude<ClaimName, "keeps-limit" | "loses-nothing">;

/**
 * Finds what got worse from one verdict to the next, whoever gave the limit: from kept to exceeded, from none lost to some, and from held
 * to broken.
 */
export function turnedWorse(base: RunVerdict, candidate: RunVerdict): Turned[] {
  const isExceeded = base.limit?.status === "kept" && candidate.limit?.status === "exceeded";
  const isLost = base.loss.lostIn === 0 && candidate.loss.lostIn > 0;
  const claims = claimsTurned(base.claims, candidate.claims).filter(
    (claim) => claim !== "keeps-limit" && claim !== "loses-nothing",
  );
  return [...(isExceeded ? (["limit"] as const) : []), ...(isLost ? (["loss"] as const) : []), ...claims];
}

function limitVerdict(runs: readonly JudgedRun[], expected: ExpectedLimit): LimitVerdict {
  const limit = parseLimit(expected.limit)!;
  const judged = runs.map(({ calls }) => calls && judgedBreach(calls, expected, limit));
  const known = judged.filter((one) => one !== null);
  const isExceeded = ({ exceededSeconds }: (typeof known)[number]) => exceededSeconds.atLeast > 0;
  const isKept = ({ exceededSeconds }: (typeof known)[number]) => exceededSeconds.atMost === 0;
  const exceededIn = known.filter(isExceeded).length;
  const isAllKept = known.length === runs.length && known.every(isKept);
  return {
    ...expected,
    status: exceededIn > 0 ? "exceeded" : isAllKept ? "kept" : "unknown",
    exceededIn,
    exceededSeconds: worst(known.map(({ exceededSeconds }) => exceededSeconds)),
    peak: worst(known.map(({ peak }) => peak)),
    unseenCalls: unseenIn(runs),
  };
}

function judgedBreach(calls: Calls, { limit, toleranceMs }: ExpectedLimit, parsed: Limit) {
  const { breach } = calls;
  if (breach?.limit !== limit || breach.toleranceMs !== toleranceMs) return judgeLimit(calls, parsed, toleranceMs);
  const exactly = (value: number): Bounds => ({ atLeast: value, atMost: value });
  return { exceededSeconds: exactly(breach.exceededSeconds), peak: exactly(breach.peak) };
}

/** null: no run has any. */
function worst(bounds: readonly Bounds[]): Bounds | null {
  if (bounds.length === 0) return null;
  return {
    atLeast: Math.max(...bounds.map(({ atLeast }) => atLeast)),
    atMost: Math.max(...bounds.map(({ atMost }) => atMost)),
  };
}

/** So many more calls there may have been than the rows show. null: nobody knows. */
function unseenIn(runs: readonly JudgedRun[]): number | null {
  const byRows = runs.filter(({ calls }) => calls?.source === "rows");
  const unseen = byRows.map(({ details }) => {
    const { atLeast, atMost } = details?.calls ?? { atLeast: 0, atMost: null };
    return atMost === null ? null : atMost - atLeast;
  });
  return unseen.reduce<number | null>((sum, one) => (sum === null || one === null ? null : sum + one), 0);
}

function lossVerdict(runs: readonly JudgedRun[], expected: Expectations["maxLoss"]): RunVerdict["loss"] {
  const lost = runs.map(({ summary }) => summary.eventsFailed + Math.max(0, summary.eventsMissing));
  const most = Math.max(...lost);
  const { summary } = runs[lost.indexOf(most)]!;
  const isBeyond = expected ? lost.map((count, index) => isAbove(count, runs[index]!.summary, expected.allowed)) : [];
  return {
    totalEvents: summary.totalEvents,
    failed: summary.eventsFailed,
    missing: Math.max(0, summary.eventsMissing),
    lostIn: lost.filter((count) => count > 0).length,
    allowed: expected?.allowed ?? null,
    brokenIn: isBeyond.filter(Boolean).length,
  };
}

function isAbove(count: number, { totalEvents }: { totalEvents: number }, allowed: Allowance): boolean {
  return count > ("share" in allowed ? allowed.share * totalEvents : allowed.amount);
}

function waitVerdict(runs: readonly JudgedRun[], expected: Expectations["maxWait"]): RunVerdict["wait"] {
  const oldest = runs.map(({ details }) => details?.waitMs?.oldest ?? null);
  const times = runs.map(({ summary }) => summary.timeTakenSeconds);
  const isDrained = ({ summary, outcome }: JudgedRun) => summary.eventsMissing <= 0 && outcome !== "interrupted";
  return {
    drainedIn: runs.filter(isDrained).length,
    timeTakenSeconds: longest(times),
    oldestMs: longest(oldest),
    allowedMs: expected?.allowedMs ?? null,
    brokenIn: expected ? oldest.filter((ms) => ms !== null && ms > expected.allowedMs).length : 0,
  };
}

/** The run in which most wait says how many; of equal ones the first. */
function spikesVerdict(runs: readonly JudgedRun[]): RunVerdict["spikes"] {
  const ofRuns = runs.flatMap(({ details }) => details?.spikes ?? []);
  const [first] = ofRuns;
  if (first === undefined) return null;
  const waiting = ofRuns.map(({ each }) => each.map(({ waitingAtNext }) => waitingAtNext));
  const most = waiting.map((counts) => Math.max(...counts.map((count) => count ?? 0)));
  const spare = ofRuns.flatMap(({ each }) => each.map(({ spareMs }) => spareMs));
  return {
    count: first.each.length,
    everyMs: first.everyMs,
    reachedIn: most.filter((count) => count > 0).length,
    waiting: waiting[most.indexOf(Math.max(...most))]!,
    spareMs: spare.every((ms) => ms !== null) ? Math.min(...spare) : null,
  };
}

/** null: none is known. */
function longest(values: readonly (number | null)[]): number | null {
  const known = values.filter((value) => value !== null);
  return known.length === 0 ? null : Math.max(...known);
}
