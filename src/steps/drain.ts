/** Waits until every event has reached the database or the dead-letter queue, or until nothing more is to be expected. */
import type { Burst, MetricSeries, Outcome, StackNames } from "../model.ts";
import { isDenied, send } from "../targets/send.ts";
import type { Target } from "../targets/target.ts";
import { latest, seriesOf, total } from "./cloudwatch.ts";
import type { Progress } from "./progress.ts";
import { groupsOf, type Stack } from "./stack.ts";
import { Tally } from "./tally.ts";
import { beginDrain, metricsSeen, nextDrainAct, rowsSeen } from "./timetable.ts";

/** How much older than the depth a point of messages in flight may be and still hold: it may be published some minutes later. */
const inFlightMs = 300_000;

export interface Drain {
  runId: string;
  events: number;
  timeoutMs: number;
  signal: AbortSignal;
}

/** How the drain ended; the burst's own end is not the drain's: rows that are missing then are shown as missing. */
export async function drain(
  target: Target,
  stack: Stack,
  burst: Burst,
  { runId, events, timeoutMs, signal }: Drain,
  progress: Progress,
): Promise<Outcome> {
  const { clock } = target;
  const start = burst.firstSentAt ?? clock.now();
  const tally = new Tally(events);
  let backlog: number | null = null;
  let state = beginDrain(clock.now(), { start, timeoutMs });
  for (;;) {
    const now = clock.now();
    const next = nextDrainAct(state, now);
    switch (next.act) {
      case "look":
      case "count":
      case "confirm": {
        const since = next.act === "look" ? tally.since : null;
        const sending = { service: "Postgres", failure: "The rows cannot be counted" };
        const isNew = tally.add(await send(target, () => target.rows.newSince(groupsOf(runId), since), sending));
        const { completed, dead } = tally;
        const elapsedMs = Math.max(0, clock.now() - start);
        progress({ phase: "drain", elapsedMs, total: burst.published, completed, dead, backlog });
        const isDrained = completed + dead >= burst.published;
        state = rowsSeen(state, next, { isNew, isWhole: since === null, isDrained }, clock.now());
        break;
      }
      case "read metrics": {
        const series = await seriesOf(target, stack, { start: next.since, end: now }).catch((failure) => {
          // The rows go on without it; what ends the drain then is that they are all there, or its time.
          if (isDenied(failure)) return [];
          throw failure;
        });
        backlog = queuedMessages(series);
        state = metricsSeen(state, next.isQuiet && nothingWaits(stack, series, state.lastArrivalAt), now);
        break;
      }
      case "wait":
        try {
          await clock.sleep(next.ms, signal);
        } catch (interruption) {
          if (signal.aborted) return "interrupted";
          throw interruption;
        }
        state = { ...state, last: "wait" };
        break;
      case "end":
        return next.outcome;
    }
  }
}

interface Depth {
  /** of the latest minute that CloudWatch has */
  timestamp: number;
  messages: number;
}

/**
 * A queue's depth; null: CloudWatch has none. An active queue has a point of its visible messages every minute, one of those in flight only
 * while there are any, so that an old one is over.
 * https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-available-cloudwatch-metrics.html
 */
function depthOf(series: readonly MetricSeries[], queue: "queue" | "deadLetterQueue"): Depth | null {
  const visible = latest(series, `${queue}.ApproximateNumberOfMessagesVisible`);
  const inFlight = latest(series, `${queue}.ApproximateNumberOfMessagesNotVisible`);
  if (visible === null) return inFlight && { timestamp: inFlight.timestamp, messages: inFlight.value };
  const isOver = inFlight === null || inFlight.timestamp + inFlightMs < visible.timestamp;
  return { timestamp: visible.timestamp, messages: visible.value + (isOver ? 0 : inFlight.value) };
}

function queuedMessages(series: readonly MetricSeries[]): number | null {
  const known = [depthOf(series, "queue"), depthOf(series, "deadLetterQueue")].filter((depth) => depth !== null);
  return known.length === 0 ? null : known.reduce((sum, { messages }) => sum + messages, 0);
}

/**
 * Whether CloudWatch shows that nothing waits, in the queues or in Lambda's internal queue. Where it has no point it shows nothing: each
 * queue that somebody reads needs a depth of `since` or later, and a consumer without a queue what Lambda took in for it. Without
 * those only the drain's time ends it: Lambda may hold an event for hours.
 */
function nothingWaits(stack: StackNames, series: readonly MetricSeries[], since: number): boolean {
  const { queue, deadLetterQueue, deadLetterRecorderFunction } = stack;
  const depths = [
    ...(queue === null ? [] : [depthOf(series, "queue")]),
    ...(deadLetterQueue === null || deadLetterRecorderFunction === null ? [] : [depthOf(series, "deadLetterQueue")]),
  ];
  if (!depths.every((depth) => depth !== null && depth.timestamp >= since)) return false;
  const received = total(series, "consumer.AsyncEventsReceived");
  if (queue === null && received === null) return false;
  const succeeded = (total(series, "consumer.Invocations") ?? 0) - (total(series, "consumer.Errors") ?? 0);
  const dropped = total(series, "consumer.AsyncEventsDropped") ?? 0;
  return (queuedMessages(series) ?? 0) === 0 && (received ?? 0) - succeeded - dropped <= 0;
}
