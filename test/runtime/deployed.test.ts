/** The zips that the aws target uploads, with the variables of the stack that it deployed: from the producer to the rows, and over TLS. */
import { CreateStreamCommand, KinesisClient, PutRecordCommand } from "@aws-sdk/client-kinesis";
import { CreateTopicCommand, SubscribeCommand } from "@aws-sdk/client-sns";
import {
  CreateQueueCommand,
  GetQueueAttributesCommand,
  ReceiveMessageCommand,
  SendMessageCommand,
} from "@aws-sdk/client-sqs";
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from "vitest";
import { type Serving, serving } from "../aws/serving.ts";
import { deployed } from "./deployed.ts";
import { snsEvent, sqsEvent } from "./envelopes.ts";
import { functions, messageOf, underRuntime } from "./functions.ts";
import { type Bridge, h2Bridge } from "./h2-bridge.ts";
import { Instance } from "./instance.ts";
import { type TlsServer, tlsServer } from "./tls-server.ts";

const each = functions();
const done = { response: null };
let served: Serving;
let bridge: Bridge;

beforeAll(() => {
  Object.assign(process.env, { AWS_ACCESS_KEY_ID: "x", AWS_SECRET_ACCESS_KEY: "x" });
});

beforeEach(async () => {
  served = await serving(each.database.url);
  bridge = await h2Bridge(served.endpoint);
});

afterEach(async () => {
  await bridge.close();
  await served.close();
});

/** By which the SDK in a function reaches the served model in place of AWS. */
const endpoints = () => ({ AWS_ENDPOINT_URL: served.endpoint, AWS_ENDPOINT_URL_KINESIS: bridge.endpoint });

const deploy = (scenario: string, ...set: string[]) =>
  deployed(served, { scenario, databaseUrl: each.database.url, set });

async function start(deployedFunction: Awaited<ReturnType<typeof deploy>>["functions"]["consumer"]) {
  const { environment, ...rest } = deployedFunction!;
  return Instance.start({ ...rest, environment: { ...environment, ...endpoints() } });
}

/** The distinct ids that the model's functions wrote of a run, once there are so many. */
async function idsInModel(group: string, count: number): Promise<number[]> {
  const statement = `select distinct id from invocations where group_id = '${group}' order by id`;
  for (let minutes = 0; ; minutes++) {
    const ids = (await each.query(statement)).map(({ id }) => id as number);
    if (ids.length >= count || minutes === 30) return ids;
    await served.sleep(60_000);
  }
}

const numbers = (count: number) => Array.from({ length: count }, (_, index) => index + 1);

underRuntime("the producer", () => {
  it.each([
    ["a topic", "scenario-4"],
    ["a FIFO topic", "fifo-one-group"],
    ["a queue", "straight-to-sqs"],
    ["a FIFO queue", "sqs-fifo"],
    ["a stream", "kinesis-one-shard"],
    ["a bus", "api-destination"],
  ])("publishes each event of a burst to %s, from where it is completed", async (_what, scenario) => {
    const stack = await deploy(scenario, "WorkMs=0", "PublishRate=200");
    const producer = await start(stack.functions.producer);
    const since = Date.now();
    const outcome = await producer.invoke({ runId: "burst", events: 35, firstId: 1, stride: 1 });
    const { firstSentAt, lastSentAt } = (outcome as { response: { firstSentAt: number; lastSentAt: number } }).response;
    expect(outcome).toEqual({ response: { published: 35, failed: 0, firstSentAt, lastSentAt } });
    expect(firstSentAt).toBeGreaterThanOrEqual(since);
    expect(lastSentAt).toBeGreaterThan(firstSentAt);
    expect(producer.log).toBe("");
    expect(await idsInModel("burst/consumer", 35)).toEqual(numbers(35));
    // The same instance, as when a burst is fired by several invocations.
    expect(await producer.invoke({ runId: "next", events: 5 })).toMatchObject({
      response: { published: 5, failed: 0 },
    });
    expect(await idsInModel("next/consumer", 5)).toEqual(numbers(5));
  });

  it("fails when its sink takes nothing, after its own retries", async () => {
    const { producer } = (await deploy("scenario-4", "PublishRate=0")).functions;
    const environment = { ...producer!.environment, AWS_ENDPOINT_URL: "http://127.0.0.1:1" };
    const instance = await Instance.start({ ...producer!, environment });
    const errorMessage = expect.stringMatching(/^The topic takes no events: .*ECONNREFUSED/);
    expect(await instance.invoke({ runId: "lost", events: 5 })).toEqual({
      error: { errorType: "Error", errorMessage },
    });
    expect(instance.isRunning).toBe(true);
    expect(instance.log.match(/was rejected at attempt/g)).toHaveLength(8);
  });

  it("refuses at once a burst that its time does not hold", async () => {
    const producer = await start((await deploy("scenario-4", "PublishRate=10")).functions.producer);
    expect(await producer.invoke({ runId: "long", events: 1_000 }, { timeoutMs: 20_000 })).toHaveProperty(
      "error.errorMessage",
      expect.stringContaining("more than the producer's timeout allows"),
    );
  });
});

underRuntime("the adapter", () => {
  it("puts what the topic delivers into the stream, from where it is completed", async () => {
    const adapter = await start((await deploy("sns-to-kinesis", "WorkMs=0")).functions.adapter);
    for (const id of numbers(5)) expect(await adapter.invoke(snsEvent(messageOf(id, "adapted")))).toEqual(done);
    expect(await idsInModel("adapted/consumer", 5)).toEqual(numbers(5));
  });
});

underRuntime("the consumer", () => {
  it.each([
    ["without", "false"],
    ["with", "true"],
  ])("completes what the producer's topic puts into a queue, %s raw delivery", async (_what, RawMessageDelivery) => {
    const { functions } = await deploy("scenario-4", "WorkMs=0", "PublishRate=0");
    const topic = await served.sns.send(new CreateTopicCommand({ Name: "tapped" }));
    const policy = {
      Version: "2012-10-17",
      Statement: [{ Effect: "Allow", Principal: "*", Action: "sqs:SendMessage", Resource: "*" }],
    };
    const Attributes = { Policy: JSON.stringify(policy) };
    const { QueueUrl } = await served.sqs.send(new CreateQueueCommand({ QueueName: "tap", Attributes }));
    await served.sns.send(
      new SubscribeCommand({
        TopicArn: topic.TopicArn,
        Protocol: "sqs",
        Endpoint: "arn:aws:sqs:us-east-1:123456789012:tap",
        Attributes: { RawMessageDelivery },
      }),
    );
    const environment = { ...functions.producer!.environment, TOPIC_ARN: topic.TopicArn! };
    const producer = await start({ ...functions.producer!, environment });
    expect(await producer.invoke({ runId: "tapped", events: 20 })).toMatchObject({ response: { published: 20 } });
    const consumer = await start(functions.consumer);
    for (let receives = 0; (await each.ids()).length < 20 && receives < 30; receives++) {
      const asked = new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10, WaitTimeSeconds: 20 });
      const { Messages = [] } = await served.sqs.send(asked);
      expect(await consumer.invoke(sqsEvent(Messages.map(({ Body = "" }) => Body)))).toEqual(done);
    }
    expect(new Set((await each.rows()).map(({ groupId }) => groupId))).toEqual(new Set(["tapped/consumer"]));
    expect(await each.ids()).toEqual(numbers(20));
    expect(consumer.log).toBe("");
  });

  it("pulls from its queue when its schedule calls, and leaves what it could not complete", async () => {
    const { QueueUrl } = await served.sqs.send(new CreateQueueCommand({ QueueName: "pulled" }));
    for (const MessageBody of [messageOf(1), "?", messageOf(3)])
      await served.sqs.send(new SendMessageCommand({ QueueUrl, MessageBody }));
    const consumer = await each.start("consumer", { ...endpoints(), QUEUE_URL: QueueUrl!, PULL_COUNT: "10" });
    const scheduled = { source: "aws.events", "detail-type": "Scheduled Event", detail: {} };
    expect(await consumer.invoke(scheduled)).toEqual(done);
    expect(await each.ids()).toEqual([1, 3]);
    expect(consumer.log).toMatch(/Message \S+ stays in the queue: 1 of the records failed/);
    const counts = new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ["All"] });
    const { Attributes } = await served.sqs.send(counts);
    const { ApproximateNumberOfMessages: visible, ApproximateNumberOfMessagesNotVisible: hidden } = Attributes!;
    expect(Number(visible) + Number(hidden)).toBe(1);
  });

  it("gives back to its queue what the downstream refuses, for as long as the limit has no room", async () => {
    const { QueueUrl } = await served.sqs.send(new CreateQueueCommand({ QueueName: "returned" }));
    await served.sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: messageOf(2) }));
    const { Messages } = await served.sqs.send(new ReceiveMessageCommand({ QueueUrl, WaitTimeSeconds: 20 }));
    const { MessageId: messageId, ReceiptHandle: receiptHandle, Body: body } = Messages![0]!;
    const limited = { DOWNSTREAM_LIMIT: "1/m", WHEN_REFUSED: "return", REPORT_BATCH_ITEM_FAILURES: "true" };
    const consumer = await each.start("consumer", { ...endpoints(), ...limited, QUEUE_URL: QueueUrl! });
    const event = sqsEvent([messageOf(1), body!]);
    Object.assign(event.Records[1]!, { messageId, receiptHandle });
    const batchItemFailures = [{ itemIdentifier: messageId }];
    expect(await consumer.invoke(event)).toEqual({ response: { batchItemFailures } });
    expect(await each.ids()).toEqual([1]);
    expect(consumer.log).toMatch(/Record \S+ failed: The downstream refused the call for event 2/);
    expect(consumer.log).not.toContain("was not given back");
  });
});

underRuntime("the recorder", () => {
  it("writes down the records of a stream to which a dead letter only points", async () => {
    const kinesis = new KinesisClient({ region: "us-east-1", endpoint: bridge.endpoint });
    await kinesis.send(new CreateStreamCommand({ StreamName: "given-up", ShardCount: 1 }));
    await served.sleep(60_000);
    const places = [];
    for (const id of numbers(4)) {
      const Data = new TextEncoder().encode(messageOf(id));
      places.push(await kinesis.send(new PutRecordCommand({ StreamName: "given-up", PartitionKey: "1", Data })));
    }
    kinesis.destroy();
    // https://docs.aws.amazon.com/lambda/latest/dg/kinesis-on-failure-destination.html
    const KinesisBatchInfo = {
      shardId: places[1]!.ShardId,
      startSequenceNumber: places[1]!.SequenceNumber,
      endSequenceNumber: places[2]!.SequenceNumber,
      approximateArrivalOfFirstRecord: "2019-11-14T00:38:19.835Z",
      approximateArrivalOfLastRecord: "2019-11-14T00:38:19.835Z",
      batchSize: 2,
      streamArn: "arn:aws:kinesis:us-east-1:123456789012:stream/given-up",
    };
    const recorder = await each.start("recorder", endpoints());
    expect(await recorder.invoke(sqsEvent([JSON.stringify({ KinesisBatchInfo })]))).toEqual(done);
    expect(recorder.log).toBe("");
    expect(await each.ids()).toEqual([2, 3]);
  });
});

underRuntime("a database behind TLS, as RDS shows it", () => {
  let tls: TlsServer;
  beforeAll(async () => {
    tls = await tlsServer(each.database.url);
  });
  afterAll(() => tls.close());

  it("is reached with the authority that travels with the code, and again after the connection was lost", async () => {
    const { functions } = await deployed(served, {
      scenario: "scenario-4",
      databaseUrl: tls.url("localhost", "its own"),
      set: ["WorkMs=0"],
    });
    for (const handler of ["consumer", "recorder"] as const) {
      const made = tls.made;
      const instance = await start(functions[handler]);
      expect(await instance.invoke(sqsEvent([messageOf(1)]))).toEqual(done);
      tls.cut();
      expect(await instance.invoke(sqsEvent([messageOf(2)]))).toEqual(done);
      expect(tls.made - made).toBe(2);
    }
    expect(await each.ids()).toEqual([1, 1, 2, 2]);
  });

  it.each([
    ["somebody else's authority", tlsUrl("localhost", "another"), /self-signed certificate|unable to/],
    ["another name of the host", tlsUrl("127.0.0.1", "its own"), /does not match certificate's altnames/],
  ])("is not reached by %s, and the error says so", async (_what, url, said) => {
    const consumer = await each.start("consumer", { DATABASE_URL: url() });
    const outcome = await consumer.invoke(sqsEvent([messageOf(1)]));
    expect(outcome).toHaveProperty("error.errorMessage", expect.stringMatching(said));
    expect(consumer.isRunning).toBe(true);
    expect(await each.ids()).toEqual([]);
  });

  function tlsUrl(...of: Parameters<TlsServer["url"]>): () => string {
    return () => tls.url(...of);
  }
});
