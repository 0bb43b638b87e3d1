/** The words of a choice between ways of throttling: which serves the limit better, and why. */
import type { Choice } from "../../metrics/choice.ts";
import { type Standing, standingOf, type Way } from "../../metrics/ways.ts";
import type { LimitVerdict } from "../../model.ts";
import { briefDuration, figure } from "../figures.ts";
import { labelled } from "../labels.ts";
import { seconds } from "../verdict.ts";

/** The cost of two ways that differ by no more than this share is the same to whoever chooses from them. */
const shareThatMatters = 0.01;
const flawless: Standing = "keeps, loses nothing";

/** The alias says what a scenario is, and commands take it. */
export function wayName({ alias, name, apart = [] }: Pick<Way, "alias" | "name" | "apart">): string {
  return labelled(alias ?? name, apart);
}

/** `fifo-one-group serves 1/s better: it keeps it and loses nothing; sqs-reserved-1-short keeps it and loses 79 of 1000.` */
export function choiceText({ base, candidate, better, by }: Choice): string {
  const [best, other] = better === "candidate" ? [candidate, base] : [base, candidate];
  const isByTime = by === "timeTakenSeconds";
  const timed = (way: Way) => `${deedsOf(way)}${isByTime ? `, and drains in ${timeOf(way)}` : ""}`;
  const isOfBoth = standingOf(best) === flawless && standingOf(other) === flawless;
  const subject = better === null ? wayName(best) : "it";
  const why = isOfBoth
    ? `both keep it and lose nothing, ${isByTime ? `and it drains in ${timeOf(best)}, ${wayName(other)} in ${timeOf(other)}` : `and drain in about ${timeOf(best)}`}`
    : `${subject} ${timed(best)}; ${wayName(other)} ${timed(other)}`;
  const head = better === null ? alikeHead(best, other) : headOf(best, [best, other], "better");
  return `${head}: ${why}.${costText(best, other)}`;
}

/** Names the first of several ways, the best first. */
export function bestText(ranked: readonly Way[]): string {
  const best = ranked[0]!;
  const equals = ranked.filter((way) => standingOf(way) === flawless).length;
  const among = equals > 1 ? `, the fastest of the ${equals} that do` : "";
  return `${headOf(best, ranked, "best")}: it ${deedsOf(best)}${among}.`;
}

function alikeHead(one: Way, other: Way): string {
  const isTold = one.verdict.limit !== null;
  return `${wayName(one)} and ${wayName(other)} ${isTold ? `serve ${limitOf([one, other])}` : "do"} alike`;
}

function headOf(best: Way, ways: readonly Way[], degree: "better" | "best"): string {
  const name = wayName(best);
  const limit = limitOf(ways);
  switch (standingOf(best)) {
    case "keeps, loses nothing":
    case "keeps, loses":
      return `${name} serves ${limit} ${degree}`;
    case "unjudged":
      return `${name} does ${degree}, as far as can be told without the limit`;
    case "exceeds":
    case "does not throttle":
      return `${degree === "better" ? "Neither" : "None"} keeps ${limit}; ${name} comes ${degree === "better" ? "closer" : "closest"}`;
  }
}

function limitOf(ways: readonly Way[]): string {
  const limits = new Set(ways.map(({ verdict }) => verdict.limit?.limit));
  return limits.size === 1 ? ([...limits][0] ?? "the limit") : "its limit";
}

/** `keeps it and loses nothing`; `exceeds it in 60 seconds, with 21 calls at its peak, and loses nothing`. */
function deedsOf({ verdict }: Way): string {
  const { limit, loss, runs } = verdict;
  const lost = loss.failed + loss.missing;
  const often = runs === 1 ? "" : ` in ${loss.lostIn} of ${runs} runs`;
  const most = runs === 1 ? "" : "up to ";
  const losing = lost === 0 ? "loses nothing" : `loses ${most}${lost} of ${loss.totalEvents}${often}`;
  const keeping = limit && keepingText(limit);
  return keeping === null ? losing : `${keeping} and ${losing}`;
}

/** null: nobody knows. */
function keepingText({ status, exceededSeconds, peak }: LimitVerdict): string | null {
  if (status === "kept") return "keeps it";
  if (status === "unknown" || exceededSeconds === null || peak === null) return null;
  return `exceeds it in ${seconds(exceededSeconds)}, with ${peak.atMost} calls at its peak,`;
}

function timeOf({ figures }: Way): string {
  return briefDuration(figures.timeTakenSeconds?.median ?? 0);
}

/** Says which one costs less, where both do what was asked. */
function costText(one: Way, other: Way): string {
  const costs = [one, other].map(({ figures }) => figures.costPerMillionEvents?.median ?? null);
  const [left, right] = costs as [number | null, number | null];
  if (left === null || right === null) return "";
  if (standingOf(one) !== standingOf(other)) return "";
  if (Math.abs(left - right) <= shareThatMatters * Math.max(left, right)) return "";
  const [cheaper, less, more] = left < right ? [one, left, right] : [other, right, left];
  return ` ${wayName(cheaper)} costs less: ${figure(less, "dollars")} per million events, not ${figure(more, "dollars")}.`;
}
