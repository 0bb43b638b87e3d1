/** Reads a function of an account, and everything that sends it events. */
import {
  type EventSourceMappingConfiguration,
  GetFunctionConcurrencyCommand,
  GetFunctionConfigurationCommand,
  GetFunctionEventInvokeConfigCommand,
  LambdaClient,
  ListEventSourceMappingsCommand,
} from "@aws-sdk/client-lambda";
import { BenchError } from "../../errors.ts";
import type { Account } from "../../targets/target.ts";
import { type AccountReading, systemOf } from "./account-reading.ts";
import { Asking, isMissing } from "./asking.ts";
import { Gathered, nameIn } from "./gathered.ts";
import { Sources } from "./sources.ts";
import { readWork } from "./work.ts";

/**
 * Changes nothing.
 * @param name its name or ARN, with an alias after a colon if its mappings are the alias's
 * @throws BenchError `bad-usage` where there is none, `target-failed` where it may not be read
 */
export async function readFunction(account: Account, name: string, signal?: AbortSignal): Promise<AccountReading> {
  const asking = new Asking(account, `function ${nameIn(name)}`, signal);
  const gathered = new Gathered();
  const client = account.clients.get(LambdaClient);
  const { region } = account.clients.configuration;
  const configuration = await asking
    .require({ action: "lambda:GetFunctionConfiguration", what: `the function ${name}` }, () =>
      client.send(new GetFunctionConfigurationCommand({ FunctionName: name })),
    )
    .catch((failure) => {
      if (!isMissing(failure)) throw failure;
      const words = `There is no function ${name} in ${region}; give its name as Lambda has it, and its --region.`;
      throw new BenchError("bad-usage", words, { cause: failure });
    });
  const { FunctionName = name, FunctionArn = name } = configuration;
  const arn = FunctionArn.split(":").slice(0, 7).join(":");
  const logicalId = gathered.add("AWS::Lambda::Function", "Function", FunctionName, arn, "Arn", {
    FunctionName,
    Runtime: configuration.Runtime,
    Handler: configuration.Handler,
    Timeout: configuration.Timeout,
    MemorySize: configuration.MemorySize,
  });
  const path = ["Resources", logicalId, "Properties"];
  const concurrency = await asking.ask(
    {
      action: "lambda:GetFunctionConcurrency",
      what: `the reserved concurrency of ${FunctionName}`,
      path: [...path, "ReservedConcurrentExecutions"],
    },
    () => client.send(new GetFunctionConcurrencyCommand({ FunctionName })),
  );
  const properties = propertiesOf(gathered, logicalId);
  if (typeof concurrency?.ReservedConcurrentExecutions === "number") {
    properties.ReservedConcurrentExecutions = concurrency.ReservedConcurrentExecutions;
  }
  const sources = new Sources(asking, gathered);
  const deadLetters = configuration.DeadLetterConfig?.TargetArn;
  if (deadLetters) {
    await sources.readQueue(deadLetters);
    properties.DeadLetterConfig = { TargetArn: gathered.reference(deadLetters) };
  }

  const mappings = await asking.list(
    { action: "lambda:ListEventSourceMappings", what: `the event source mappings of ${name}` },
    (Marker) => client.send(new ListEventSourceMappingsCommand({ FunctionName: name, Marker })),
    ({ EventSourceMappings, NextMarker }) => ({ items: EventSourceMappings, next: NextMarker }),
  );
  for (const mapping of mappings ?? []) {
    await readSource(mapping, sources);
    const destination = mapping.DestinationConfig?.OnFailure?.Destination;
    if (destination) await sources.readQueue(destination);
    addMapping(gathered, mapping, { Ref: logicalId });
  }
  await readEventInvoke(asking, gathered, sources, { name, FunctionName, logicalId });
  await sources.readSubscriptions(FunctionArn);
  await sources.readRules(FunctionArn);
  const { template, ...system } = systemOf(asking, gathered);
  const works = await readWork(asking, template.resources, (id) => gathered.names.get(id) ?? null);
  return { system: { ...system, template, unread: asking.unread }, ...works };
}

/** Reads the queue or the stream of a mapping, and the topics and rules before it. */
export async function readSource({ EventSourceArn }: EventSourceMappingConfiguration, sources: Sources): Promise<void> {
  if (EventSourceArn === undefined) return;
  if (/^arn:[^:]+:kinesis:/.test(EventSourceArn)) await sources.readStream(EventSourceArn);
  if (!/^arn:[^:]+:sqs:/.test(EventSourceArn)) return;
  await sources.readQueue(EventSourceArn);
  await sources.readSubscriptions(EventSourceArn);
  await sources.readRules(EventSourceArn);
}

function addMapping(
  gathered: Gathered,
  mapping: EventSourceMappingConfiguration,
  functionReference: { Ref: string },
): void {
  const { EventSourceArn, StartingPosition, State, DestinationConfig } = mapping;
  const destination = DestinationConfig?.OnFailure?.Destination;
  gathered.add("AWS::Lambda::EventSourceMapping", "Mapping", mapping.UUID ?? "mapping", null, null, {
    FunctionName: functionReference,
    EventSourceArn: EventSourceArn === undefined ? undefined : gathered.reference(EventSourceArn),
    BatchSize: mapping.BatchSize,
    MaximumBatchingWindowInSeconds: mapping.MaximumBatchingWindowInSeconds,
    Enabled: State === undefined ? undefined : !/^Disabl/.test(State),
    FilterCriteria: mapping.FilterCriteria,
    FunctionResponseTypes: mapping.FunctionResponseTypes,
    ScalingConfig: mapping.ScalingConfig,
    ProvisionedPollerConfig: mapping.ProvisionedPollerConfig,
    DestinationConfig: destination ? { OnFailure: { Destination: gathered.reference(destination) } } : undefined,
    ...(StartingPosition !== undefined && {
      StartingPosition,
      BisectBatchOnFunctionError: mapping.BisectBatchOnFunctionError,
      MaximumRecordAgeInSeconds: mapping.MaximumRecordAgeInSeconds,
      MaximumRetryAttempts: mapping.MaximumRetryAttempts,
      ParallelizationFactor: mapping.ParallelizationFactor,
      TumblingWindowInSeconds: mapping.TumblingWindowInSeconds || undefined,
    }),
  });
}

async function readEventInvoke(
  asking: Asking,
  gathered: Gathered,
  sources: Sources,
  { name, FunctionName, logicalId }: { name: string; FunctionName: string; logicalId: string },
): Promise<void> {
  const client = asking.account.clients.get(LambdaClient);
  const configuration = await asking.ask(
    { action: "lambda:GetFunctionEventInvokeConfig", what: `the asynchronous settings of ${FunctionName}` },
    () => client.send(new GetFunctionEventInvokeConfigCommand({ FunctionName: name })),
  );
  if (configuration === null) return;
  const { OnFailure, OnSuccess } = configuration.DestinationConfig ?? {};
  for (const arn of [OnFailure?.Destination, OnSuccess?.Destination]) if (arn) await sources.readQueue(arn);
  const destination = (arn: string | undefined) => (arn ? { Destination: gathered.reference(arn) } : undefined);
  gathered.add("AWS::Lambda::EventInvokeConfig", "EventInvokeConfig", FunctionName, null, null, {
    FunctionName: { Ref: logicalId },
    Qualifier: "$LATEST",
    MaximumEventAgeInSeconds: configuration.MaximumEventAgeInSeconds,
    MaximumRetryAttempts: configuration.MaximumRetryAttempts,
    DestinationConfig: {
      OnFailure: destination(OnFailure?.Destination),
      OnSuccess: destination(OnSuccess?.Destination),
    },
  });
}

function propertiesOf({ resources }: Gathered, logicalId: string): Record<string, unknown> {
  return (resources[logicalId] as unknown as { Properties: Record<string, unknown> }).Properties;
}
