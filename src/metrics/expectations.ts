/** The expectations that runs are held to: by flags, by the configuration file, by their settings, and by their scenario. */

import { defaultToleranceMs } from "../../infra/handlers/limit.ts";
import type { Allowance, ClaimName, Expectations, GivenBy, RunRecord, Settings } from "../model.ts";

/** A value that somebody gave, and where. */
export interface Given<Value> {
  value: Value;
  by: GivenBy;
}

/** null: nobody said. */
export interface GivenExpectations {
  /** such as `1/s`; `0` is none */
  limit: Given<string> | null;
  toleranceMs: Given<number> | null;
  maxLoss: Given<Allowance> | null;
  maxWaitMs: Given<number> | null;
}

export const nothingGiven: GivenExpectations = { limit: null, toleranceMs: null, maxLoss: null, maxWaitMs: null };

/** The setting by which a scenario's own service refuses calls. */
const limitSetting = "DownstreamLimit";

const none = "0";

/** Finds the expectations of a run. The limit is the one given, else that of its settings, else the scenario's own. */
export function expectationsOf(
  given: GivenExpectations,
  settings: Settings,
  { limit: scenarioLimit, claims }: { limit: string | null; claims: ClaimName[] | null },
): Expectations {
  const { limit, maxLoss, maxWaitMs } = given;
  const set = settings[limitSetting] ?? none;
  const candidates: [limit: string | null | undefined, origin: NonNullable<Expectations["limit"]>["origin"]][] = [
    [limit?.value, limit?.by ?? "flag"],
    [set === none ? null : set, "setting"],
    [scenarioLimit, "scenario"],
  ];
  const [chosen, origin] = candidates.find(([text]) => text !== null && text !== undefined) ?? [none, "scenario"];
  const toleranceMs = given.toleranceMs?.value ?? defaultToleranceMs;
  return {
    limit: chosen === none ? null : { limit: chosen!, toleranceMs, origin },
    maxLoss: maxLoss && { allowed: maxLoss.value, origin: maxLoss.by },
    maxWait: maxWaitMs && { allowedMs: maxWaitMs.value, origin: maxWaitMs.by },
    claims,
  };
}

/**
 * Finds the expectations of a recorded run that is looked at again: by a flag of now, else what it was given then, else by the configuration
 * file of now, else by its settings and its scenario.
 */
export function expectationsNow(
  { expected, settings }: Pick<RunRecord, "expected" | "settings">,
  given: GivenExpectations,
): Expectations {
  const now = expectationsOf(given, settings, { limit: null, claims: null });
  if (expected === null) return now;
  const isFlag = (one: Given<unknown> | null) => one?.by === "flag";
  const keepsLimit = !isFlag(given.limit) && (given.limit === null || isGiven(expected.limit));
  const limit = keepsLimit ? expected.limit : now.limit;
  return {
    limit: limit && {
      ...limit,
      toleranceMs: isFlag(given.toleranceMs)
        ? given.toleranceMs!.value
        : (expected.limit?.toleranceMs ?? limit.toleranceMs),
    },
    maxLoss: isFlag(given.maxLoss) ? now.maxLoss : (expected.maxLoss ?? now.maxLoss),
    maxWait: isFlag(given.maxWaitMs) ? now.maxWait : (expected.maxWait ?? now.maxWait),
    claims: expected.claims,
  };
}

/** Says whether somebody asked for it. What nobody asked for is said, and fails nothing. */
export function isGiven(expectation: { origin: string } | null): boolean {
  return expectation?.origin === "flag" || expectation?.origin === "configuration";
}
