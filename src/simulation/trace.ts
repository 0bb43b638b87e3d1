/** Simulates a run again and follows one of its events. */
import { messageGroupOf } from "../../infra/handlers/message-group.ts";
import type { RunRecord, Trace } from "../model.ts";
import { messageGroupingOf } from "../steps/message-groups.ts";
import { Life } from "./life.ts";
import { type Simulation, simulateRecord } from "./simulate.ts";

/** The run as it was simulated, and what became of the event in it. */
export interface TracedRun {
  record: RunRecord;
  trace: Trace;
}

/** Resolves with the record of the run and the life of one of its events. @throws BenchError as `simulateRecord` does. */
export async function traceEvent(simulation: Simulation, event: number): Promise<TracedRun> {
  const life = new Life(event);
  const { request } = simulation;
  const record = await simulateRecord({ ...simulation, observer: life.observe });
  const { runId, scenario, metricsWindow } = record;
  const logicalIds = request.scenario.template.resources.map((resource) => resource.logicalId);
  const steps = life.steps(logicalIds, metricsWindow.readAt);
  const has = (what: string) => steps.some((step) => step.what === what);
  const outcome = has("completed") ? "completed" : has("recorded") ? "dead-lettered" : "lost";
  const messageGroup = messageGroupOf(event, messageGroupingOf(request.scenario, request.settings));
  return { record, trace: { runId, scenario, event, messageGroup, sentAt: life.sentAt, outcome, steps } };
}
