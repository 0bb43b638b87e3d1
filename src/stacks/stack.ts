/** Reads stacks from CloudFormation: their state, their events and their resources. */
import {
  type Stack as AwsStack,
  CloudFormationClient,
  DescribeStackEventsCommand,
  DescribeStackResourcesCommand,
  DescribeStacksCommand,
} from "@aws-sdk/client-cloudformation";
import type { StackEvent } from "../model.ts";
import { type Sending, send } from "../targets/send.ts";
import type { Account } from "../targets/target.ts";
import { type StackKind, tagNames } from "./tags.ts";

export interface Stack {
  /** ARN, which differs from that of a later stack of the same name. */
  id: string;
  name: string;
  /** CloudFormation's, such as `CREATE_COMPLETE`. */
  status: string;
  statusReason: string | null;
  /** Milliseconds since the epoch. */
  createdAt: number;
  outputs: Map<string, string>;
  tags: Map<string, string>;
}

export type Asking = Omit<Sending, "service">;

/** Sends a request to CloudFormation, as `send` does. */
export function ask<Answer>(
  target: Account,
  request: (client: CloudFormationClient, attempt: number) => Promise<Answer>,
  asking: Asking,
): Promise<Answer> {
  const client = target.clients.get(CloudFormationClient);
  return send(target, (attempt) => request(client, attempt), { service: "CloudFormation", ...asking });
}

/** The answer to a request; null: CloudFormation refused it as invalid, in words that match. */
export async function unlessRefused<Answer>(answer: Promise<Answer>, words: RegExp): Promise<Answer | null> {
  return answer.catch((refusal: Error) => {
    if (refusal.name === "ValidationError" && words.test(refusal.message)) return null;
    throw refusal;
  });
}

/** null: there is no such stack, or no longer. */
export async function findStack(target: Account, nameOrId: string, asking: Asking): Promise<Stack | null> {
  const asked = new DescribeStacksCommand({ StackName: nameOrId });
  const answer = await ask(target, (client) => unlessRefused(client.send(asked), /does not exist/), asking);
  const found = answer?.Stacks?.[0];
  return found === undefined || found.StackStatus === "DELETE_COMPLETE" ? null : toStack(found);
}

/** Every stack of the region that carries our tag, oldest first. @throws BenchError `target-failed`. */
export async function ownStacks(target: Account, signal?: AbortSignal): Promise<Stack[]> {
  const asking = { failure: "The stacks cannot be listed", signal };
  const stacks: Stack[] = [];
  let NextToken: string | undefined;
  do {
    const asked = new DescribeStacksCommand({ NextToken });
    const page = await ask(target, (client) => client.send(asked), asking);
    stacks.push(...(page.Stacks ?? []).map(toStack));
    NextToken = page.NextToken;
  } while (NextToken);
  return stacks.filter(isOurs).sort((a, b) => a.createdAt - b.createdAt);
}

/** Reads the stack's events: each call answers those that are new since the last one, oldest first. */
export function eventReader(target: Account, id: string, asking: Asking): () => Promise<StackEvent[]> {
  let known = 0;
  return async () => {
    const events = (await allEvents(target, id, asking)).slice(known);
    known += events.length;
    return events;
  };
}

async function allEvents(target: Account, id: string, asking: Asking): Promise<StackEvent[]> {
  const events: StackEvent[] = [];
  let NextToken: string | undefined;
  do {
    const asked = new DescribeStackEventsCommand({ StackName: id, NextToken });
    const page = await ask(target, (client) => client.send(asked), asking);
    for (const event of page.StackEvents ?? []) {
      events.push({
        timestamp: event.Timestamp!.getTime(),
        logicalId: event.LogicalResourceId ?? "",
        resourceType: event.ResourceType ?? "",
        status: event.ResourceStatus ?? "",
        reason: event.ResourceStatusReason ?? null,
      });
    }
    NextToken = page.NextToken;
  } while (NextToken);
  return events.reverse();
}

/** A resource of a stack. `reason` is AWS's reason for its status. */
export interface StackResource {
  logicalId: string;
  physicalId: string;
  type: string;
  status: string;
  reason: string | null;
}

/** The resources of a stack, of which AWS lists 100 at most. No stack of ours has more. */
export async function resourcesOf(target: Account, id: string, asking: Asking): Promise<StackResource[]> {
  const asked = new DescribeStackResourcesCommand({ StackName: id });
  const { StackResources = [] } = await ask(target, (client) => client.send(asked), asking);
  return StackResources.filter(({ ResourceStatus }) => ResourceStatus !== "DELETE_COMPLETE").map((resource) => ({
    logicalId: resource.LogicalResourceId ?? "",
    physicalId: resource.PhysicalResourceId ?? "",
    type: resource.ResourceType ?? "",
    status: resource.ResourceStatus ?? "",
    reason: resource.ResourceStatusReason ?? null,
  }));
}

/** Tells that the harness made the stack. No other stack is touched. */
export function isOurs({ tags }: Stack): boolean {
  return tags.has(tagNames.kind);
}

export function kindOf({ tags }: Stack): StackKind | null {
  const kind = tags.get(tagNames.kind);
  return kind === "run" || kind === "database" ? kind : null;
}

/** The command that removes a stack by hand. */
export function removalOf({ clients }: Account, stackName: string): string {
  const { region, endpoint } = clients.configuration;
  const at = endpoint === undefined ? "" : ` --endpoint-url ${endpoint}`;
  return `aws cloudformation delete-stack --stack-name ${stackName} --region ${region}${at}`;
}

function toStack(stack: AwsStack): Stack {
  return {
    id: stack.StackId!,
    name: stack.StackName!,
    status: stack.StackStatus ?? "",
    statusReason: stack.StackStatusReason ?? null,
    createdAt: stack.CreationTime!.getTime(),
    outputs: new Map((stack.Outputs ?? []).map(({ OutputKey, OutputValue }) => [OutputKey!, OutputValue ?? ""])),
    tags: new Map((stack.Tags ?? []).map(({ Key, Value }) => [Key!, Value ?? ""])),
  };
}
