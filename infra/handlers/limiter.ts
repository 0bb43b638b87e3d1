/** A limiter of one's own: it says when the consumer may call the downstream, and all instances share it, because it is in the database. */
import { optionalInteger } from "./environment.ts";
import { type Limit, parseLimit } from "./limit.ts";

/**
 * `token-bucket`: it grants while it holds a token, and refuses without one. `reservation`: it tells each event its turn, which it
 * keeps for the event until then (the generic cell rate algorithm).
 */
const limiterKinds = ["token-bucket", "reservation"] as const;

export interface Limiter {
  kind: (typeof limiterKinds)[number];
  /** microseconds from one grant to the next in the long run; whole, so that Postgres adds it exactly */
  intervalUs: number;
  /** most grants at one moment; those of a reservation come one by one, so that it is 1 */
  capacity: number;
}

/**
 * Environment: LIMITER (`none` when absent), LIMITER_RATE (a limit's text), LIMITER_CAPACITY (tokens that the bucket holds, 1 when
 * absent). null: there is no limiter. Throws when one is malformed.
 */
export function limiterOf(environment: Record<string, string | undefined>): Limiter | null {
  const kind = environment.LIMITER || "none";
  const rate = parseLimit(environment.LIMITER_RATE || "0");
  const capacity = optionalInteger(environment, "LIMITER_CAPACITY");
  if (kind === "none") return null;
  if (!isLimiterKind(kind)) {
    const known = ["none", ...limiterKinds].join(", ");
    throw new Error(`The environment variable LIMITER is "${kind}"; it has to be one of ${known}.`);
  }
  if (rate === null) {
    throw new Error('The environment variable LIMITER_RATE is "0"; a limiter has to have a rate, such as 1/s.');
  }
  return { kind, intervalUs: intervalUs(rate), capacity: kind === "token-bucket" ? Math.max(1, capacity) : 1 };
}

/** Rounded up, so that grants never come faster than the rate. */
export function intervalUs({ calls, perMs }: Limit): number {
  return Math.ceil((perMs * 1_000) / calls);
}

function isLimiterKind(text: string): text is Limiter["kind"] {
  return (limiterKinds as readonly string[]).includes(text);
}
