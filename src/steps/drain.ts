/** Waits until every event has reached the database or the dead-letter queue, or until nothing more is to be expected. */
import type { Invocations } from "../database/invocations.ts";
import type { Burst, MetricSeries, Outcome } from "../model.ts";
import { send } from "../targets/send.ts";
import type { Target } from "../targets/target.ts";
import { latest, seriesOf, total } from "./cloudwatch.ts";
import type { Progress } from "./progress.ts";
import { groupsOf, type Stack } from "./stack.ts";

/** A poll every hundredth of the time that the drain has taken so far, within these: a long drain is in no hurry. */
const shortestPollMs = 5_000;
const longestPollMs = 60_000;
const metricsPollMs = 60_000;
/** How far back the latest point of a queue's depth is looked for. */
const depthWindowMs = 600_000;

/**
 * A run that still misses events is given up when for this long nothing has arrived while CloudWatch sees nothing waiting:
 * three times the longest interval of Lambda's asynchronous retries.
 */
export const quietMs = 900_000;

export interface Drain {
  runId: string;
  timeoutMs: number;
  signal: AbortSignal;
}

/** How the drain ended; the burst's own end is not the drain's: rows that are missing then are shown as missing. */
export async function drain(
  target: Target,
  stack: Stack,
  database: Invocations,
  burst: Burst,
  { runId, timeoutMs, signal }: Drain,
  progress: Progress,
): Promise<Outcome> {
  const { clock } = target;
  const start = burst.firstSentAt ?? clock.now();
  const begunAt = clock.now();
  const deadline = begunAt + timeoutMs;
  let arrived = 0;
  let lastArrivalAt = begunAt;
  let metricsAt = begunAt;
  let backlog: number | null = null;
  for (;;) {
    const { completed, dead, rows } = await send(target, () => database.progress(groupsOf(runId)), {
      service: "Postgres",
      failure: "The rows cannot be counted",
    });
    const elapsedMs = Math.max(0, clock.now() - start);
    progress({ phase: "drain", elapsedMs, total: burst.published, completed, dead, backlog });
    if (completed + dead >= burst.published) return "drained";
    if (rows > arrived) {
      arrived = rows;
      lastArrivalAt = clock.now();
    }
    if (clock.now() >= deadline) return "timeout";
    if (clock.now() - metricsAt >= metricsPollMs) {
      metricsAt = clock.now();
      const isQuiet = clock.now() - lastArrivalAt >= quietMs;
      const since = isQuiet ? start : Math.max(start, clock.now() - depthWindowMs);
      const series = await seriesOf(target, stack, { start: since, end: clock.now() });
      backlog = queuedMessages(series);
      if (isQuiet && nothingWaits(series)) return "quiet";
    }
    try {
      const waitedMs = clock.now() - begunAt;
      await clock.sleep(Math.min(longestPollMs, Math.max(shortestPollMs, Math.round(waitedMs / 100))), signal);
    } catch (interruption) {
      if (signal.aborted) return "interrupted";
      throw interruption;
    }
  }
}

function queuedMessages(series: readonly MetricSeries[]): number | null {
  const depths = ["queue", "deadLetterQueue"].flatMap((queue) => [
    latest(series, `${queue}.ApproximateNumberOfMessagesVisible`),
    latest(series, `${queue}.ApproximateNumberOfMessagesNotVisible`),
  ]);
  const known = depths.filter((depth) => depth !== null);
  return known.length === 0 ? null : known.reduce((sum, depth) => sum + depth, 0);
}

/** Nothing in the queues, and nothing left in Lambda's internal queue, as far as CloudWatch can tell. */
function nothingWaits(series: readonly MetricSeries[]): boolean {
  const received = total(series, "consumer.AsyncEventsReceived") ?? 0;
  const succeeded = (total(series, "consumer.Invocations") ?? 0) - (total(series, "consumer.Errors") ?? 0);
  const dropped = total(series, "consumer.AsyncEventsDropped") ?? 0;
  return (queuedMessages(series) ?? 0) === 0 && received - succeeded - dropped <= 0;
}
