/** Reads a stack of an account: its template with the values that it was deployed with, and the names that its resources got. */
import {
  CloudFormationClient,
  DescribeStacksCommand,
  GetTemplateCommand,
  ListStackResourcesCommand,
  type Stack,
} from "@aws-sdk/client-cloudformation";
import { GetEventSourceMappingCommand, LambdaClient } from "@aws-sdk/client-lambda";
import { BenchError } from "../../errors.ts";
import type { Account } from "../../targets/target.ts";
import { referencesIn } from "../../template/intrinsics.ts";
import { foreignDataOf, parseSource } from "../../template/nodes.ts";
import { mask } from "../../template/parameter.ts";
import { TemplateError, type TemplateMap, type TemplateValue } from "../../template/template.ts";
import { type Declared, readDeclared } from "../formats/cloudformation.ts";
import type { System } from "../system.ts";
import type { AccountReading } from "./account-reading.ts";
import { Asking, isMissing } from "./asking.ts";
import { readSource } from "./function.ts";
import { Gathered, nameIn } from "./gathered.ts";
import { Sources } from "./sources.ts";
import { readWork } from "./work.ts";

/**
 * Changes nothing.
 * @param name the stack's name or ARN
 * @throws BenchError `bad-usage` where there is none, `target-failed` where it may not be read, `bad-template` where its template is none that is understood
 */
export async function readStack(account: Account, name: string, signal?: AbortSignal): Promise<AccountReading> {
  return read(account, name, signal).catch((error) => {
    throw error instanceof TemplateError
      ? new BenchError("bad-template", error.sentence, { cause: error, isList: true })
      : error;
  });
}

async function read(account: Account, name: string, signal: AbortSignal | undefined): Promise<AccountReading> {
  const asking = new Asking(account, `stack ${name}`, signal);
  const client = account.clients.get(CloudFormationClient);
  const stack = await describe(asking, name);
  const { TemplateBody } = await asking.require(
    { action: "cloudformation:GetTemplate", what: `the template of the stack ${name}` },
    () => client.send(new GetTemplateCommand({ StackName: name, TemplateStage: "Processed" })),
  );
  const made = await asking.list(
    { action: "cloudformation:ListStackResources", what: `the resources of the stack ${name}` },
    (NextToken) => client.send(new ListStackResourcesCommand({ StackName: name, NextToken })),
    ({ StackResourceSummaries, NextToken }) => ({ items: StackResourceSummaries, next: NextToken }),
  );
  const physicalIds = new Map(
    (made ?? []).flatMap(({ LogicalResourceId, PhysicalResourceId }): [string, string][] =>
      LogicalResourceId === undefined || PhysicalResourceId === undefined
        ? []
        : [[LogicalResourceId, PhysicalResourceId]],
    ),
  );
  const declared = declaredBy(asking.origin, TemplateBody ?? "", stack);
  const known = readDeclared(declared);
  const system = await withOutsideSources(asking, declared, known, physicalIds);
  const nameOf = (logicalId: string) => {
    const id = physicalIds.get(logicalId) ?? system.names.get(logicalId);
    return id === undefined ? null : nameIn(id);
  };
  const works = await readWork(asking, system.template.resources, nameOf);
  return { system: { ...system, unread: [...system.unread, ...asking.unread] }, ...works };
}

async function describe(asking: Asking, name: string): Promise<Stack> {
  const { account } = asking;
  const { region } = account.clients.configuration;
  const none = (cause?: unknown) =>
    new BenchError("bad-usage", `There is no stack ${name} in ${region}; give its name, and its --region.`, { cause });
  const answer = await asking
    .require({ action: "cloudformation:DescribeStacks", what: `the stack ${name}` }, () =>
      account.clients.get(CloudFormationClient).send(new DescribeStacksCommand({ StackName: name })),
    )
    .catch((failure) => {
      throw isMissing(failure) ? none(failure) : failure;
    });
  const stack = answer.Stacks?.[0];
  if (stack === undefined) throw none();
  return stack;
}

/** The template with the parameters that the stack has; those that are secret stay unknown. */
function declaredBy(origin: string, body: string, stack: Stack): Declared {
  const [, partition, , region, accountId] = (stack.StackId ?? "").split(":");
  const pseudo = {
    "AWS::Partition": partition,
    "AWS::Region": region,
    "AWS::AccountId": accountId,
    "AWS::StackName": stack.StackName,
    "AWS::StackId": stack.StackId,
  };
  const given = (stack.Parameters ?? []).map(({ ParameterKey = "", ParameterValue, ResolvedValue }) => [
    ParameterKey,
    ResolvedValue ?? (ParameterValue === mask ? undefined : ParameterValue),
  ]);
  const values = [...Object.entries(pseudo), ...given].filter((each): each is [string, string] => !!each[1]);
  const { root, places } = foreignDataOf(parseSource(body, origin), origin);
  return { format: "account", source: { file: origin, parameters: Object.fromEntries(values) }, root, places };
}

/** Queues and streams of other stacks that its functions read are read, too, by the mappings that CloudFormation made. */
async function withOutsideSources(
  asking: Asking,
  declared: Declared,
  system: System,
  physicalIds: ReadonlyMap<string, string>,
): Promise<System> {
  const { resources } = system.template;
  const ids = new Set(resources.map(({ logicalId }) => logicalId));
  const isInside = (value: TemplateValue) => [...referencesIn(value, [])].some(({ name }) => ids.has(name));
  const outside = resources.filter(
    ({ type, properties }) =>
      type === "AWS::Lambda::EventSourceMapping" &&
      properties.EventSourceArn !== undefined &&
      !isInside(properties.EventSourceArn),
  );
  if (outside.length === 0) return system;
  const root = structuredClone(declared.root) as TemplateMap;
  const gathered = new Gathered(root.Resources as TemplateMap);
  const sources = new Sources(asking, gathered);
  for (const { logicalId } of outside) {
    const UUID = physicalIds.get(logicalId);
    if (UUID === undefined) continue;
    const mapping = await asking.ask(
      { action: "lambda:GetEventSourceMapping", what: `the source of the event source mapping ${logicalId}` },
      () => asking.account.clients.get(LambdaClient).send(new GetEventSourceMappingCommand({ UUID })),
    );
    if (mapping?.EventSourceArn === undefined) continue;
    await readSource(mapping, sources);
    const declaration = gathered.resources[logicalId] as TemplateMap;
    (declaration.Properties as TemplateMap).EventSourceArn = gathered.reference(mapping.EventSourceArn);
  }
  const whole = readDeclared({ ...declared, root });
  return { ...whole, names: new Map([...gathered.names, ...whole.names]) };
}
