/** Removes what a run has created, and says what it removed and what it left. */
import { CloudFormationClient, DeleteStackCommand, DescribeStacksCommand } from "@aws-sdk/client-cloudformation";
import { messageOf } from "../errors.ts";
import type { Target } from "../targets/target.ts";
import type { Progress } from "./progress.ts";

const pollMs = 5_000;

/** A sentence that says what became of the stack. Never rejects: clean-up must not hide the failure that it follows. */
export async function tearDown(target: Target, stackName: string, keep: boolean, progress: Progress): Promise<string> {
  progress({ phase: "teardown", kept: keep });
  const byHand = `aws cloudformation delete-stack --stack-name ${stackName}`;
  if (keep) return `The stack ${stackName} was kept; remove it with: ${byHand}`;
  const client = new CloudFormationClient(target.aws);
  try {
    const found = await client.send(new DescribeStacksCommand({ StackName: stackName })).catch(() => null);
    const StackName = found?.Stacks?.[0]?.StackId;
    if (!StackName) return "No stack was created.";
    await client.send(new DeleteStackCommand({ StackName }));
    for (;;) {
      const { Stacks } = await client.send(new DescribeStacksCommand({ StackName }));
      const { StackStatus, StackStatusReason } = Stacks?.[0] ?? {};
      if (StackStatus === "DELETE_COMPLETE") return `The stack ${stackName} was deleted.`;
      if (StackStatus !== "DELETE_IN_PROGRESS") {
        return `The stack ${stackName} is left (${StackStatus}: ${StackStatusReason}); remove it with: ${byHand}`;
      }
      await target.clock.sleep(pollMs);
    }
  } catch (failure) {
    return `The stack ${stackName} may be left (${messageOf(failure)}); remove it with: ${byHand}`;
  }
}
