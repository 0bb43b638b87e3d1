/** Completes a record with points that CloudWatch had not published when the run ended. */
import { boundsOf } from "../metrics/calls.ts";
import { caveatsAnew } from "../metrics/caveats.ts";
import { recosted } from "../metrics/cost.ts";
import { runsOf } from "../metrics/uncertainty.ts";
import { verdictOf } from "../metrics/verdict.ts";
import type { RunRecord } from "../model.ts";
import type { Account } from "../targets/target.ts";
import { consumerFigures } from "./cloudwatch.ts";
import { evidenceInRows, isComplete, read } from "./completeness.ts";

/** The record with the figures that CloudWatch has now. A series without points any more stays as it was. */
export async function refresh(target: Account, record: RunRecord): Promise<RunRecord> {
  const { stack, metricsWindow, summary, details } = record;
  const reading = await read(target, stack, metricsWindow);
  const { readAt, end } = metricsWindow;
  const earlier = { series: record.metrics, at: readAt };
  const complete = isComplete(reading, earlier, evidenceInRows(summary, details, metricsWindow), end);
  const metrics = reading.series;
  const { maxConcurrency, invocations, throttles, errors } = consumerFigures(metrics);
  const { calls } = details;
  const counted = { errors: errors ?? details.errors, invocations: invocations ?? details.invocations };
  const evidence = { ...counted, settings: record.settings, queue: stack.queue, complete };
  const isThere = new Set(metrics.filter(({ points }) => points.length > 0).map(({ name }) => name));
  const refreshed: RunRecord = {
    ...record,
    summary: { ...summary, maxConcurrency: maxConcurrency ?? summary.maxConcurrency },
    details: {
      ...details,
      ...counted,
      throttles: throttles ?? details.throttles,
      calls: calls && !calls.recorded && complete ? { ...calls, ...boundsOf(calls.atLeast, evidence) } : calls,
    },
    metrics: metrics.map((series) =>
      isThere.has(series.name) ? series : (record.metrics.find(({ name }) => name === series.name) ?? series),
    ),
    // CloudWatch keeps such points for some days only, so a record that was complete stays complete.
    metricsWindow: {
      ...metricsWindow,
      readAt: reading.at,
      refusal: null,
      complete: metricsWindow.complete || complete,
    },
  };
  // The verdict says how many invocations failed, which CloudWatch counts.
  const verdict = refreshed.expected && verdictOf(runsOf(refreshed), refreshed.expected);
  const recounted = { ...refreshed, verdict, cost: recosted(refreshed) };
  return { ...recounted, caveats: caveatsAnew(recounted) };
}
