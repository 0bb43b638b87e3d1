/** The claims of scenarios: what each promises, and how a run's figures break it. */
import type { ClaimName, ClaimVerdict, LimitVerdict } from "../model.ts";
import { type Figure, type Measured, readFigure } from "./figures.ts";

interface ClaimDefinition {
  /** a sentence for those who read a report */
  meaning: string;
  /** broken where their sum is above 0; "limit": the verdict on the limit decides */
  judgedBy: readonly Figure[] | "limit";
}

export const claims: Record<ClaimName, ClaimDefinition> = {
  "loses-nothing": {
    meaning: "Every event completes: none fails, and none is missing.",
    judgedBy: ["eventsFailed", "eventsMissing"],
  },
  "keeps-limit": {
    meaning: "The calls of the downstream keep the limit that the run is held to.",
    judgedBy: "limit",
  },
  "keeps-order": {
    meaning: "Within each message group events complete in the order of their ids.",
    judgedBy: ["outOfOrder"],
  },
  "no-duplicates": {
    meaning: "No event is inserted twice.",
    judgedBy: ["duplicates"],
  },
  "no-throttles": {
    meaning: "Lambda refuses no invocation of the consumer for want of concurrency.",
    judgedBy: ["throttles"],
  },
};

/** Judges each claim by all runs: one that breaks it breaks it, and all that are known have to keep it. */
export function claimVerdicts(
  names: readonly ClaimName[],
  runs: readonly Omit<Measured, "cost">[],
  limit: LimitVerdict | null,
): ClaimVerdict[] {
  return names.map((claim) => {
    const { judgedBy } = claims[claim];
    return judgedBy === "limit" ? byLimit(claim, limit) : byFigures(claim, runs, judgedBy);
  });
}

/** Says which claims held in the base and are broken in the candidate. */
export function claimsTurned(
  base: readonly ClaimVerdict[] | null,
  candidate: readonly ClaimVerdict[] | null,
): ClaimName[] {
  const held = new Set(base?.flatMap(({ claim, status }) => (status === "held" ? [claim] : [])));
  return (candidate ?? []).flatMap(({ claim, status }) => (status === "broken" && held.has(claim) ? [claim] : []));
}

function byLimit(claim: ClaimName, limit: LimitVerdict | null): ClaimVerdict {
  const status = ({ kept: "held", exceeded: "broken", unknown: "unknown" } as const)[limit?.status ?? "unknown"];
  return { claim, status, brokenIn: limit?.exceededIn ?? 0, most: limit?.exceededSeconds?.atLeast ?? null };
}

function byFigures(
  claim: ClaimName,
  runs: readonly Omit<Measured, "cost">[],
  figures: readonly Figure[],
): ClaimVerdict {
  const counts = runs.map((run) => sumOf(figures.map((figure) => readFigure(figure, { ...run, cost: null }))));
  const known = counts.filter((count) => count !== null);
  const brokenIn = known.filter((count) => count > 0).length;
  const status = brokenIn > 0 ? "broken" : known.length === runs.length ? "held" : "unknown";
  return { claim, status, brokenIn, most: known.length === 0 ? null : Math.max(...known) };
}

/** A figure below 0 counts as 0: more may have completed than was asked for. Null: one of them is not known. */
function sumOf(values: readonly (number | null)[]): number | null {
  return values.reduce((sum, value) => (sum === null || value === null ? null : sum + Math.max(0, value)), 0);
}
