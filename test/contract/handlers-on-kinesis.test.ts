/** The recorder's reading of a stream as it is on AWS, by the SDK over HTTP/2, finds the records that the model's reading finds. */
import { createServer, type Http2Server } from "node:http2";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, expect, it } from "vitest";
import { stream as onAws } from "../../infra/handlers/aws/stream.ts";
import type { StreamPlace } from "../../infra/handlers/ports.ts";
import { streamReaderFor } from "../../src/emulator/lambda/stream-reader.ts";
import { allowEverything, TestAccount } from "./account.ts";

const account = new TestAccount({ constants: { "kinesis.maximumReadLimit": 3, "kinesis.readsPerSecond": 1_000 } });
const stream = account.kinesis.create("stream");
const numbers = Array.from({ length: 10 }, (_, index) => {
  return stream.put({ partitionKey: "key", data: Buffer.from(`äöü ${index}`) }).sequenceNumber;
});

let server: Http2Server;
const names = ["AWS_ENDPOINT_URL_KINESIS", "AWS_REGION", "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"];
const before = names.map((name) => [name, process.env[name]] as const);

beforeAll(async () => {
  server = createServer(async (incoming, outgoing) => {
    const chunks: Buffer[] = [];
    for await (const chunk of incoming) chunks.push(chunk as Buffer);
    const headers = Object.fromEntries(Object.entries(incoming.headers).map(([name, value]) => [name, String(value)]));
    const request = { method: "POST", path: "/", query: {}, headers, body: new Uint8Array(Buffer.concat(chunks)) };
    const { statusCode, body } = await account.front.answer(request);
    outgoing.writeHead(statusCode);
    outgoing.end(body);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const values = [`http://127.0.0.1:${(server.address() as AddressInfo).port}`, "us-east-1", "none", "none"];
  for (const [index, name] of names.entries()) process.env[name] = values[index];
});

afterAll(async () => {
  for (const [name, value] of before) {
    if (value === undefined) delete process.env[name];
    else process.env[name] = value;
  }
  await new Promise((resolve) => server.close(resolve));
});

it.each([
  ["one record", 4, 4],
  ["a page", 0, 2],
  ["several pages", 1, 8],
  ["all", 0, 9],
])("finds %s by the first and the last sequence number", async (_what, first, last) => {
  const place: StreamPlace = {
    streamArn: stream.arn,
    shardId: stream.shards[0]!.id,
    startSequenceNumber: numbers[first]!,
    endSequenceNumber: numbers[last]!,
  };
  const texts = Array.from({ length: last - first + 1 }, (_, index) => `äöü ${first + index}`);
  expect(await onAws.recordsAt(place)).toEqual(texts);
  const { arn } = account.iam.createRole(`reader-${first}-${last}`, [allowEverything]);
  expect(await streamReaderFor(account, arn, async () => {}).recordsAt(place)).toEqual(texts);
});

it("may not be read by a role that does not allow it", async () => {
  const { arn } = account.iam.createRole("stranger", []);
  const place = { streamArn: stream.arn, shardId: "shardId-000000000000" };
  const reading = streamReaderFor(account, arn, async () => {}).recordsAt({
    ...place,
    startSequenceNumber: numbers[0]!,
    endSequenceNumber: numbers[0]!,
  });
  await expect(reading).rejects.toThrow("is not authorized to perform: kinesis:GetShardIterator");
});
