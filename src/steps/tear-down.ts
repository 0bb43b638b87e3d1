/** Removes the stack of a run, and says what became of it. */
import { messageOf } from "../errors.ts";
import type { RunRequest } from "../model.ts";
import { deleteOwnStack, deleteStack, describeDeletion } from "../stacks/deletion.ts";
import { removalOf } from "../stacks/stack.ts";
import type { Account } from "../targets/target.ts";
import type { Progress } from "./progress.ts";
import { type Stack, stackNameOf } from "./stack.ts";

/**
 * Resolves with a sentence that says what became of the run's stack. `stack` null: the deployment failed, and may have left one.
 * Never rejects: clean-up must not hide the failure that it follows.
 */
export async function tearDown(
  target: Account,
  stack: Stack | null,
  { runId, keep }: Pick<RunRequest, "runId" | "keep">,
  progress: Progress,
): Promise<string> {
  const stackName = stackNameOf(runId);
  progress({ phase: "teardown", kept: keep });
  const byHand = removalOf(target, stackName);
  if (keep && !target.keepsStacks) return `The stack ${stackName} was kept, and ends with this process; its rows stay.`;
  if (keep) return `The stack ${stackName} was kept; remove it with: ${byHand}`;
  try {
    const deletion = await (stack === null ? deleteStack(target, stackName) : deleteOwnStack(target, stack));
    const isGone = deletion.outcome === "deleted" || deletion.outcome === "absent";
    // Nobody has to look after a stack that would end with this process.
    if (isGone && !target.keepsStacks) return "It leaves nothing but its rows.";
    return describeDeletion(stackName, deletion);
  } catch (failure) {
    if (!target.keepsStacks) return "It leaves nothing but the rows that were written.";
    return `The stack ${stackName} may be left (${messageOf(failure)}); remove it with: ${byHand}`;
  }
}
