/** A run's stack: its name, the names in its outputs, and the groups of the run's rows. */
import type { StackEvent, StackNames } from "../model.ts";

/** A deployed stack, with the events of its deployment. */
export interface Stack extends StackNames {
  /** ARN */
  id: string;
  events: StackEvent[];
}

/** The name of a run's stack: unique per run, so that two runs do not meet. */
export function stackNameOf(runId: string): string {
  return `throttle-bench-${runId}`;
}

/** The `group_id`s of a run's rows, which say which run and which function wrote a row. */
export function groupsOf(runId: string): { completed: string; dead: string } {
  return { completed: `${runId}/consumer`, dead: `${runId}/dead-letter` };
}

/** The name in the value of a Ref or GetAtt, which is a name, an ARN or a queue's URL. */
export function nameInOutput(output: string): string {
  return output.split(/[:/]/).at(-1)!;
}
