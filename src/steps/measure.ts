/** Measures a run: reads its rows and its metrics, and derives the figures from them. */
import { BenchError } from "../errors.ts";
import { callCount } from "../metrics/calls.ts";
import { detailsOf } from "../metrics/details.ts";
import { flowOf } from "../metrics/flow.ts";
import { callsOf } from "../metrics/limit.ts";
import { type RunRows, runRows } from "../metrics/run-rows.ts";
import { sorted } from "../metrics/sorting.ts";
import { firstSentAt, summarize, throughputPerSecond } from "../metrics/summary.ts";
import type {
  Burst,
  Call,
  Calls,
  Expectations,
  MetricSeries,
  Outcome,
  RunRecord,
  Scenario,
  Settings,
  Spikes,
} from "../model.ts";
import { needsCredentials } from "../targets/refusal.ts";
import { send } from "../targets/send.ts";
import type { Target } from "../targets/target.ts";
import { consumerFigures } from "./cloudwatch.ts";
import { evidenceInRows, type Reading, read, readWhenComplete } from "./completeness.ts";
import { mayHaveFailed, readErrors } from "./errors.ts";
import { messageGroupingOf } from "./message-groups.ts";
import type { Meter } from "./meter.ts";
import type { Progress } from "./progress.ts";
import { groupsOf, type Stack } from "./stack.ts";
import { patienceMs } from "./timetable.ts";

export interface Measurement {
  runId: string;
  scenario: Scenario;
  settings: Settings;
  events: number;
  spikes?: Spikes;
  outcome: Outcome;
  expected: Expectations;
  /** True: the run waits until CloudWatch has published its last minutes. */
  waitForMetrics: boolean;
  signal: AbortSignal;
}

/** The parts of a run's record that come from its rows and its metrics. */
export type Measured = Pick<
  RunRecord,
  "summary" | "details" | "timeline" | "flow" | "calls" | "metrics" | "metricsWindow" | "errors"
>;

/**
 * The figures of a run; what could not be had is null. An interrupted run is measured as it is, without waiting. Where CloudWatch
 * cannot be read, the rows are measured all the same.
 */
export async function measure(
  target: Target,
  stack: Stack,
  burst: Burst,
  { runId, scenario, settings, events, spikes, outcome, expected, waitForMetrics, signal }: Measurement,
  progress: Progress,
  meter: Meter,
): Promise<Measured> {
  progress({ phase: "measure" });
  const groups = groupsOf(runId);
  // Whoever interrupts a run does not want to wait.
  const patience = outcome === "interrupted" ? {} : { patienceMs };
  const sending = { service: "Postgres", failure: "The rows cannot be read", ...patience };
  const completed = await send(target, () => target.rows.columns(groups.completed), sending);
  const dead = await send(target, () => target.rows.columns(groups.dead), sending);
  const calls = await send(target, () => target.rows.calls(runId), sending);
  const rows = runRows(completed, dead);
  const end = target.clock.now();
  const window = { start: burst.firstSentAt ?? firstSentAt(rows) ?? end, end };
  const summary = summarize({ totalEvents: events, rows, firstSentAt: burst.firstSentAt, maxConcurrency: null });
  const figuresOfRows = detailsOf(rows, { events, spikes, grouping: messageGroupingOf(scenario, settings) });
  const details = { ...figuresOfRows, throughputPerSecond: throughputPerSecond(summary) };
  const ofRows = { summary, details };
  const { eventsCompleted, eventsFailed } = summary;
  const counted = (series: readonly MetricSeries[], at: number) => {
    meter.take(series, at);
    meter.renew({ published: burst.published, completed: eventsCompleted, dead: eventsFailed });
  };
  const evidence = evidenceInRows(ofRows.summary, ofRows.details, window);
  const { reading, complete, refusal } = await readOrRefused(target, () =>
    waitForMetrics && outcome !== "interrupted"
      ? readWhenComplete(target, stack, window, evidence, signal, progress, counted)
      : read(target, stack, window).then((once) => ({ reading: once, complete: false })),
  );
  const { series, at } = reading;
  counted(series, at);
  const { maxConcurrency, ...figures } = consumerFigures(series);
  return {
    summary: { ...ofRows.summary, maxConcurrency },
    details: {
      ...ofRows.details,
      ...figures,
      calls: callCount(completed.length, calls, { ...figures, settings, queue: stack.queue, complete }),
    },
    timeline: rows.timeline,
    flow: flowOf(rows, burst.firstSentAt),
    calls: callsBy(rows, calls, expected.limit),
    metrics: series,
    metricsWindow: { ...window, readAt: at, refusal, complete },
    errors: mayHaveFailed(ofRows.summary, figures) ? await readErrors(target, stack, window) : [],
  };
}

/** Without a setting of the downstream no call is recorded. Then each row stands for the call that it came from. */
function callsBy({ completed }: RunRows, recorded: readonly Call[], limit: Expectations["limit"]): Calls {
  if (recorded.length > 0) {
    return callsOf(
      recorded.map(({ beganAt }) => beganAt),
      "recorded",
      limit,
    );
  }
  const startedAt = sorted(completed.startedAt.slice(0, completed.length));
  // NaN comes last, where a row does not say.
  const unknown = startedAt.findIndex(Number.isNaN);
  return callsOf(unknown < 0 ? startedAt : startedAt.subarray(0, unknown), "rows", limit);
}

/**
 * The reading, or an empty one with the reason if CloudWatch refuses. With expired credentials the run ends here instead, because its
 * stack cannot be removed either, and it can be resumed.
 */
async function readOrRefused(
  { clock }: Target,
  readMetrics: () => Promise<{ reading: Reading; complete: boolean }>,
): Promise<{ reading: Reading; complete: boolean; refusal: string | null }> {
  try {
    return { ...(await readMetrics()), refusal: null };
  } catch (failure) {
    if (!(failure instanceof BenchError) || needsCredentials(failure)) throw failure;
    return { reading: { series: [], at: clock.now() }, complete: false, refusal: failure.message };
  }
}
