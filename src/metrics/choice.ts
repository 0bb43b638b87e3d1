/** Which of two ways of throttling serves its limit better, and what decides that. */
import { type Criterion, ranked, rankedBy, type Way } from "./ways.ts";

export interface Choice {
  base: Way;
  candidate: Way;
  /** null: they do it alike, as far as anybody can tell */
  better: "base" | "candidate" | null;
  /** what ranks one before the other; null: nothing does */
  by: Criterion | null;
}

/** `isSameTime`: the difference of their times may be chance, or is too small to matter. */
export function choiceOf(base: Way, candidate: Way, isSameTime: boolean): Choice {
  const by = rankedBy(base, candidate);
  if (by === null || (by === "timeTakenSeconds" && isSameTime)) return { base, candidate, better: null, by: null };
  return { base, candidate, better: ranked([base, candidate])[0] === base ? "base" : "candidate", by };
}
