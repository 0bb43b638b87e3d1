/** Removes what a run has created, and says what it removed and what it left. */
import {
  type Stack as AwsStack,
  CloudFormationClient,
  DeleteStackCommand,
  DescribeStacksCommand,
} from "@aws-sdk/client-cloudformation";
import { messageOf } from "../errors.ts";
import { send } from "../targets/send.ts";
import type { Target } from "../targets/target.ts";
import type { Progress } from "./progress.ts";
import { removalOf } from "./stack.ts";

const pollMs = 5_000;

/** A sentence that says what became of the stack. Never rejects: clean-up must not hide the failure that it follows. */
export async function tearDown(target: Target, stackName: string, keep: boolean, progress: Progress): Promise<string> {
  progress({ phase: "teardown", kept: keep });
  const byHand = removalOf(target, stackName);
  if (keep && !target.keepsStacks) return `The stack ${stackName} was kept, and ends with this process; its rows stay.`;
  if (keep) return `The stack ${stackName} was kept; remove it with: ${byHand}`;
  const client = new CloudFormationClient(target.aws);
  try {
    const found = await statusOf(client, target, stackName);
    if (!found) return "No stack was created.";
    const StackName = found.StackId;
    await send(() => client.send(new DeleteStackCommand({ StackName })), {
      clock: target.clock,
      failure: "it could not be deleted",
    });
    for (;;) {
      const { StackStatus = "DELETE_COMPLETE", StackStatusReason } = (await statusOf(client, target, StackName!)) ?? {};
      if (StackStatus === "DELETE_COMPLETE") return `The stack ${stackName} was deleted.`;
      if (!StackStatus.endsWith("_IN_PROGRESS")) {
        return `The stack ${stackName} is left (${StackStatus}: ${StackStatusReason}); remove it with: ${byHand}`;
      }
      await target.clock.sleep(pollMs);
    }
  } catch (failure) {
    return `The stack ${stackName} may be left (${messageOf(failure)}); remove it with: ${byHand}`;
  }
}

/** Undefined when there is no such stack. */
function statusOf(client: CloudFormationClient, { clock }: Target, StackName: string): Promise<AwsStack | undefined> {
  const ask = async () => {
    try {
      const { Stacks } = await client.send(new DescribeStacksCommand({ StackName }));
      return Stacks?.[0];
    } catch (refusal) {
      if (refusal instanceof Error && refusal.name === "ValidationError" && /does not exist/.test(refusal.message))
        return;
      throw refusal;
    }
  };
  return send(ask, { clock, failure: "it could not be looked at" });
}
