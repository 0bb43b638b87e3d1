/** Removes what a run has created, and says what it removed and what it left. */
import { messageOf } from "../errors.ts";
import { deleteStack, describeDeletion } from "../stacks/deletion.ts";
import { removalOf } from "../stacks/stack.ts";
import type { Account } from "../targets/target.ts";
import type { Progress } from "./progress.ts";

/** A sentence that says what became of the stack. Never rejects: clean-up must not hide the failure that it follows. */
export async function tearDown(target: Account, stackName: string, keep: boolean, progress: Progress): Promise<string> {
  progress({ phase: "teardown", kept: keep });
  const byHand = removalOf(target, stackName);
  if (keep && !target.keepsStacks) return `The stack ${stackName} was kept, and ends with this process; its rows stay.`;
  if (keep) return `The stack ${stackName} was kept; remove it with: ${byHand}`;
  try {
    return describeDeletion(stackName, await deleteStack(target, stackName));
  } catch (failure) {
    return `The stack ${stackName} may be left (${messageOf(failure)}); remove it with: ${byHand}`;
  }
}
