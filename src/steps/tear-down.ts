/** Removes what a run has created, and says what it removed and what it left. */
import { messageOf } from "../errors.ts";
import { deleteStack } from "../stacks/deletion.ts";
import { removalOf } from "../stacks/stack.ts";
import type { Target } from "../targets/target.ts";
import type { Progress } from "./progress.ts";

/** A sentence that says what became of the stack. Never rejects: clean-up must not hide the failure that it follows. */
export async function tearDown(target: Target, stackName: string, keep: boolean, progress: Progress): Promise<string> {
  progress({ phase: "teardown", kept: keep });
  const byHand = removalOf(target, stackName);
  if (keep && !target.keepsStacks) return `The stack ${stackName} was kept, and ends with this process; its rows stay.`;
  if (keep) return `The stack ${stackName} was kept; remove it with: ${byHand}`;
  try {
    const deletion = await deleteStack(target, stackName);
    switch (deletion.outcome) {
      case "absent":
        return "No stack was created.";
      case "deleted":
        return `The stack ${stackName} was deleted.`;
      case "foreign":
        return `The stack ${stackName} is not of our making and was left as it is.`;
      case "left":
        return `The stack ${stackName} is left (${deletion.status}: ${deletion.why}); remove it with: ${deletion.remedy}`;
    }
  } catch (failure) {
    return `The stack ${stackName} may be left (${messageOf(failure)}); remove it with: ${byHand}`;
  }
}
