/** The words of a verdict: does the downstream survive, are events lost, how long do they wait. */
import { type Limit, parseLimit } from "../../infra/handlers/limit.ts";
import type { Allowance, Bounds, ClaimName, ClaimVerdict, Expectation, LimitVerdict, RunVerdict } from "../model.ts";
import type { Cell } from "./document.ts";
import { percentage, shortDuration } from "./figures.ts";
import { spikesText } from "./spikes.ts";
import { capitalised } from "./text.ts";

/** One of the answers, with a tone where it is good or bad news. */
export interface VerdictPart {
  /** what a run can be asked to keep, or what its scenario claims; `claims`: those that hold, together */
  about: Expectation | ClaimName | "spikes" | "claims";
  text: string;
  tone?: Cell["tone"];
}

/** The answers in the order in which they are asked. Without a limit there is none about it. */
export function verdictParts(verdict: RunVerdict): VerdictPart[] {
  return [
    ...(verdict.limit ? [againstClaim(limitPart(verdict.limit, verdict.runs), "keeps-limit", verdict)] : []),
    againstClaim(lossPart(verdict.loss, verdict.runs), "loses-nothing", verdict),
    waitPart(verdict.wait, verdict.runs),
    ...(verdict.spikes ? [spikesPart(verdict.spikes, verdict.runs)] : []),
    ...claimParts(verdict.claims ?? [], verdict.runs),
  ];
}

/** The answer, with the claim of the scenario that it breaks. */
function againstClaim(part: VerdictPart, claim: ClaimName, { claims }: RunVerdict): VerdictPart {
  const isBroken = claims?.some((one) => one.claim === claim && one.status === "broken") ?? false;
  return isBroken ? { ...part, text: `${part.text}, against its claim` } : part;
}

/** The verdict as a sentence. */
export function verdictText(verdict: RunVerdict): string {
  return sentence(verdictParts(verdict));
}

/** The answers that break what somebody asked for, as a sentence; "" without any. */
export function brokenText(verdict: RunVerdict): string {
  return sentence(verdictParts(verdict).filter(({ about }) => (verdict.broken as string[]).includes(about)));
}

/** A sentence of these answers; "" without any. */
function sentence(parts: readonly VerdictPart[]): string {
  const text = parts.map((part) => part.text).join("; ");
  return text === "" ? "" : `${capitalised(text)}.`;
}

/** Good and bad are not told by colour alone. */
export function markOf(tone: Cell["tone"]): string {
  return tone === undefined ? "" : tone === "bad" ? "✗" : "✓";
}

/** Says what the limit is, and what is not known of the calls. */
export function verdictNote(verdict: RunVerdict): string {
  return [limitLine(verdict), unseenLine(verdict)].filter(Boolean).join(" ");
}

/** Says whose limit it is. */
export function limitLine({ limit }: RunVerdict): string {
  if (limit === null) return "No limit of the downstream is known; --limit 1/s would judge one.";
  const origin = {
    flag: "was given by --limit",
    configuration: "is the configuration file's",
    setting: "is that of the setting DownstreamLimit",
    scenario: "is the scenario's own (--limit sets yours)",
  }[limit.origin];
  const tolerance = limit.toleranceMs === 0 ? "judged strictly" : `with a tolerance of ${limit.toleranceMs} ms`;
  return `The limit ${origin}, ${tolerance}.`;
}

/** Says what is not known of the calls; null: all of them are. */
export function unseenLine({ limit, runs }: RunVerdict): string | null {
  if (limit === null) return null;
  const { unseenCalls: unseen, exceededSeconds } = limit;
  if (unseen === 0 || exceededSeconds === null) return null;
  const where = runs === 1 ? "" : " of all runs";
  const more = unseen === null ? "more" : `up to ${unseen} more`;
  return `The calls are those that left a row; invocations that failed${where} may have made ${more}.`;
}

function limitPart({ limit, ...judged }: LimitVerdict, runs: number): VerdictPart {
  const named = `limit ${limit}`;
  const { status, exceededIn, exceededSeconds, peak } = judged;
  if (exceededSeconds === null || peak === null) {
    return { about: "limit", text: `${named} cannot be judged, because the record does not keep the calls` };
  }
  const most = `peak ${range(peak)} ${peak.atMost === 1 ? "call" : "calls"} in ${windowText(parseLimit(limit)!)}`;
  switch (status) {
    case "kept":
      return { about: "limit", text: `${named} kept, ${most}`, tone: "good" };
    case "exceeded": {
      const inRuns = runs === 1 ? "" : `in ${exceededIn} of ${runs} runs, `;
      const upTo = runs === 1 ? "in" : "in up to";
      return {
        about: "limit",
        text: `${named} exceeded ${inRuns}${upTo} ${seconds(exceededSeconds)}, ${most}`,
        tone: "bad",
      };
    }
    case "unknown":
      return {
        about: "limit",
        text: `${named} cannot be judged exactly from the record: exceeded in ${seconds(exceededSeconds)}`,
      };
  }
}

function lossPart({ failed, missing, totalEvents, lostIn, allowed, brokenIn }: RunVerdict["loss"], runs: number) {
  const lost = failed + missing;
  const part = {
    about: "loss" as const,
    tone: lost > 0 && (allowed === null || brokenIn > 0) ? "bad" : "good",
  } as const;
  if (lost === 0) return { ...part, text: "no event lost" };
  const kinds =
    missing === 0 ? "dead-lettered" : failed === 0 ? "missing" : `${failed} dead-lettered, ${missing} missing`;
  const most = `${lost} of ${totalEvents} events (${kinds})`;
  const text = runs === 1 ? `lost ${most}` : `events lost in ${lostIn} of ${runs} runs, at most ${most}`;
  return { ...part, text: `${text}${allowedText(allowed, brokenIn, runs)}` };
}

function allowedText(allowed: Allowance | null, brokenIn: number, runs: number): string {
  if (allowed === null) return "";
  const most = "share" in allowed ? percentage(allowed.share).replace(".0%", "%") : String(allowed.amount);
  if (brokenIn === 0) return `, within the ${most} allowed`;
  return `, more than the ${most} allowed${inRuns(brokenIn, runs)}`;
}

function waitPart({ drainedIn, timeTakenSeconds, oldestMs, allowedMs, brokenIn }: RunVerdict["wait"], runs: number) {
  const about = "wait" as const;
  const tone = allowedMs === null ? undefined : brokenIn > 0 ? ("bad" as const) : ("good" as const);
  if (timeTakenSeconds === null) return { about, text: "nothing completed" };
  const atMost = runs === 1 ? "" : "at most ";
  const drained =
    drainedIn === runs
      ? `drained in ${atMost}${shortDuration(timeTakenSeconds)}`
      : `not drained${runs === 1 ? "" : ` in ${runs - drainedIn} of ${runs} runs`}`;
  const oldest =
    oldestMs === null ? "the oldest wait is not known" : `oldest waited ${atMost}${shortDuration(oldestMs / 1000)}`;
  const limit = allowedMs === null ? "" : shortDuration(allowedMs / 1000);
  const allowed =
    allowedMs === null || oldestMs === null
      ? ""
      : brokenIn > 0
        ? `, longer than the ${limit} allowed${inRuns(brokenIn, runs)}`
        : `, within the ${limit} allowed`;
  return { about, text: `${drained}, ${oldest}${allowed}`, ...(tone && { tone }) };
}

/** A backlog that grows from spike to spike never ends. */
function spikesPart(spikes: NonNullable<RunVerdict["spikes"]>, runs: number): VerdictPart {
  const { reachedIn, spareMs } = spikes;
  const text = `${spikesText(spikes)}${reachedIn > 0 ? inRuns(reachedIn, runs) : ""}`;
  const tone = reachedIn > 0 ? "bad" : spareMs === null ? undefined : "good";
  return { about: "spikes", text, ...(tone && { tone }) };
}

/** `counted`: in the singular; `of`: what so many of them were. */
const claimWords: Record<ClaimName, { held: string; kept: string; counted: string; of?: string }> = {
  "loses-nothing": { held: "loses nothing", kept: "to lose nothing", counted: "event", of: "lost" },
  "keeps-limit": { held: "keeps the limit", kept: "to keep the limit", counted: "second", of: "beyond it" },
  "keeps-order": { held: "keeps order", kept: "to keep order", counted: "event", of: "out of order" },
  "no-duplicates": { held: "no duplicates", kept: "of no duplicates", counted: "duplicate" },
  "no-throttles": { held: "no throttles", kept: "of no throttles", counted: "throttle" },
};

/** `loses nothing, keeps order` */
export function claimsText(claims: readonly ClaimName[]): string {
  return claims.map((claim) => claimWords[claim].held).join(", ");
}

/** A broken claim for itself with its figure, and in one part those that hold. */
function claimParts(claims: readonly ClaimVerdict[], runs: number): VerdictPart[] {
  const of = (status: ClaimVerdict["status"]) => claims.filter((one) => one.status === status);
  // The answers before have said already whether the limit is kept and anything is lost.
  const isTold = ({ claim }: ClaimVerdict) => claim === "keeps-limit" || claim === "loses-nothing";
  const [held, broken] = [of("held"), of("broken")].map((some) => some.filter((one) => !isTold(one))) as [
    ClaimVerdict[],
    ClaimVerdict[],
  ];
  const unknown = of("unknown");
  const names = (some: readonly ClaimVerdict[]) => claimsText(some.map(({ claim }) => claim));
  const which = of("broken").length + unknown.length === 0 ? "as claimed" : "its other claims hold";
  return [
    ...broken.map(({ claim, brokenIn, most }): VerdictPart => {
      const { kept, counted, of } = claimWords[claim];
      const amount = [runs === 1 ? "" : "at most", `${most} ${counted}${most === 1 ? "" : "s"}`, of ?? ""];
      return {
        about: claim,
        text: `breaks its claim ${kept}${inRuns(brokenIn, runs)} (${amount.filter(Boolean).join(" ")})`,
        tone: "bad",
      };
    }),
    ...(held.length === 0 ? [] : [{ about: "claims", text: `${which}: ${names(held)}`, tone: "good" } as const]),
    ...(unknown.length === 0 ? [] : [{ about: "claims", text: `claimed, but not known: ${names(unknown)}` } as const]),
  ];
}

function inRuns(broken: number, runs: number): string {
  return runs === 1 ? "" : ` in ${broken} of ${runs} runs`;
}

function range({ atLeast, atMost }: Bounds): string {
  return atLeast === atMost ? String(atLeast) : `${atLeast} to ${atMost}`;
}

/** `12 seconds`, `3 to 5 seconds` */
export function seconds(bounds: Bounds): string {
  return `${range(bounds)} ${bounds.atMost === 1 ? "second" : "seconds"}`;
}

function windowText({ perMs }: Limit): string {
  return perMs === 1_000 ? "one second" : perMs === 60_000 ? "one minute" : `${perMs / 1_000} s`;
}
