/** Measures a run: its rows from Postgres, its metrics from CloudWatch, and what the figures make of them. */
import type { Invocations } from "../database/invocations.ts";
import { detailsOf } from "../metrics/details.ts";
import { summarize } from "../metrics/summary.ts";
import { timeline } from "../metrics/timeline.ts";
import type { Burst, MetricsWindow, Outcome, Row, RunRecord } from "../model.ts";
import { send } from "../targets/send.ts";
import type { Target } from "../targets/target.ts";
import { consumerFigures, seriesOf, settledAt } from "./cloudwatch.ts";
import type { Progress } from "./progress.ts";
import { groupsOf, type Stack } from "./stack.ts";

/** How often the wait for CloudWatch says how long it still takes. */
const countdownMs = 5_000;

export interface Measurement {
  runId: string;
  events: number;
  outcome: Outcome;
  /** Whether CloudWatch is given the time to publish the run's last minutes. */
  waitForMetrics: boolean;
  signal: AbortSignal;
}

/** The figures of a run; what could not be had is null. An interrupted run is measured as it is, without waiting. */
export async function measure(
  target: Target,
  stack: Stack,
  database: Invocations,
  burst: Burst,
  { runId, events, outcome, waitForMetrics, signal }: Measurement,
  progress: Progress,
): Promise<Pick<RunRecord, "summary" | "details" | "timeline" | "metrics" | "metricsWindow">> {
  progress({ phase: "measure" });
  const { clock } = target;
  const groups = groupsOf(runId);
  const reading = { service: "Postgres", failure: "The rows cannot be read" };
  const completed = await send(target, () => database.rows(groups.completed), reading);
  const dead = await send(target, () => database.rows(groups.dead), reading);
  const end = clock.now();
  const complete = waitForMetrics && outcome !== "interrupted" && (await metricsSettle(target, end, signal, progress));
  const metricsWindow: MetricsWindow = {
    start: burst.firstSentAt ?? firstSentAt([...completed, ...dead]) ?? end,
    end,
    complete,
  };
  const metrics = await seriesOf(target, stack, metricsWindow);
  const { maxConcurrency, ...figures } = consumerFigures(metrics);
  const seconds = timeline(completed, dead);
  return {
    summary: summarize({ totalEvents: events, completed, dead, firstSentAt: burst.firstSentAt, maxConcurrency }),
    details: { ...detailsOf(completed, seconds), ...figures },
    timeline: seconds,
    metrics,
    metricsWindow,
  };
}

/** Of a burst whose producer did not report. Null without rows. */
function firstSentAt(rows: readonly Row[]): number | null {
  return rows.reduce<number | null>((first, { sentAt }) => (first === null || sentAt < first ? sentAt : first), null);
}

/** Waits until CloudWatch's points of the run can be relied on; false: an interruption came first. */
async function metricsSettle(
  { clock }: Target,
  end: number,
  signal: AbortSignal,
  progress: Progress,
): Promise<boolean> {
  const settled = settledAt(end);
  for (let remainingMs = settled - clock.now(); remainingMs > 0; remainingMs = settled - clock.now()) {
    progress({ phase: "metrics", remainingMs });
    try {
      await clock.sleep(Math.min(countdownMs, remainingMs), signal);
    } catch (interruption) {
      if (signal.aborted) return false;
      throw interruption;
    }
  }
  return true;
}
