/** An event's way past the limiter, before the downstream is called. */
import type { Limiter } from "./limiter.ts";
import type { Downstream, Ports } from "./ports.ts";
import { Refused } from "./refusal.ts";
import type { Service } from "./service.ts";

/** An event's time is kept for what comes beside its work, such as its insert. */
const besideWorkMs = 1_000;
/** A turn this near is slept until even where the time is short: an event that is given back would come after it. */
const leastSleepMs = 1_000;
/**
 * SQS refuses to hide a message beyond twelve hours after its receive, and a function has had it for a quarter of an hour at most.
 * https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_ChangeMessageVisibility.html
 */
const longestReturnSeconds = 42_300;

/**
 * Resolves when the event may call the downstream: at once without a limiter, else at its grant. `leftMs` says how much of the
 * function's time the event has. Throws Refused when it may not, unless WHEN_REFUSED is `wait`.
 */
export async function passLimiter(
  id: number,
  runId: string,
  service: Service,
  leftMs: () => number,
  downstream: Downstream,
  { clock }: Pick<Ports, "clock">,
): Promise<void> {
  const { limiter } = service;
  if (limiter === null) return;
  for (;;) {
    const longestWaitMs = Math.max(leastSleepMs, Math.floor(leftMs() - service.longestMs(id) - besideWorkMs));
    const { granted, waitMs } = await downstream.take({ runId, id, limiter, longestWaitMs });
    if (granted) {
      if (waitMs > 0) await clock.sleep(waitMs);
      return;
    }
    const againMs = limiter.kind === "reservation" ? untilWayBack(waitMs, longestWaitMs) : waitMs;
    if (service.whenRefused !== "wait") {
      const message = `The limiter refused event ${id}: it may go on in ${waitMs} ms.`;
      throw new Refused(message, returnSeconds(limiter, againMs));
    }
    await clock.sleep(againMs);
  }
}

/**
 * An event with a turn asks again while half of the longest sleep is before it. The other half is for its way through the queue,
 * because an event that comes after its turn has lost it.
 */
function untilWayBack(waitMs: number, longestWaitMs: number): number {
  return Math.max(0, waitMs - longestWaitMs / 2);
}

/** A turn does not wait for an event, so that it comes back too early, if anything; a token does. */
function returnSeconds({ kind }: Limiter, againMs: number): number {
  const seconds = kind === "reservation" ? Math.floor(againMs / 1_000) : Math.ceil(againMs / 1_000);
  return Math.min(longestReturnSeconds, seconds);
}
