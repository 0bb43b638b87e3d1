/** Deletes a stack, waits until it is gone, and says which resources are left if it does not go. */
import { DeleteStackCommand } from "@aws-sdk/client-cloudformation";
import type { StackEvent } from "../model.ts";
import { patienceMs, pollMs } from "../steps/timetable.ts";
import type { Account } from "../targets/target.ts";
import { ask, eventReader, findStack, isOurs, removalOf, resourcesOf, type Stack } from "./stack.ts";

/** A resource that was kept by another can often be deleted a moment later. AWS's advice is to delete the stack again. */
const attempts = 2;

export type Deletion =
  | { outcome: "deleted" }
  /** There was none. */
  | { outcome: "absent" }
  /** It has no tag of ours, and was not touched. */
  | { outcome: "foreign" }
  /** `why` holds AWS's words about the resources that stay, `remedy` the command that deletes the stack by hand. */
  | { outcome: "left"; status: string; why: string; remedy: string };

export interface DeletionOptions {
  signal?: AbortSignal;
  /** Is told each event of the stack as it is seen. */
  onEvent?: (event: StackEvent) => void;
}

/** Deletes the stack of this name, if there is one and the harness made it. Rejects as `deleteOwnStack`. */
export async function deleteStack(target: Account, name: string, options: DeletionOptions = {}): Promise<Deletion> {
  const found = await findStack(target, name, watching(options));
  if (found === null) return { outcome: "absent" };
  return isOurs(found) ? deleteOwnStack(target, found, options) : { outcome: "foreign" };
}

/**
 * Deletes a stack that the harness has made. Rejects with BenchError `target-failed` when the stack can be neither deleted nor
 * looked at, and with the signal's reason.
 * It never skips a resource (RetainResources, FORCE_DELETE_STACK), because a skipped one belongs to no stack and nobody finds it.
 */
export async function deleteOwnStack(
  target: Account,
  { id }: Pick<Stack, "id">,
  options: DeletionOptions = {},
): Promise<Deletion> {
  const { signal, onEvent } = options;
  const asking = watching(options);
  const request = new DeleteStackCommand({ StackName: id });
  const newEvents = eventReader(target, id, asking);
  if (onEvent !== undefined) await newEvents();
  for (let attempt = 1; ; attempt++) {
    await ask(target, (client) => client.send(request), { ...asking, failure: "it could not be deleted" });
    for (;;) {
      const stack = await findStack(target, id, asking);
      if (onEvent !== undefined) (await newEvents()).forEach(onEvent);
      if (stack === null) return { outcome: "deleted" };
      if (!stack.status.endsWith("_IN_PROGRESS")) {
        if (attempt === attempts) return await describeRemains(target, stack);
        break;
      }
      await target.clock.sleep(pollMs.deletion, signal);
    }
  }
}

function watching({ signal }: DeletionOptions) {
  return { failure: "it could not be looked at", patienceMs, signal };
}

/** A sentence that says what became of the stack. */
export function describeDeletion(stackName: string, deletion: Deletion): string {
  switch (deletion.outcome) {
    case "absent":
      return "No stack was created.";
    case "deleted":
      return `The stack ${stackName} was deleted.`;
    case "foreign":
      return `The stack ${stackName} was not made by throttle-bench, and was left as it is.`;
    case "left":
      return `The stack ${stackName} is left (${deletion.status}: ${deletion.why}); remove it with: ${deletion.remedy}`;
  }
}

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/troubleshooting.html#troubleshooting-errors-delete-stack-fails */
async function describeRemains(target: Account, stack: Stack): Promise<Deletion> {
  const resources = await resourcesOf(target, stack.id, { failure: "its resources could not be looked at" }).catch(
    () => [],
  );
  const failed = resources.filter(({ status }) => status === "DELETE_FAILED");
  const words = failed.map(
    ({ logicalId, type, physicalId, reason }) =>
      `${logicalId} (${type} ${physicalId}): ${reason ?? "AWS gave no reason"}`,
  );
  return {
    outcome: "left",
    status: stack.status,
    why: words.join("; ") || stack.statusReason || "AWS gave no reason",
    remedy: removalOf(target, stack.name),
  };
}
