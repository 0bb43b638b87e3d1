/** Event source mappings as templates make them and the SDK's client of Lambda shows and changes them. */
import { CreateStackCommand, DescribeStacksCommand } from "@aws-sdk/client-cloudformation";
import {
  GetEventSourceMappingCommand,
  ListEventSourceMappingsCommand,
  UpdateEventSourceMappingCommand,
  type UpdateEventSourceMappingCommandInput,
} from "@aws-sdk/client-lambda";
import { expect, it } from "vitest";
import { EventSourceMappings, type MappingSettings } from "../../src/emulator/lambda/mappings/mappings.ts";
import { start } from "./an-account.ts";
import { AnEmulator, rejection } from "./an-emulator.ts";
import { documented } from "./provenance.ts";

const reference = "https://docs.aws.amazon.com/lambda/latest/api";
const queueArn = "arn:aws:sqs:us-east-1:123456789012:queue";
const streamArn = "arn:aws:kinesis:us-east-1:123456789012:stream/stream";

/** A queue, a stream and a function that fails. */
function anEmulator() {
  const emulator = new AnEmulator();
  const { sqs, kinesis } = emulator.emulator;
  const given = { queue: sqs.create("queue"), letters: sqs.create("letters"), stream: kinesis.create("stream") };
  return { emulator, fn: emulator.function("failing"), ...given };
}

/** A mapping that is there already. */
function aMapping(source: string, settings: MappingSettings = {}) {
  const made = anEmulator();
  const { lambda: client } = made.emulator;
  const { uuid: UUID } = made.emulator.emulator.service(EventSourceMappings).create(source, made.fn.arn, settings);
  const show = () => client.send(new GetEventSourceMappingCommand({ UUID }));
  const update = (input: Omit<UpdateEventSourceMappingCommandInput, "UUID">) =>
    client.send(new UpdateEventSourceMappingCommand({ UUID, ...input }));
  return { ...made, show, update };
}

/** A mapping that a template makes of these properties, or why it is not made. */
async function fromTemplate(properties: object) {
  const { emulator } = anEmulator();
  const mapping = { Type: "AWS::Lambda::EventSourceMapping", Properties: { FunctionName: "failing", ...properties } };
  const TemplateBody = JSON.stringify({ Resources: { Mapping: mapping } });
  await emulator.cloudFormation.send(new CreateStackCommand({ StackName: "stack", TemplateBody }));
  await emulator.pass(600);
  const { Stacks } = await emulator.cloudFormation.send(new DescribeStacksCommand({ StackName: "stack" }));
  const { EventSourceMappings } = await emulator.lambda.send(new ListEventSourceMappingsCommand({}));
  return { status: Stacks![0]!.StackStatus, mappings: EventSourceMappings! };
}

documented(
  `${reference}/API_GetEventSourceMapping.html`,
  "shows a queue's mapping with what it was given",
  async () => {
    const { show, fn } = aMapping(queueArn, { batchSize: 20, batchingWindowMs: 5_000, reportBatchItemFailures: true });
    const { $metadata, UUID, ...shown } = await show();
    expect(UUID).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    expect(shown).toEqual({
      EventSourceArn: queueArn,
      FunctionArn: fn.arn,
      State: "Enabled",
      StateTransitionReason: "USER_INITIATED",
      LastModified: new Date(start),
      BatchSize: 20,
      MaximumBatchingWindowInSeconds: 5,
      FunctionResponseTypes: ["ReportBatchItemFailures"],
    });
  },
);

documented(
  `${reference}/API_GetEventSourceMapping.html`,
  "shows a stream's mapping with -1 for retries without end, and without a timestamp unless it starts at one",
  async () => {
    const { show, fn } = aMapping(streamArn, { startingPosition: "LATEST" });
    const { $metadata, UUID, ...shown } = await show();
    expect(shown).toEqual({
      EventSourceArn: streamArn,
      FunctionArn: fn.arn,
      State: "Enabled",
      StateTransitionReason: "USER_INITIATED",
      LastModified: new Date(start),
      BatchSize: 100,
      MaximumBatchingWindowInSeconds: 0,
      FunctionResponseTypes: [],
      StartingPosition: "LATEST",
      ParallelizationFactor: 1,
      MaximumRetryAttempts: -1,
      MaximumRecordAgeInSeconds: -1,
      BisectBatchOnFunctionError: false,
      DestinationConfig: { OnFailure: {} },
    });
  },
);

documented(
  `${reference}/API_UpdateEventSourceMapping.html`,
  "changes of a stream's mapping what is given, and says when it did",
  async () => {
    const { emulator, letters, show, update } = aMapping(streamArn, { startingPosition: "LATEST" });
    await emulator.pass(7);
    const settings = { MaximumRetryAttempts: 0, MaximumRecordAgeInSeconds: 60, BisectBatchOnFunctionError: true };
    const DestinationConfig = { OnFailure: { Destination: letters.arn } };
    await update({ ...settings, DestinationConfig });
    await update({ BatchSize: 2 });
    expect(await show()).toMatchObject({
      ...settings,
      DestinationConfig,
      BatchSize: 2,
      LastModified: new Date(start + 7_000),
    });
    await update({ MaximumRetryAttempts: -1, MaximumRecordAgeInSeconds: -1 });
    expect(await show()).toMatchObject({ MaximumRetryAttempts: -1, MaximumRecordAgeInSeconds: -1, DestinationConfig });
    for (const empty of [{}, { OnFailure: {} }, { OnFailure: { Destination: "" } }]) {
      await update({ DestinationConfig });
      await update({ DestinationConfig: empty });
      expect((await show()).DestinationConfig).toEqual({ OnFailure: {} });
    }
  },
);

documented(
  "https://docs.aws.amazon.com/lambda/latest/dg/services-kinesis-parameters.html",
  "tries a batch again without end when MaximumRetryAttempts is -1, also when it was given a number before",
  async () => {
    const { emulator, stream, letters, update } = aMapping(streamArn, {
      startingPosition: "TRIM_HORIZON",
      maximumRetryAttempts: 0,
    });
    await update({ DestinationConfig: { OnFailure: { Destination: letters.arn } } });
    stream.put({ partitionKey: "key", data: Buffer.from("1") });
    await emulator.pass(10);
    expect(letters.counts().visible).toBe(1);
    await update({ MaximumRetryAttempts: -1 });
    stream.put({ partitionKey: "key", data: Buffer.from("2") });
    await emulator.pass(600);
    expect(letters.counts().visible).toBe(1);
  },
);

documented(
  "https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-lambda-eventsourcemapping.html",
  "starts a stream's mapping at the timestamp that its template gives, in seconds, and refuses one that gives none",
  async () => {
    const at = { EventSourceArn: streamArn, StartingPosition: "AT_TIMESTAMP" };
    const { status, mappings } = await fromTemplate({ ...at, StartingPositionTimestamp: start / 1_000 - 60 });
    expect(status).toBe("CREATE_COMPLETE");
    expect(mappings).toMatchObject([
      { StartingPosition: "AT_TIMESTAMP", StartingPositionTimestamp: new Date(start - 60_000) },
    ]);
    expect(await fromTemplate(at)).toMatchObject({ status: "ROLLBACK_COMPLETE", mappings: [] });
    const latest = await fromTemplate({ EventSourceArn: streamArn, StartingPosition: "LATEST" });
    expect(latest.status).toBe("CREATE_COMPLETE");
  },
);

documented(
  `${reference}/API_ProvisionedPollerConfig.html`,
  "shows and changes provisioned pollers, and leads back to the standard mode by an empty configuration",
  async () => {
    const { show, update } = aMapping(queueArn);
    expect((await show()).ProvisionedPollerConfig).toBeUndefined();
    await update({ ProvisionedPollerConfig: { MinimumPollers: 3 } });
    expect((await show()).ProvisionedPollerConfig).toEqual({ MinimumPollers: 3, MaximumPollers: 200 });
    await update({ ProvisionedPollerConfig: { MaximumPollers: 50 } });
    expect((await show()).ProvisionedPollerConfig).toEqual({ MinimumPollers: 2, MaximumPollers: 50 });
    await update({ BatchSize: 3 });
    expect(await show()).toMatchObject({ BatchSize: 3, ProvisionedPollerConfig: { MaximumPollers: 50 } });
    await update({ ProvisionedPollerConfig: {} });
    expect((await show()).ProvisionedPollerConfig).toBeUndefined();
    await update({ ScalingConfig: { MaximumConcurrency: 2 } });
    await update({ BatchSize: 4 });
    const shown = await show();
    expect([shown.ScalingConfig, shown.ProvisionedPollerConfig]).toEqual([{ MaximumConcurrency: 2 }, undefined]);
  },
);

documented(
  `${reference}/API_ProvisionedPollerConfig.html`,
  "refuses numbers of pollers out of their bounds, by the name of the number",
  async () => {
    const { show, update } = aMapping(queueArn);
    const refused = async (MinimumPollers: number, MaximumPollers: number) =>
      (await rejection(update({ ProvisionedPollerConfig: { MinimumPollers, MaximumPollers } }))).message;
    expect(await refused(1, 10)).toBe("MinimumPollers must be between 2 and 200.");
    expect(await refused(201, 300)).toBe("MinimumPollers must be between 2 and 200.");
    expect(await refused(2, 1)).toBe("MaximumPollers must be between 2 and 2000.");
    expect(await refused(2, 2_001)).toBe("MaximumPollers must be between 2 and 2000.");
    expect(await refused(3, 2)).toBe("MinimumPollers must not be greater than MaximumPollers.");
    expect((await show()).ProvisionedPollerConfig).toBeUndefined();
  },
);

it("refuses to change what the emulator cannot change of a stream's mapping", async () => {
  const { update, show } = aMapping(streamArn, { startingPosition: "LATEST" });
  expect((await rejection(update({ ParallelizationFactor: 2 }))).message).toBe(
    "The emulator does not model a mapping that changes its parallelizationFactor.",
  );
  await update({ ParallelizationFactor: 1 });
  expect((await show()).ParallelizationFactor).toBe(1);
});

it("refuses a template whose mapping reads what the emulator does not model", async () => {
  for (const EventSourceArn of [
    "queue",
    `my-${queueArn}`,
    "arn:aws:dynamodb:us-east-1:123456789012:table/t/stream/1",
  ]) {
    const { message } = await rejection(fromTemplate({ EventSourceArn }));
    expect(message).toContain("must be the ARN of an SQS queue or a Kinesis data stream for the local target");
  }
});

it("knows a mapping that was deleted no more", async () => {
  const { emulator, fn } = anEmulator();
  const mappings = emulator.emulator.service(EventSourceMappings);
  const { uuid } = mappings.create(queueArn, fn.arn);
  mappings.delete(uuid);
  const show = emulator.lambda.send(new GetEventSourceMappingCommand({ UUID: uuid }));
  expect(await rejection(show)).toMatchObject({
    name: "ResourceNotFoundException",
    message: "The resource you requested does not exist.",
    $metadata: { httpStatusCode: 404 },
  });
  expect(() => mappings.delete(uuid)).toThrow("The resource you requested does not exist.");
});
