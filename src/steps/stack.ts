/** A run's stack: its name, what its outputs name, and the rows' groups. */
import type { StackEvent, StackNames } from "../model.ts";

/** A stack that is there: what the harness needs of it, and how it came to be. */
export interface Stack extends StackNames {
  /** ARN */
  id: string;
  events: StackEvent[];
}

/** The name of a run's stack: unique per run, so that two runs do not meet. */
export function stackNameOf(runId: string): string {
  return `throttle-bench-${runId}`;
}

/** The groups under which a run's rows are: `group_id` is which run and which function wrote a row. */
export function groupsOf(runId: string): { completed: string; dead: string } {
  return { completed: `${runId}/consumer`, dead: `${runId}/dead-letter` };
}

/** The name in a Ref or GetAtt value: a name itself, an ARN or a queue's URL. */
export function nameIn(output: string): string {
  return output.split(/[:/]/).at(-1)!;
}
