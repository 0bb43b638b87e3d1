/** Answers that AWS has not given, or not whole, are told from its own: by their status and first line, in every protocol. */
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { CloudFormationClient, DescribeStacksCommand } from "@aws-sdk/client-cloudformation";
import { GetFunctionConfigurationCommand, InvokeCommand, LambdaClient } from "@aws-sdk/client-lambda";
import { ReceiveMessageCommand, SQSClient } from "@aws-sdk/client-sqs";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ForeignAnswer, refuseForeignAnswers } from "../../../src/targets/answer.ts";

interface Reply {
  status?: number;
  headers?: Record<string, string>;
  body?: string;
}

let reply: Reply;
const server = createServer((incoming, response) => {
  incoming.resume().on("end", () => response.writeHead(reply.status ?? 200, reply.headers ?? {}).end(reply.body ?? ""));
});
type Ask = (answer: Reply) => Promise<unknown>;
const ask = {} as Record<"query" | "json" | "rest" | "invoke" | "later", Ask>;

beforeAll(async () => {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const configuration = {
    region: "us-east-1",
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    credentials: { accessKeyId: "x", secretAccessKey: "x" },
    maxAttempts: 1,
    useQueueUrlAsEndpoint: false,
  };
  const [cloudFormation, lambda, sqs] = [CloudFormationClient, LambdaClient, SQSClient].map((Client) => {
    const client = new Client(configuration);
    refuseForeignAnswers(client);
    return client;
  }) as [CloudFormationClient, LambdaClient, SQSClient];
  const after = (send: () => Promise<unknown>) => (answer: Reply) => {
    reply = answer;
    return send();
  };
  const invocation = (InvocationType: "RequestResponse" | "Event") =>
    new InvokeCommand({ FunctionName: "f", InvocationType, Payload: "{}" });
  ask.query = after(() => cloudFormation.send(new DescribeStacksCommand({})));
  ask.json = after(() => sqs.send(new ReceiveMessageCommand({ QueueUrl: "https://sqs.test/1/q" })));
  ask.rest = after(() => lambda.send(new GetFunctionConfigurationCommand({ FunctionName: "f" })));
  ask.invoke = after(() => lambda.send(invocation("RequestResponse")));
  ask.later = after(() => lambda.send(invocation("Event")));
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
});

const error = (answer: Promise<unknown>): Promise<Error> =>
  answer.then(
    () => expect.fail("it was taken for an answer of AWS"),
    (thrown) => thrown,
  );

const page = "<!DOCTYPE html>\n<html><title>502 Bad Gateway</title></html>";
const stacks =
  '<DescribeStacksResponse xmlns="http://cloudformation.amazonaws.com/doc/2010-05-15/"><DescribeStacksResult><Stacks><member><StackName>s</StackName><StackStatus>CREATE_COMPLETE</StackStatus></member></Stacks></DescribeStacksResult></DescribeStacksResponse>\n';

describe.each(["query", "json", "rest", "invoke"] as const)("the protocol of %s", (protocol) => {
  it.each([
    ["a proxy's page", { status: 502, body: page }, "HTTP 502 with an answer that is none of AWS's: <!DOCTYPE html>"],
    ["an empty 502", { status: 502 }, "HTTP 502 with an empty answer"],
    ["a sign-in page", { body: page }, "HTTP 200 with an answer that is none of AWS's: <!DOCTYPE html>"],
    [
      "a way to a sign-in page",
      { status: 302, headers: { location: "https://portal.example/login?token=secret" } },
      "HTTP 302 with an empty answer that leads to portal.example",
    ],
    [
      "an error without a type",
      { status: 403, body: '{"message":"no"}' },
      'HTTP 403 with an answer that is none of AWS\'s: {"message":"no"}',
    ],
    [
      "a text",
      { status: 400, body: "Bad\u001b[31m Request\r\nmore" },
      "HTTP 400 with an answer that is none of AWS's: Bad [31m Request",
    ],
  ])("calls %s by its status and first line", async (_what, answer, message) => {
    const thrown = await error(ask[protocol](answer));
    expect(thrown).toBeInstanceOf(ForeignAnswer);
    expect(thrown.message).toBe(message);
  });
});

it("leaves AWS's own refusals as they are, in every form", async () => {
  const refused = (type: string) => expect.objectContaining({ name: type, message: "no" });
  const xml =
    "<ErrorResponse><Error><Type>Sender</Type><Code>ValidationError</Code><Message>no</Message></Error></ErrorResponse>";
  expect(await error(ask.query({ status: 400, body: xml }))).toEqual(refused("ValidationError"));
  const typed = (__type: string) => ({ status: 400, body: JSON.stringify({ __type, message: "no" }) });
  expect(await error(ask.json(typed("com.amazonaws.sqs#QueueDoesNotExist")))).toEqual(refused("QueueDoesNotExist"));
  const headers = { "x-amzn-errortype": "TooManyRequestsException" };
  const throttled = {
    status: 429,
    headers,
    body: '{"Reason":"ReservedFunctionConcurrentInvocationLimitExceeded","message":"no"}',
  };
  expect(await error(ask.invoke(throttled))).toEqual(refused("TooManyRequestsException"));
});

it("takes every answer that AWS gives without a body", async () => {
  expect(await ask.later({ status: 202 })).toMatchObject({ StatusCode: 202 });
});

it.each([
  ["query", stacks],
  [
    "json",
    '{"Messages":[{"MessageId":"m","ReceiptHandle":"r","Body":"b","MD5OfBody":"92eb5ffee6ae2fec3ad71c777531578f"}]}',
  ],
  ["rest", '{"FunctionName":"f","LastUpdateStatus":"Successful"}'],
  ["invoke", '{"published":20,"failed":0,"firstSentAt":1,"lastSentAt":2}'],
] as const)(
  "takes a whole answer of %s, and none that was cut short anywhere, whose text it does not show",
  async (protocol, body) => {
    await ask[protocol]({ body });
    const whole = body.trimEnd().length;
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: whole - 1 }), fc.constantFrom(200, 400), async (length, status) => {
        const thrown = await error(ask[protocol]({ status, body: body.slice(0, length) }));
        expect(thrown).toBeInstanceOf(ForeignAnswer);
        if (length > 25) expect(thrown.message).toBe(`HTTP ${status} with an answer that was cut short`);
      }),
      { numRuns: 40 },
    );
  },
);
