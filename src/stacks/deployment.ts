/** Deploys a stack: creates it, or updates ours that is there already. One that failed before is removed first. */
import { CreateStackCommand, UpdateStackCommand } from "@aws-sdk/client-cloudformation";
import { BenchError } from "../errors.ts";
import type { StackEvent } from "../model.ts";
import { patienceMs, pollMs } from "../steps/timetable.ts";
import type { Account } from "../targets/target.ts";
import { deleteOwnStack } from "./deletion.ts";
import { explainFailure } from "./failure.ts";
import { checkStackLimits } from "./limits.ts";
import { ask, eventReader, findStack, isOurs, type Stack, unlessRefused } from "./stack.ts";
import { tagNames } from "./tags.ts";

export interface StackRequest {
  name: string;
  templateBody: string;
  parameters: Readonly<Record<string, string>>;
  /** Parameters that an update leaves as they are. Default: none. */
  keptParameters?: readonly string[];
  /** They include `tagNames.kind`. An update leaves the stack's tags as they are. */
  tags: Readonly<Record<string, string>>;
  stackPolicyBody?: string;
  /** AWS tells by it that a request is a repeated one. It has at most 121 characters, because an update's is longer. */
  clientRequestToken: string;
  /** Awaited once the request is within AWS's limits, before anything is created. */
  validate?: () => Promise<void>;
  signal: AbortSignal;
}

export interface DeployedStack {
  /** ARN */
  id: string;
  outputs: Map<string, string>;
  /** The events of this deployment, oldest first. If the stack was as wanted already, they are all that it had. */
  events: StackEvent[];
}

/** In these statuses a stack takes no update, and keeps its name taken: its creation failed, or it is half gone. */
const beyondUpdate = /^(CREATE_FAILED|ROLLBACK_COMPLETE|ROLLBACK_FAILED|DELETE_FAILED|REVIEW_IN_PROGRESS)$/;

/**
 * Resolves when the stack is as wanted. `onEvent` is told each event as it is seen, also those of an earlier stack that is removed first.
 * null: nobody is told, and the events are read once, at the end.
 * @throws BenchError `bad-template` for a request that exceeds AWS's limits, before anything is sent; `bad-usage` if somebody else's
 * stack has the name, which is not touched; `deploy-failed` with the first failing resource, AWS's reason and what to do.
 */
export async function deployStack(
  target: Account,
  request: StackRequest,
  onEvent: ((event: StackEvent) => void) | null,
): Promise<DeployedStack> {
  const { name, signal } = request;
  checkStackLimits(name, request.clientRequestToken, request.parameters);
  await request.validate?.();
  const earlier = await findSettled(target, request, onEvent ?? (() => {}));
  const id = earlier?.id ?? (await create(target, request));
  const newEvents = eventReader(target, id, watching(request));
  if (earlier !== null) {
    const before = await newEvents();
    if (!(await update(target, request))) return { id, outputs: earlier.outputs, events: before };
  }
  const events: StackEvent[] = [];
  for (;;) {
    await target.clock.sleep(pollMs.deployment, signal);
    // The stack is looked up before its events, so that the events of its last status are among them.
    const stack = await findStack(target, id, watching(request));
    const status = stack?.status ?? "DELETE_COMPLETE";
    const isOver = !status.endsWith("_IN_PROGRESS");
    for (const event of onEvent !== null || isOver ? await newEvents() : []) {
      events.push(event);
      onEvent?.(event);
    }
    if (status === "CREATE_COMPLETE" || status === "UPDATE_COMPLETE") return { id, outputs: stack!.outputs, events };
    // An update that is complete goes on in progress, while CloudFormation cleans up what it has replaced.
    if (!isOver) continue;
    throw new BenchError("deploy-failed", `The stack ${name} ended as ${status}: ${explainFailure(events)}`);
  }
}

/** The stack of this name, once no operation on it is in progress, to be updated. Null: there is none, or it had to be removed. */
async function findSettled(
  target: Account,
  request: StackRequest,
  onEvent: (event: StackEvent) => void,
): Promise<Stack | null> {
  const { name, signal } = request;
  let newEvents: (() => Promise<StackEvent[]>) | undefined;
  for (;;) {
    const stack = await findStack(target, name, watching(request));
    if (stack === null) return null;
    if (!isOurs(stack)) throw isAnothers(name);
    if (beyondUpdate.test(stack.status)) {
      const now = target.clock.now();
      const removed = `An earlier stack ended as ${stack.status}, and is removed first`;
      onEvent({
        timestamp: now,
        logicalId: name,
        resourceType: "AWS::CloudFormation::Stack",
        status: stack.status,
        reason: removed,
      });
      await remove(target, stack, request, onEvent);
      return null;
    }
    if (!stack.status.endsWith("_IN_PROGRESS")) return stack;
    newEvents ??= eventReader(target, stack.id, watching(request));
    (await newEvents()).forEach(onEvent);
    await target.clock.sleep(pollMs.deployment, signal);
  }
}

async function remove(
  target: Account,
  stack: Stack,
  { signal }: StackRequest,
  onEvent: (event: StackEvent) => void,
): Promise<void> {
  const deletion = await deleteOwnStack(target, stack, { signal, onEvent });
  if (deletion.outcome !== "left") return;
  const { status, why, remedy } = deletion;
  throw new BenchError(
    "deploy-failed",
    `The earlier stack ${stack.name} stays (${status}: ${why}); remove it with: ${remedy}`,
  );
}

/** The id of the new stack. */
async function create(target: Account, request: StackRequest): Promise<string> {
  const command = new CreateStackCommand({
    ...stackInput(request),
    Tags: Object.entries(request.tags).map(([Key, Value]) => ({ Key, Value })),
  });
  const answer = await ask(
    target,
    (client) =>
      client.send(command).catch((refusal: Error) => {
        if (refusal.name !== "AlreadyExistsException") throw refusal;
        return null;
      }),
    creating(request),
  );
  if (answer !== null) return answer.StackId!;
  // The answer to an attempt before this one may have been lost.
  const made = await findStack(target, request.name, watching(request));
  if (made === null || !isOf(made, request)) throw isAnothers(request.name);
  return made.id;
}

/** Tells by the tags that the stack was made for the same purpose, run and owner. */
function isOf({ tags }: Stack, request: StackRequest): boolean {
  const ofRequest = [tagNames.kind, tagNames.runId, tagNames.owner];
  return ofRequest.every((name) => tags.get(name) === request.tags[name]);
}

function isAnothers(name: string): BenchError {
  return new BenchError(
    "bad-usage",
    `The stack ${name} is there, and throttle-bench has not made it; it was left as it is. Choose another name.`,
  );
}

const isAsWanted = /No updates are to be performed/;
const isBegun = /No updates are to be performed|is in \S+_IN_PROGRESS state and can ?not be updated/;

/** False: the stack is already as wanted. */
async function update(target: Account, request: StackRequest): Promise<boolean> {
  // With the creation's own token AWS would take the update for that request again.
  const ClientRequestToken = `${request.clientRequestToken}-update`;
  const kept = (request.keptParameters ?? []).map((ParameterKey) => ({ ParameterKey, UsePreviousValue: true }));
  const { Parameters, ...input } = stackInput(request);
  const given = Parameters.filter(({ ParameterKey }) => !request.keptParameters?.includes(ParameterKey));
  const command = new UpdateStackCommand({ ...input, Parameters: [...given, ...kept], ClientRequestToken });
  return ask(
    target,
    async (client, attempt) => {
      // An attempt before this one may have begun the update, or even ended it.
      if (attempt === 1) return (await unlessRefused(client.send(command), isAsWanted)) !== null;
      await unlessRefused(client.send(command), isBegun);
      return true;
    },
    creating(request),
  );
}

function stackInput({ name, templateBody, parameters, stackPolicyBody, clientRequestToken }: StackRequest) {
  return {
    StackName: name,
    TemplateBody: templateBody,
    Parameters: Object.entries(parameters).map(([ParameterKey, ParameterValue]) => ({ ParameterKey, ParameterValue })),
    Capabilities: ["CAPABILITY_IAM" as const],
    ...(stackPolicyBody === undefined ? {} : { StackPolicyBody: stackPolicyBody }),
    ClientRequestToken: clientRequestToken,
  };
}

function creating({ name, signal }: StackRequest) {
  return { failure: `The stack ${name} was refused`, code: "deploy-failed", signal } as const;
}

function watching({ name, signal }: StackRequest) {
  return { failure: `The stack ${name} cannot be watched`, code: "deploy-failed", patienceMs, signal } as const;
}
