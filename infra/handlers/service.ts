/** The downstream as the settings make it: how long it works for an event, which calls it fails, and how often it may be called. */
import { nonNegativeInteger, nonNegativeNumber, optionalInteger, optionalShare } from "./environment.ts";
import { shareOf } from "./hash.ts";
import { type Limit, parseLimit } from "./limit.ts";
import { type Limiter, limiterOf } from "./limiter.ts";
import type { Ports } from "./ports.ts";

const whenRefused = ["throw", "report", "wait", "return"] as const;

/** How the consumer answers a call that the downstream refuses. */
export type WhenRefused = (typeof whenRefused)[number];

export interface Service {
  /** the least that an event takes, from its call to its end; ms */
  holdMs: number;
  limit: Limit | null;
  /** whether the calls that it refuses count for its limit, too */
  countsRefused: boolean;
  /** asked before the downstream is called; null: nobody is */
  limiter: Limiter | null;
  whenRefused: WhenRefused;
  /** Says that a call for this event fails: by a draw for each call, and always for a poisonous event. */
  fails(id: number): boolean;
  /** The work for this event, ms. */
  workMs(id: number): number;
  /** The most milliseconds that this event takes, from its call to its end. */
  longestMs(id: number): number;
}

type World = Pick<Ports, "environment" | "random">;

/**
 * Environment, each absent or 0 when it is off: WORK_MS_MAX and HOLD_MS (ms), FAILURE_RATE, POISON_RATE and SLOW_RATE (shares from 0
 * to 1), SLOW_FACTOR, DOWNSTREAM_LIMIT (a limit's text), COUNTS_REFUSED (`true` or `false`), WHEN_REFUSED (`throw` when absent), and those of
 * a limiter (`limiter.ts`). Throws when one is malformed.
 *
 * null: everything is off, so that an event is WORK_MS of work and nothing else, and no call is recorded.
 */
export function serviceOf({ environment, random }: World): Service | null {
  const workMs = nonNegativeInteger(environment, "WORK_MS");
  const workMsMax = optionalInteger(environment, "WORK_MS_MAX");
  const holdMs = optionalInteger(environment, "HOLD_MS");
  const failureRate = optionalShare(environment, "FAILURE_RATE");
  const poisonRate = optionalShare(environment, "POISON_RATE");
  const slowRate = optionalShare(environment, "SLOW_RATE");
  const slowFactor = environment.SLOW_FACTOR ? nonNegativeNumber(environment, "SLOW_FACTOR") : 1;
  const limit = parseLimit(environment.DOWNSTREAM_LIMIT || "0");
  const refusal = environment.WHEN_REFUSED || "throw";
  if (!isWhenRefused(refusal)) {
    throw new Error(
      `The environment variable WHEN_REFUSED is "${refusal}"; it has to be one of ${whenRefused.join(", ")}.`,
    );
  }
  const limiter = limiterOf(environment);
  const spreadMs = Math.max(0, workMsMax - workMs);
  const shares = failureRate + poisonRate + slowRate;
  if (spreadMs + holdMs + shares === 0 && limit === null && limiter === null) return null;
  const factorOf = (id: number) => (isSlow(id, slowRate) ? slowFactor : 1);
  return {
    holdMs,
    limit,
    countsRefused: environment.COUNTS_REFUSED === "true",
    limiter,
    whenRefused: refusal,
    // The draw is made for a poisonous event, too, so that the other draws do not depend on which events are.
    fails: (id) => (failureRate > 0 && random("failure") < failureRate) || isPoisonous(id, poisonRate),
    workMs(id) {
      const drawnMs = spreadMs > 0 ? workMs + Math.floor(random("work") * (spreadMs + 1)) : workMs;
      return Math.round(drawnMs * factorOf(id));
    },
    longestMs: (id) => Math.max(holdMs, Math.round((workMs + spreadMs) * factorOf(id))),
  };
}

function isWhenRefused(text: string): text is WhenRefused {
  return (whenRefused as readonly string[]).includes(text);
}

/** True for the share of events whose every call the downstream fails. */
export function isPoisonous(id: number, poisonRate: number): boolean {
  return shareOf(id, "poison") < poisonRate;
}

/** True for the share of events whose work takes longer. */
export function isSlow(id: number, slowRate: number): boolean {
  return shareOf(id, "slowness") < slowRate;
}
