/**
 * Waits until every event has reached the database or the dead-letter queue and nothing that could still change that is running, or
 * until nothing more can be expected.
 */
import { BenchError } from "../errors.ts";
import type { Burst, MetricSeries, Outcome, StackNames } from "../model.ts";
import { send } from "../targets/send.ts";
import type { Target } from "../targets/target.ts";
import { latest, readSeries, total } from "./cloudwatch.ts";
import { type Meter, noMeter } from "./meter.ts";
import { noProgress, type Progress } from "./progress.ts";
import { groupsOf, type Stack } from "./stack.ts";
import type { Tally } from "./tally.ts";
import { beginDrain, metricsSeen, nextDrainAct, rowsSeen } from "./timetable.ts";

/** A point of messages in flight counts while it is at most this much older than the depth, since it may be published late. */
const inFlightMs = 300_000;

export interface Drain {
  runId: string;
  timeoutMs: number;
  /** the longest that an invocation of the consumer takes */
  consumerTimeoutMs: number;
  signal: AbortSignal;
}

/** Resolves with how the drain ended. Rows that are missing then are shown as missing. The tally has what was seen before. */
export async function drain(
  target: Target,
  stack: Stack,
  burst: Burst,
  { runId, timeoutMs, consumerTimeoutMs, signal }: Drain,
  progress: Progress,
  tally: Tally,
  meter: Meter = noMeter,
): Promise<Outcome> {
  const { clock } = target;
  const start = burst.firstSentAt ?? clock.now();
  let backlog: number | null = null;
  let state = beginDrain(clock.now(), { start, timeoutMs, consumerTimeoutMs });
  try {
    for (;;) {
      const now = clock.now();
      const next = nextDrainAct(state, now);
      switch (next.act) {
        case "look":
        case "count":
        case "confirm": {
          const since = next.act === "look" ? tally.since : null;
          // A database that is gone for a while has the rows when it is back. A run that was interrupted before looks once all the same.
          const waiting = signal.aborted ? {} : { patienceMs: Math.max(0, state.deadline - now), signal };
          const sending = { service: "Postgres", failure: "The rows cannot be counted", ...waiting };
          const isNew = await send(target, () => tally.look(target.rows, groupsOf(runId), since), sending);
          const { completed, dead } = tally;
          const elapsedMs = Math.max(0, clock.now() - start);
          const spending = meter.renew({ published: burst.published, completed, dead });
          progress({
            phase: "drain",
            elapsedMs,
            total: burst.published,
            completed,
            dead,
            backlog,
            ...(spending && { spending }),
          });
          const hasCompleted = completed >= burst.published;
          const isAccounted = completed + dead >= burst.published;
          state = rowsSeen(state, next, { isNew, isWhole: since === null, hasCompleted, isAccounted }, clock.now());
          break;
        }
        case "read metrics": {
          const isWatched = progress !== noProgress || meter !== noMeter;
          // They decide nothing yet.
          if (!isWatched && !next.isQuiet) {
            state = metricsSeen(state, false, now);
            break;
          }
          const start = Math.min(next.since, meter.readFrom);
          const series = await readSeries(target, stack, { start, end: now }, signal).catch((failure) => {
            // The drain goes on by the rows alone, until they are all there or its time is over.
            if (failure instanceof BenchError && !signal.aborted) return [];
            throw failure;
          });
          backlog = queuedMessages(series);
          meter.take(series, now);
          meter.renew({ published: burst.published, completed: tally.completed, dead: tally.dead });
          state = metricsSeen(state, next.isQuiet && nothingWaits(stack, series, state.lastArrivalAt), now);
          break;
        }
        case "wait":
          await clock.sleep(next.ms, signal);
          state = { ...state, last: "wait" };
          break;
        case "end":
          return next.outcome;
      }
    }
  } catch (failure) {
    if (signal.aborted) return "interrupted";
    throw failure;
  }
}

interface Depth {
  /** the latest minute that CloudWatch has */
  timestamp: number;
  messages: number;
}

/**
 * A queue's depth; null: CloudWatch has no point. An active queue has a point of its visible messages every minute, but one of its
 * messages in flight only while there are any. So an old point of those holds no more.
 * https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-available-cloudwatch-metrics.html
 */
function queueDepth(series: readonly MetricSeries[], queue: "queue" | "deadLetterQueue"): Depth | null {
  const visible = latest(series, `${queue}.ApproximateNumberOfMessagesVisible`);
  const inFlight = latest(series, `${queue}.ApproximateNumberOfMessagesNotVisible`);
  if (visible === null) return inFlight && { timestamp: inFlight.timestamp, messages: inFlight.value };
  const isOver = inFlight === null || inFlight.timestamp + inFlightMs < visible.timestamp;
  return { timestamp: visible.timestamp, messages: visible.value + (isOver ? 0 : inFlight.value) };
}

function queuedMessages(series: readonly MetricSeries[]): number | null {
  const known = [queueDepth(series, "queue"), queueDepth(series, "deadLetterQueue")].filter((depth) => depth !== null);
  return known.length === 0 ? null : known.reduce((sum, { messages }) => sum + messages, 0);
}

/**
 * Tells that CloudWatch shows no event waiting, neither in a queue nor in Lambda's internal one. Missing points show nothing: there has
 * to be a depth, at `since` or later, of each queue that a function reads. For a consumer without a queue there has to be the number of
 * events that Lambda took in. Otherwise only the drain's deadline ends it, since Lambda may hold an event for hours.
 */
function nothingWaits(stack: StackNames, series: readonly MetricSeries[], since: number): boolean {
  const { queue, deadLetterQueue, deadLetterRecorderFunction } = stack;
  const depths = [
    ...(queue === null ? [] : [queueDepth(series, "queue")]),
    ...(deadLetterQueue === null || deadLetterRecorderFunction === null ? [] : [queueDepth(series, "deadLetterQueue")]),
  ];
  if (!depths.every((depth) => depth !== null && depth.timestamp >= since)) return false;
  const received = total(series, "consumer.AsyncEventsReceived");
  if (queue === null && received === null) return false;
  const succeeded = (total(series, "consumer.Invocations") ?? 0) - (total(series, "consumer.Errors") ?? 0);
  const dropped = total(series, "consumer.AsyncEventsDropped") ?? 0;
  return (queuedMessages(series) ?? 0) === 0 && (received ?? 0) - succeeded - dropped <= 0;
}
