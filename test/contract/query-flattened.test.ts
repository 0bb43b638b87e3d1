/** SQS's older protocol, whose lists and maps are flattened, as the AWS CLI 2.9 sends and reads it. */
import { XMLParser } from "fast-xml-parser";
import { beforeEach, describe, expect, it } from "vitest";
import { AnEmulator } from "./an-emulator.ts";

const parser = new XMLParser({ ignoreAttributes: true, parseTagValue: false });
let aws: AnEmulator;
let queueUrl: string;

/** Sends a form as the query protocol has it; what is in `<…Result>`. */
async function call(Action: string, form: Record<string, string>): Promise<Record<string, unknown>> {
  const text = new URLSearchParams({ Action, Version: "2012-11-05", ...form }).toString();
  const headers = { "content-type": "application/x-www-form-urlencoded; charset=utf-8" };
  const reply = parser.parse((await aws.raw({ headers, text })).text);
  if (reply.ErrorResponse) throw new Error(reply.ErrorResponse.Error.Code);
  return reply[`${Action}Response`][`${Action}Result`];
}

beforeEach(async () => {
  aws = new AnEmulator();
  const form = { QueueName: "q", "Attribute.1.Name": "VisibilityTimeout", "Attribute.1.Value": "77" };
  queueUrl = (await call("CreateQueue", form)).QueueUrl as string;
});

// https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-making-api-requests-xml.html
describe("a form with flattened lists and maps", () => {
  it("sets and tells attributes by Attribute.n.Name and Attribute.n.Value", async () => {
    const names = { "AttributeName.1": "VisibilityTimeout", "AttributeName.2": "QueueArn" };
    const { Attribute } = await call("GetQueueAttributes", { QueueUrl: queueUrl, ...names });
    expect(Attribute).toEqual([
      { Name: "QueueArn", Value: "arn:aws:sqs:us-east-1:123456789012:q" },
      { Name: "VisibilityTimeout", Value: "77" },
    ]);
    await call("SetQueueAttributes", {
      QueueUrl: queueUrl,
      "Attribute.1.Name": "DelaySeconds",
      "Attribute.1.Value": "3",
    });
    const { Attribute: changed } = await call("GetQueueAttributes", {
      QueueUrl: queueUrl,
      "AttributeName.1": "DelaySeconds",
    });
    expect(changed).toEqual({ Name: "DelaySeconds", Value: "3" });
  });

  it("lists queues as QueueUrl elements", async () => {
    await call("CreateQueue", { QueueName: "r" });
    expect((await call("ListQueues", {})).QueueUrl).toHaveLength(2);
  });

  it("takes a batch with message attributes, and gives messages with both kinds of attributes", async () => {
    const sent = await call("SendMessageBatch", {
      QueueUrl: queueUrl,
      "SendMessageBatchRequestEntry.1.Id": "a",
      "SendMessageBatchRequestEntry.1.MessageBody": "one",
      "SendMessageBatchRequestEntry.1.MessageAttribute.1.Name": "colour",
      "SendMessageBatchRequestEntry.1.MessageAttribute.1.Value.DataType": "String",
      "SendMessageBatchRequestEntry.1.MessageAttribute.1.Value.StringValue": "blue",
      "SendMessageBatchRequestEntry.2.Id": "b",
      "SendMessageBatchRequestEntry.2.MessageBody": "two",
      "SendMessageBatchRequestEntry.2.DelaySeconds": "901",
    });
    expect(sent).toMatchObject({
      SendMessageBatchResultEntry: { Id: "a", MessageId: expect.any(String) },
      BatchResultErrorEntry: { Id: "b", Code: "InvalidParameterValue", SenderFault: "true" },
    });
    const asked = { "AttributeName.1": "ApproximateReceiveCount", "MessageAttributeName.1": "All" };
    const { Message } = await call("ReceiveMessage", { QueueUrl: queueUrl, ...asked });
    expect(Message).toMatchObject({
      Body: "one",
      Attribute: { Name: "ApproximateReceiveCount", Value: "1" },
      MessageAttribute: { Name: "colour", Value: { DataType: "String", StringValue: "blue" } },
    });
    const { ReceiptHandle } = Message as { ReceiptHandle: string };
    const entry = {
      "DeleteMessageBatchRequestEntry.1.Id": "a",
      "DeleteMessageBatchRequestEntry.1.ReceiptHandle": ReceiptHandle,
    };
    expect(await call("DeleteMessageBatch", { QueueUrl: queueUrl, ...entry })).toEqual({
      DeleteMessageBatchResultEntry: { Id: "a" },
    });
  });

  it("names an error as the protocol's clients know it", async () => {
    await expect(call("GetQueueUrl", { QueueName: "nowhere" })).rejects.toThrow(
      "AWS.SimpleQueueService.NonExistentQueue",
    );
  });
});
