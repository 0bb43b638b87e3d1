/** Measures a run: its rows from Postgres, its metrics from CloudWatch, and what the figures make of them. */
import type { Invocations } from "../database/invocations.ts";
import { detailsOf } from "../metrics/details.ts";
import { summarize } from "../metrics/summary.ts";
import { timeline } from "../metrics/timeline.ts";
import type { Burst, Outcome, RunRecord } from "../model.ts";
import { send } from "../targets/send.ts";
import type { Target } from "../targets/target.ts";
import { highest, seriesOf, total } from "./cloudwatch.ts";
import type { Progress } from "./progress.ts";
import { groupsOf, type Stack } from "./stack.ts";

/** CloudWatch's points come late: what is read earlier than this after the end is not complete. */
const metricsSettleMs = 180_000;

export interface Measurement {
  runId: string;
  events: number;
  outcome: Outcome;
}

/** The figures of a run; what could not be had is null. An interrupted run is measured as it is, without waiting. */
export async function measure(
  target: Target,
  stack: Stack,
  database: Invocations,
  burst: Burst,
  { runId, events, outcome }: Measurement,
  progress: Progress,
): Promise<Pick<RunRecord, "summary" | "details" | "timeline" | "metrics" | "metricsWindow">> {
  progress({ phase: "measure" });
  const { clock } = target;
  const groups = groupsOf(runId);
  const reading = { clock, failure: "The rows cannot be read" };
  const completed = await send(() => database.rows(groups.completed), reading);
  const dead = await send(() => database.rows(groups.dead), reading);
  const end = clock.now();
  if (outcome !== "interrupted") await clock.sleep(metricsSettleMs);
  const start = burst.firstSentAt ?? end;
  const metrics = await seriesOf(target, stack, start, end);
  const seconds = timeline(completed, dead);
  return {
    summary: summarize({
      totalEvents: events,
      completed,
      dead,
      firstSentAt: burst.firstSentAt,
      maxConcurrency: highest(metrics, "consumer.ConcurrentExecutions"),
    }),
    details: {
      ...detailsOf(completed, seconds),
      invocations: total(metrics, "consumer.Invocations"),
      throttles: total(metrics, "consumer.Throttles"),
      errors: total(metrics, "consumer.Errors"),
    },
    timeline: seconds,
    metrics,
    metricsWindow: { start, end, complete: outcome !== "interrupted" },
  };
}
