/** Kinesis' API as the SDK's client sees it. */
import {
  CreateStreamCommand,
  DeleteStreamCommand,
  DescribeStreamCommand,
  DescribeStreamSummaryCommand,
  ExpiredIteratorException,
  GetRecordsCommand,
  GetShardIteratorCommand,
  type GetShardIteratorCommandInput,
  InvalidArgumentException,
  ListShardsCommand,
  ListStreamsCommand,
  ProvisionedThroughputExceededException,
  PutRecordCommand,
  PutRecordsCommand,
  ResourceInUseException,
  ResourceNotFoundException,
} from "@aws-sdk/client-kinesis";
import { GetEventSourceMappingCommand } from "@aws-sdk/client-lambda";
import { expect, it } from "vitest";
import { EventSourceMappings } from "../../src/emulator/lambda/mappings/mappings.ts";
import { start } from "./an-account.ts";
import { AnEmulator, rejection } from "./an-emulator.ts";
import { documented, measured } from "./provenance.ts";

const reference = "https://docs.aws.amazon.com/kinesis/latest/APIReference";
const StreamARN = "arn:aws:kinesis:us-east-1:123456789012:stream/stream";
const StreamName = "stream";

async function aStream(ShardCount = 1) {
  const emulator = new AnEmulator();
  const client = emulator.kinesis;
  await client.send(new CreateStreamCommand({ StreamName, ShardCount }));
  const put = (text: string, PartitionKey = "key") =>
    client.send(new PutRecordCommand({ StreamName, PartitionKey, Data: new TextEncoder().encode(text) }));
  const iterator = async (input: Partial<GetShardIteratorCommandInput> = {}) =>
    (
      await client.send(
        new GetShardIteratorCommand({
          StreamARN,
          ShardId: "shardId-000000000000",
          ShardIteratorType: "TRIM_HORIZON",
          ...input,
        }),
      )
    ).ShardIterator!;
  return { emulator, client, put, iterator };
}

it("creates, describes, lists and deletes streams, by name or ARN", async () => {
  const { client } = await aStream(2);
  expect(await rejection(client.send(new CreateStreamCommand({ StreamName, ShardCount: 1 })))).toBeInstanceOf(
    ResourceInUseException,
  );
  const { StreamDescriptionSummary } = await client.send(new DescribeStreamSummaryCommand({ StreamARN }));
  expect(StreamDescriptionSummary).toMatchObject({
    StreamName,
    StreamARN,
    StreamStatus: "ACTIVE",
    StreamModeDetails: { StreamMode: "PROVISIONED" },
    RetentionPeriodHours: 24,
    StreamCreationTimestamp: new Date(start),
    OpenShardCount: 2,
  });
  const { StreamDescription } = await client.send(new DescribeStreamCommand({ StreamName }));
  const { Shards } = await client.send(new ListShardsCommand({ StreamName }));
  expect(StreamDescription).toMatchObject({ StreamName, HasMoreShards: false, Shards });
  expect(Shards!.map(({ ShardId, HashKeyRange }) => [ShardId, HashKeyRange!.EndingHashKey])).toEqual([
    ["shardId-000000000000", "170141183460469231731687303715884105727"],
    ["shardId-000000000001", "340282366920938463463374607431768211455"],
  ]);
  expect((await client.send(new ListStreamsCommand({}))).StreamNames).toEqual([StreamName]);
  await client.send(new DeleteStreamCommand({ StreamName }));
  expect(await rejection(client.send(new DescribeStreamSummaryCommand({ StreamName })))).toBeInstanceOf(
    ResourceNotFoundException,
  );
});

documented(`${reference}/API_GetRecords.html`, "puts records and reads them page by page", async () => {
  const { emulator, client, put, iterator } = await aStream();
  const { SequenceNumber, ShardId } = await put("älter", "1");
  await emulator.pass(2);
  const { Records: outcomes, FailedRecordCount } = await client.send(
    new PutRecordsCommand({
      StreamARN,
      Records: ["2", "3"].map((PartitionKey) => ({ PartitionKey, Data: new TextEncoder().encode(PartitionKey) })),
    }),
  );
  expect([ShardId, FailedRecordCount]).toEqual(["shardId-000000000000", 0]);
  const first = await client.send(new GetRecordsCommand({ ShardIterator: await iterator(), Limit: 2 }));
  expect(first.Records!.map(({ Data }) => new TextDecoder().decode(Data))).toEqual(["älter", "2"]);
  expect(first.Records![0]).toMatchObject({
    SequenceNumber,
    PartitionKey: "1",
    ApproximateArrivalTimestamp: new Date(start),
  });
  expect(first.MillisBehindLatest).toBeGreaterThan(0);
  const second = await client.send(new GetRecordsCommand({ ShardIterator: first.NextShardIterator! }));
  expect(second.Records!.map((record) => record.SequenceNumber)).toEqual([outcomes![1]!.SequenceNumber]);
  expect(second.MillisBehindLatest).toBe(0);
});

documented(`${reference}/API_PutRecords.html`, "answers which records of a request a shard did not take", async () => {
  const { client, put } = await aStream();
  const Records = Array.from({ length: 500 }, () => ({ PartitionKey: "key", Data: new Uint8Array(1) }));
  for (const failed of [0, 0, 500]) {
    const answer = await client.send(new PutRecordsCommand({ StreamName, Records }));
    expect(answer.FailedRecordCount).toBe(failed);
    if (failed > 0) {
      expect(answer.Records![0]).toEqual({
        ErrorCode: "ProvisionedThroughputExceededException",
        ErrorMessage: "Rate exceeded for shard shardId-000000000000 in stream stream under account 123456789012.",
      });
    }
  }
  expect(await rejection(put("1"))).toBeInstanceOf(ProvisionedThroughputExceededException);
});

documented(
  `${reference}/API_GetShardIterator.html`,
  "gives iterators of each type, good for five minutes",
  async () => {
    const { emulator, client, put, iterator } = await aStream();
    await put("1");
    await emulator.pass(1);
    const { SequenceNumber: StartingSequenceNumber } = await put("2");
    const read = async (input: Partial<GetShardIteratorCommandInput>) => {
      await emulator.pass(1);
      const { Records } = await client.send(new GetRecordsCommand({ ShardIterator: await iterator(input) }));
      return Records!.map(({ Data }) => new TextDecoder().decode(Data)).join();
    };
    expect(await read({ ShardIteratorType: "AT_SEQUENCE_NUMBER", StartingSequenceNumber })).toBe("2");
    expect(await read({ ShardIteratorType: "AFTER_SEQUENCE_NUMBER", StartingSequenceNumber })).toBe("");
    expect(await read({ ShardIteratorType: "AT_TIMESTAMP", Timestamp: new Date(start + 1) })).toBe("2");
    expect(await read({ ShardIteratorType: "LATEST" })).toBe("");
    const old = await iterator();
    await emulator.pass(299);
    expect((await client.send(new GetRecordsCommand({ ShardIterator: old }))).Records).toHaveLength(2);
    await emulator.pass(2);
    expect(await rejection(client.send(new GetRecordsCommand({ ShardIterator: old })))).toBeInstanceOf(
      ExpiredIteratorException,
    );
  },
);

it("refuses what is not an iterator, a shard or enough to begin with", async () => {
  const { client, iterator } = await aStream();
  const wrong = client.send(new GetRecordsCommand({ ShardIterator: "AAAA" }));
  expect(await rejection(wrong)).toBeInstanceOf(InvalidArgumentException);
  expect(await rejection(iterator({ ShardId: "shardId-000000000009" }))).toBeInstanceOf(ResourceNotFoundException);
  for (const ShardIteratorType of ["AT_SEQUENCE_NUMBER", "AT_TIMESTAMP"] as const) {
    expect(await rejection(iterator({ ShardIteratorType }))).toBeInstanceOf(InvalidArgumentException);
  }
  const nameless = client.send(new DescribeStreamSummaryCommand({}));
  expect(await rejection(nameless)).toBeInstanceOf(InvalidArgumentException);
});

measured(
  "LocalStack's test_create_kinesis_event_source_mapping, recorded on AWS on 12 October 2024",
  "answers a stream's mapping with the defaults that AWS answers",
  async () => {
    const { emulator } = await aStream();
    const fn = emulator.function("echo");
    const mappings = emulator.emulator.service(EventSourceMappings);
    const { uuid } = mappings.create(StreamARN, fn.arn, { startingPosition: "LATEST" });
    const answer = await emulator.lambda.send(new GetEventSourceMappingCommand({ UUID: uuid }));
    expect(answer).toMatchObject({
      BatchSize: 100,
      BisectBatchOnFunctionError: false,
      DestinationConfig: { OnFailure: {} },
      EventSourceArn: StreamARN,
      FunctionResponseTypes: [],
      MaximumBatchingWindowInSeconds: 0,
      MaximumRecordAgeInSeconds: -1,
      MaximumRetryAttempts: -1,
      ParallelizationFactor: 1,
      StartingPosition: "LATEST",
    });
  },
);

documented(
  `${reference}/API_ListStreams.html`,
  "lists as many streams as are asked for, and goes on by a token or after a name",
  async () => {
    const { client } = await aStream();
    for (const name of ["a", "z"]) await client.send(new CreateStreamCommand({ StreamName: name, ShardCount: 1 }));
    const first = await client.send(new ListStreamsCommand({ Limit: 2 }));
    expect(first).toMatchObject({ StreamNames: ["a", StreamName], HasMoreStreams: true });
    const second = await client.send(new ListStreamsCommand({ Limit: 2, NextToken: first.NextToken }));
    expect(second).toMatchObject({ StreamNames: ["z"], HasMoreStreams: false });
    expect(second.NextToken).toBeUndefined();
    const after = await client.send(new ListStreamsCommand({ ExclusiveStartStreamName: "a" }));
    expect(after).toMatchObject({ StreamNames: [StreamName, "z"], HasMoreStreams: false });
  },
);
