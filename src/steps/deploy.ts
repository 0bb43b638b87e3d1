/** Deploys a scenario: one CloudFormation stack, then the handlers' code. */
import {
  CloudFormationClient,
  CreateStackCommand,
  DescribeStackEventsCommand,
  DescribeStacksCommand,
  ValidateTemplateCommand,
} from "@aws-sdk/client-cloudformation";
import { GetFunctionConfigurationCommand, LambdaClient, UpdateFunctionCodeCommand } from "@aws-sdk/client-lambda";
import { BenchError } from "../errors.ts";
import type { Scenario, Settings, StackEvent } from "../model.ts";
import { send } from "../targets/send.ts";
import type { Target } from "../targets/target.ts";
import { deploymentPackage, type HandlerName } from "./deployment-package.ts";
import type { Progress } from "./progress.ts";
import { nameIn, type Stack, stackNameOf } from "./stack.ts";

const pollMs = 2_000;

export interface Deployment {
  scenario: Scenario;
  settings: Settings;
  runId: string;
  signal: AbortSignal;
}

/**
 * Resolves when every function runs the handlers' code.
 * @throws BenchError `bad-template` before anything is created, `deploy-failed` with the first failing resource and AWS's reason.
 */
export async function deploy(target: Target, deployment: Deployment, progress: Progress): Promise<Stack> {
  const cloudFormation = new CloudFormationClient(target.aws);
  const { scenario, runId, signal } = deployment;
  const { clock } = target;
  await validate(cloudFormation, target, deployment);
  const stackName = stackNameOf(runId);
  const creation = new CreateStackCommand({
    StackName: stackName,
    TemplateBody: scenario.templateBody,
    Parameters: parametersOf(target, deployment),
    Capabilities: ["CAPABILITY_IAM"],
    Tags: [
      { Key: "throttle-bench", Value: "run" },
      { Key: "throttle-bench:run-id", Value: runId },
    ],
    // By it AWS knows a repeated request for what it is.
    ClientRequestToken: runId,
  });
  const refused = `The stack ${stackName} was refused`;
  await send(() => cloudFormation.send(creation), { clock, failure: refused, code: "deploy-failed", signal });
  const unseen = { clock, failure: `The stack ${stackName} cannot be watched`, code: "deploy-failed", signal } as const;
  const events: StackEvent[] = [];
  for (;;) {
    await clock.sleep(pollMs, signal);
    for (const event of await send(() => newEvents(cloudFormation, stackName, events.length), unseen)) {
      events.push(event);
      progress({ phase: "deploy", event });
    }
    const description = new DescribeStacksCommand({ StackName: stackName });
    const { Stacks } = await send(() => cloudFormation.send(description), unseen);
    const { StackStatus: status = "", Outputs = [] } = Stacks?.[0] ?? {};
    if (status === "CREATE_COMPLETE") {
      const outputs = new Map(Outputs.map(({ OutputKey, OutputValue }) => [OutputKey, OutputValue]));
      const named = (key: string) => (outputs.has(key) ? nameIn(outputs.get(key)!) : null);
      const stack: Stack = {
        name: stackName,
        producerFunction: named("ProducerFunction")!,
        consumerFunction: named("ConsumerFunction")!,
        queue: named("Queue"),
        deadLetterQueue: named("DeadLetterQueue"),
        deadLetterRecorderFunction: named("DeadLetterRecorderFunction"),
        events,
      };
      await deployCode(target, stack, signal);
      return stack;
    }
    if (!status.endsWith("_IN_PROGRESS")) throw failureOf(stackName, status, events);
  }
}

/** What AWS says of the template is the user's to mend; that it cannot be asked is not. */
async function validate(client: CloudFormationClient, { clock }: Target, { scenario, signal }: Deployment) {
  const validation = new ValidateTemplateCommand({ TemplateBody: scenario.templateBody });
  const ask = () =>
    client.send(validation).catch((refusal: Error) => {
      if (refusal.name !== "ValidationError") throw refusal;
      throw new BenchError("bad-template", `${scenario.file}: ${refusal.message}`, { cause: refusal });
    });
  await send(ask, { clock, failure: "The template could not be checked", signal });
}

function parametersOf(target: Target, { scenario, settings }: Deployment) {
  const parameters = Object.entries(settings).map(([name, value]) => ({ ParameterKey: name, ParameterValue: value }));
  const takesDatabase = scenario.parameters.some(({ name }) => name === "DatabaseUrl");
  return takesDatabase
    ? [...parameters, { ParameterKey: "DatabaseUrl", ParameterValue: target.database.url }]
    : parameters;
}

/** The stack's events after the first `known`, oldest first. */
async function newEvents(client: CloudFormationClient, stackName: string, known: number): Promise<StackEvent[]> {
  const events: StackEvent[] = [];
  let NextToken: string | undefined;
  do {
    const page = await client.send(new DescribeStackEventsCommand({ StackName: stackName, NextToken }));
    for (const event of page.StackEvents ?? []) {
      events.push({
        timestamp: event.Timestamp!.getTime(),
        logicalId: event.LogicalResourceId ?? stackName,
        resourceType: event.ResourceType ?? "",
        status: event.ResourceStatus ?? "",
        reason: event.ResourceStatusReason ?? null,
      });
    }
    NextToken = page.NextToken;
  } while (NextToken);
  return events.reverse().slice(known);
}

function failureOf(stackName: string, status: string, events: StackEvent[]): BenchError {
  const first = events.find((event) => event.status.endsWith("_FAILED"));
  const why = first
    ? `${first.logicalId} (${first.resourceType}) failed: ${first.reason ?? "AWS gave no reason"}`
    : "AWS named no failing resource";
  return new BenchError("deploy-failed", `The stack ${stackName} ended as ${status}: ${why}`);
}

/** Code travels apart from the template, whose inline limit a bundle passes. */
async function deployCode(target: Target, stack: Stack, signal: AbortSignal): Promise<void> {
  const lambda = new LambdaClient(target.aws);
  const functions: [string | null, HandlerName][] = [
    [stack.producerFunction, "producer"],
    [stack.consumerFunction, "consumer"],
    [stack.deadLetterRecorderFunction, "recorder"],
  ];
  for (const [name, handler] of functions) {
    if (name === null) continue;
    const ZipFile = await deploymentPackage(handler);
    const sending = {
      clock: target.clock,
      failure: `The code of ${name} was refused`,
      code: "deploy-failed",
      signal,
    } as const;
    await send(() => lambda.send(new UpdateFunctionCodeCommand({ FunctionName: name, ZipFile })), sending);
    for (;;) {
      const { LastUpdateStatus, LastUpdateStatusReason } = await send(
        () => lambda.send(new GetFunctionConfigurationCommand({ FunctionName: name })),
        sending,
      );
      if (LastUpdateStatus === "Successful") break;
      if (LastUpdateStatus === "Failed") {
        throw new BenchError("deploy-failed", `The code of ${name} could not be updated: ${LastUpdateStatusReason}`);
      }
      await target.clock.sleep(pollMs, signal);
    }
  }
}
