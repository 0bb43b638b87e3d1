/** One sentence for each family and each candidate: what it keeps, or what it breaks, with the figure. */

import { capitalised, listed } from "../../reports/text.ts";
import type { Entry } from "./entries.ts";
import type { Judgement } from "./judging.ts";
import { loadOf } from "./load.ts";
import { accountLimitsOf } from "./pool.ts";
import type { Question } from "./question.ts";
import type { Rankable } from "./ranking.ts";
import { numberOf, numberOr } from "./reading.ts";
import { type Exclusion, exclusionOf, rateSentence } from "./theory.ts";
import { throttleOf } from "./throttle.ts";
import { countWords, timeWords } from "./words.ts";

type Told = Rankable & Judgement & { entry: Entry };

/** `keeps all in 200 runs (none broke anything: …)`, or the demand that is broken worst; then what else there is to know. */
export function verdictSentence(told: Told, question: Question): string {
  return withCaveat(judgementSentence(told), caveatOf(told, question));
}

function judgementSentence({ worst, runs, demands, standing }: Judgement): string {
  if (worst === null) {
    const told = demands.map(({ sentence }) => sentence).join("; ");
    const doubt = standing === "keeps" ? "" : ", too few to rely on";
    return capitalised(`${told}; none of ${countWords(runs, "run")} breaks anything${doubt}.`);
  }
  return capitalised(`${worst.sentence}.`);
}

/**
 * Tells of calls that no demand forbids. EventBridge takes a late answer for none and calls again, although the consumer completes the
 * event: nothing is lost by that, and the calls go on after a run is over. null: there are none.
 */
export function caveatOf({ entry: { reading }, figures }: Told, question: Question): string | null {
  const { answerMs } = accountLimitsOf(question);
  const longestMs = Math.max(loadOf(question).workMs.to, numberOr(reading, "hold", 0));
  const isLate = longestMs > answerMs && numberOf(reading, "timeout") * 1_000 > answerMs;
  if (reading.source !== "url" || !isLate) return null;
  const repeated = Math.round(figures.duplicates?.median ?? 0);
  const soFar =
    repeated > 0
      ? `${countWords(repeated, "time")} before all events are completed, and goes on after it`
      : "also after all events are completed";
  return `EventBridge waits for an answer for ${timeWords(answerMs)}, and an event takes up to ${timeWords(longestMs)}: such an event is worked again. That happens ${soFar}; neither the wait nor the cost has what comes later in it.`;
}

function withCaveat(sentence: string, caveat: string | null): string {
  return caveat === null ? sentence : `${sentence} ${caveat}`;
}

/** Says why a family is out, why its best breaks something, or what it has over the winner. `exclusion`: theory left all of it out. */
export function familySentence(
  best: Told | null,
  winner: Told | null,
  exclusion: Exclusion | null,
  question: Question,
): string {
  // Where theory has nothing against the best itself, the simulation says what it breaks.
  const isBestOut = best === null || exclusionOf(best.entry.reading, question, accountLimitsOf(question)) !== null;
  if (exclusion !== null && isBestOut) return exclusion.sentence;
  if (best === null) return "It could not be simulated: AWS refuses it, or its template lacks something.";
  return withCaveat(standingSentence(best, winner, question), caveatOf(best, question));
}

function standingSentence(best: Told, winner: Told | null, question: Question): string {
  if (best.worst !== null && best.standing === "breaks") return brokenSentence(best, question);
  if (winner === null || best.key === winner.key) return judgementSentence(best);
  return againstWinner(best, winner);
}

/** The figure, and what in the template makes it. */
function brokenSentence(best: Told, question: Question): string {
  const { worst, entry } = best;
  if (worst?.demand !== "limit") return capitalised(`${worst!.sentence}.`);
  const load = loadOf(question);
  return `${rateSentence(entry.reading, throttleOf(entry.reading, load), load)}; ${worst.sentence}.`;
}

function againstWinner(best: Told, winner: Told): string {
  const seldom = best.standing === "doubtful" && best.worst !== null ? `, but ${best.worst.sentence}` : "";
  if (seldom) return `Holds nearly always${seldom}.`;
  const [mine, its] = [best.figures, winner.figures];
  const dollars = (mine.costPerMonth?.median ?? 0) - (its.costPerMonth?.median ?? 0);
  const waitMs = (mine.waitOldestMs?.median ?? 0) - (its.waitOldestMs?.median ?? 0);
  const more = best.movingParts - winner.movingParts;
  const costs = [
    waitMs > 0.05 * (its.waitOldestMs?.median ?? 0) && waitMs > 500 ? `waits ${timeWords(waitMs)} longer` : null,
    dollars > 0.05 ? `costs ${dollars.toFixed(2)} USD a month more` : null,
    more > 0 ? `has ${countWords(more, "moving part")} more` : null,
  ].filter((each) => each !== null);
  return costs.length === 0
    ? "Holds as well: in wait, cost and moving parts it is much like the winner."
    : `Holds as well, and ${listed(costs)}.`;
}
