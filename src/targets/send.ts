/** Sends a request of the harness, and repeats it where that is safe. All retries are here, on the target's clock. */
import type { ErrorCode } from "../errors.ts";
import { failureOf, isTransient, needsCredentials, passesWithTime, reasonOf, saysDatabase } from "./refusal.ts";
import type { Account } from "./target.ts";

/** The pause begins with this and doubles after each attempt: most of a minute in all. */
const firstPauseMs = 500;
const longestPauseMs = 20_000;
const fewestAttempts = 8;

export interface Sending {
  /** The service by the name that people know: `CloudFormation`, `Postgres`. */
  service: string;
  /** The beginning of the error: `The stack x was refused`. */
  failure: string;
  /** Default: `target-failed`. */
  code?: ErrorCode;
  /** So long, or longer, it is repeated where only the moment is bad. Default: the time of eight attempts. */
  patienceMs?: number;
  signal?: AbortSignal;
}

/**
 * Resolves with the answer to a request of AWS or the database, which must change nothing more when it is made twice; it is told the
 * number of the attempt, from 1. Throttling, AWS's own errors, cut connections and a lost database are waited out, and the target's
 * listener is told. Where the credentials have expired it is sent once more with those that there are then.
 * @throws BenchError in AWS's words for every other refusal.
 */
export async function send<Answer>(
  { clock, onRetry, renewCredentials }: Pick<Account, "clock" | "onRetry" | "renewCredentials">,
  request: (attempt: number) => Promise<Answer>,
  sending: Sending,
): Promise<Answer> {
  const { service, patienceMs = 0, signal } = sending;
  let isRenewed = false;
  for (let attempt = 1, pauseMs = firstPauseMs; ; attempt++, pauseMs = Math.min(longestPauseMs, pauseMs * 2)) {
    signal?.throwIfAborted();
    try {
      return await request(attempt);
    } catch (refusal) {
      if (!isRenewed && needsCredentials(refusal) && (await renewCredentials())) {
        isRenewed = true;
        continue;
      }
      const attempts = passesWithTime(refusal) ? attemptsIn(patienceMs) : fewestAttempts;
      if (!isTransient(refusal) || attempt >= attempts) throw failureOf(refusal, attempt, sending);
      onRetry({
        service: saysDatabase(refusal) ? "Postgres" : service,
        reason: reasonOf(refusal),
        pauseMs,
        attempt: attempt + 1,
        attempts,
      });
      await clock.sleep(pauseMs, signal);
    }
  }
}

/** The number of attempts whose pauses take so long, or longer. */
function attemptsIn(patienceMs: number): number {
  let attempts = 1;
  let waitedMs = 0;
  for (let pauseMs = firstPauseMs; attempts < fewestAttempts || waitedMs < patienceMs; attempts++) {
    waitedMs += pauseMs;
    pauseMs = Math.min(longestPauseMs, pauseMs * 2);
  }
  return attempts;
}
