/** The producer's requests to each sink on AWS over HTTP, and how it reads which entries were not taken. */
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { createServer as createServerOfHttp2, type Http2ServerRequest, type Http2ServerResponse } from "node:http2";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, expect, it } from "vitest";
import { publisherIn } from "../../../infra/handlers/aws/publisher.ts";
import type { PublishEntry } from "../../../infra/handlers/ports.ts";
import { type SinkKind, sinkIn } from "../../../infra/handlers/sink.ts";

const topicArn = "arn:aws:sns:eu-west-1:000000000000:topic";

const answers: Record<SinkKind, string> = {
  topic: `<PublishBatchResponse xmlns="http://sns.amazonaws.com/doc/2010-03-31/"><PublishBatchResult>
    <Successful><member><Id>1</Id><MessageId>m</MessageId></member></Successful>
    <Failed><member><Id>2</Id><Code>InternalError</Code><SenderFault>false</SenderFault></member></Failed>
    </PublishBatchResult></PublishBatchResponse>`,
  queue: JSON.stringify({
    Successful: [{ Id: "1", MessageId: "m", MD5OfMessageBody: "ae7be26cdaa742ca148068d5ac90eaca" }],
    Failed: [{ Id: "2", Code: "InternalError", SenderFault: false }],
  }),
  stream: JSON.stringify({
    FailedRecordCount: 1,
    Records: [{ SequenceNumber: "1", ShardId: "s" }, { ErrorCode: "ProvisionedThroughputExceededException" }],
  }),
  bus: JSON.stringify({ FailedEntryCount: 1, Entries: [{ EventId: "1" }, { ErrorCode: "ThrottlingException" }] }),
};

let answer = "";
let request = "";

async function serve(
  incoming: IncomingMessage | Http2ServerRequest,
  outgoing: ServerResponse | Http2ServerResponse,
): Promise<void> {
  const chunks: Buffer[] = [];
  for await (const chunk of incoming) chunks.push(chunk as Buffer);
  request = Buffer.concat(chunks).toString();
  outgoing.end(answer);
}

// The SDK speaks HTTP/2 to Kinesis.
const servers = [createServer(serve), createServerOfHttp2(serve)] as const;
const names = [
  "AWS_ENDPOINT_URL",
  "AWS_ENDPOINT_URL_KINESIS",
  "AWS_REGION",
  "AWS_ACCESS_KEY_ID",
  "AWS_SECRET_ACCESS_KEY",
];
const before = names.map((name) => [name, process.env[name]] as const);
let queueUrl = "";

beforeAll(async () => {
  const urls = servers.map(async (server) => {
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  const values = [...(await Promise.all(urls)), "eu-west-1", "none", "none"];
  for (const [index, name] of names.entries()) process.env[name] = values[index];
  queueUrl = `${values[0]}/000000000000/queue`;
});

afterAll(async () => {
  for (const [name, value] of before) {
    if (value === undefined) delete process.env[name];
    else process.env[name] = value;
  }
  for (const server of servers) await new Promise((resolve) => server.close(resolve));
});

const entries = (messageGroup: string | null): PublishEntry[] =>
  [1, 2].map((id) => ({ id: String(id), message: `m${id}`, messageGroup, deduplicationId: `run:${id}` }));

/** The request of a publish of two entries, the first of which the sink takes. */
async function publish(environment: Record<string, string>, messageGroup: string | null) {
  const sink = sinkIn(environment);
  answer = answers[sink.kind];
  const failures = await publisherIn(environment).publishBatch(sink, entries(messageGroup));
  expect(failures).toEqual([{ id: "2", code: expect.any(String), senderFault: false }]);
  return readRequest(request);
}

/** The body of JSON, or the first entry of a form. */
function readRequest(body: string): unknown {
  if (body.startsWith("{")) return JSON.parse(body);
  const fields = [...new URLSearchParams(body)].map(([name, value]) => [name.replace(/^.*member\.1\./, ""), value]);
  return Object.fromEntries(fields.filter(([name]) => !name!.includes("member.2")));
}

const both = <Entry>(entry: (id: string) => Entry): Entry[] => ["1", "2"].map(entry);
const published = { Action: "PublishBatch", Version: "2010-03-31", Id: "1", Message: "m1", MessageGroupId: "7" };

it("sends to a queue, with the message group when there is one, and with both ids when it is FIFO", async () => {
  const body = both((Id) => ({ Id, MessageBody: `m${Id}` }));
  expect(await publish({ QUEUE_URL: queueUrl }, null)).toEqual({ QueueUrl: queueUrl, Entries: body });
  const grouped = body.map((entry) => ({ ...entry, MessageGroupId: "7" }));
  expect(await publish({ QUEUE_URL: queueUrl }, "7")).toEqual({ QueueUrl: queueUrl, Entries: grouped });
  const fifo = grouped.map((entry) => ({ ...entry, MessageDeduplicationId: `run:${entry.Id}` }));
  const fifoUrl = `${queueUrl}.fifo`;
  expect(await publish({ QUEUE_URL: fifoUrl }, "7")).toEqual({ QueueUrl: fifoUrl, Entries: fifo });
});

it("publishes to a topic, with the message group when there is one, and with both ids when it is FIFO", async () => {
  expect(await publish({ TOPIC_ARN: topicArn }, "7")).toEqual({ ...published, TopicArn: topicArn });
  const { MessageGroupId: _, ...ungrouped } = published;
  expect(await publish({ TOPIC_ARN: topicArn }, null)).toEqual({ ...ungrouped, TopicArn: topicArn });
  const fifo = { TopicArn: `${topicArn}.fifo`, MessageDeduplicationId: "run:1" };
  expect(await publish({ TOPIC_ARN: `${topicArn}.fifo` }, "7")).toEqual({ ...published, ...fifo });
});

it("puts records into a stream, by the message group or else by the event's id", async () => {
  const recordsBy = (PartitionKey: (id: string) => string) =>
    both((id) => ({ Data: Buffer.from(`m${id}`).toString("base64"), PartitionKey: PartitionKey(id) }));
  const sent = (records: unknown) => ({ StreamName: "stream", Records: records });
  expect(await publish({ STREAM_NAME: "stream" }, null)).toEqual(sent(recordsBy((id) => id)));
  expect(await publish({ STREAM_NAME: "stream" }, "7")).toEqual(sent(recordsBy(() => "7")));
});

it("puts events on a bus, each as the detail of one", async () => {
  const kind = { EventBusName: "bus", Source: "throttle-bench", DetailType: "Event" };
  expect(await publish({ EVENT_BUS_NAME: "bus" }, "7")).toEqual({
    Entries: both((id) => ({ ...kind, Detail: `m${id}` })),
  });
});

it("does not try again an event that the bus finds wrong", async () => {
  const environment = { EVENT_BUS_NAME: "bus" };
  answer = JSON.stringify({ Entries: [{ ErrorCode: "MalformedDetail" }, { EventId: "2" }] });
  const failures = await publisherIn(environment).publishBatch(sinkIn(environment), entries(null));
  expect(failures).toEqual([{ id: "1", code: "MalformedDetail", senderFault: true }]);
});
