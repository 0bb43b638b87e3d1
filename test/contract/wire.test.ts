/** The wire: protocols are read and written as AWS does, so that clients see AWS's values and AWS's errors. */
import { DescribeStacksCommand, DetectStackDriftCommand } from "@aws-sdk/client-cloudformation";
import { GetDashboardCommand } from "@aws-sdk/client-cloudwatch";
import { GetFunctionCommand, InvokeCommand, ListFunctionsCommand, ListLayersCommand } from "@aws-sdk/client-lambda";
import { CreateTopicCommand, GetTopicAttributesCommand, PublishCommand } from "@aws-sdk/client-sns";
import {
  CreateQueueCommand,
  GetQueueUrlCommand,
  ListQueuesCommand,
  ListQueueTagsCommand,
  SendMessageCommand,
} from "@aws-sdk/client-sqs";
import fc from "fast-check";
import { XMLParser } from "fast-xml-parser";
import { describe, expect, it } from "vitest";
import { element, structureOf } from "../../src/emulator/wire/aws-query.ts";
import { AnEmulator, rejection } from "./an-emulator.ts";
import { documented } from "./provenance.ts";

const smithy = "https://smithy.io/2.0/aws/protocols";
const form = { "content-type": "application/x-www-form-urlencoded; charset=utf-8" };

describe("awsQuery", () => {
  documented(`${smithy}/aws-query-protocol.html`, "reads lists, maps and structures out of dotted names", () => {
    const read = (text: string) => structureOf(new URLSearchParams(text));
    expect(read("A=1&B.C=2&B.D.E=3")).toEqual({ A: "1", B: { C: "2", D: { E: "3" } } });
    expect(read("L.member.2.K=b&L.member.1.K=a&L.member.10.K=c")).toEqual({ L: [{ K: "a" }, { K: "b" }, { K: "c" }] });
    expect(read("M.entry.1.key=a&M.entry.1.value=1&M.entry.2.key=b&M.entry.2.value=2")).toEqual({
      M: { a: "1", b: "2" },
    });
    expect(read("M.entry.1.Name=a&M.entry.1.Value.DataType=String")).toEqual({ M: { a: { DataType: "String" } } });
    expect(read("Flat.1=a&Flat.2=b&Empty=")).toEqual({ Flat: ["a", "b"], Empty: "" });
  });

  it("reads a name that no object should be given without harm", () => {
    expect(Object.keys(structureOf([["__proto__.polluted", "yes"]]))).toEqual(["__proto__"]);
    expect(({} as Record<string, unknown>).polluted).toBeUndefined();
  });

  it("writes any text so that an XML parser reads the same text", () => {
    const parser = new XMLParser({
      trimValues: false,
      parseTagValue: false,
      processEntities: true,
      htmlEntities: true,
    });
    const text = fc.string({ unit: fc.constantFrom(..."<>&'\" \n\r\taé€😀]#;0") });
    fc.assert(
      fc.property(text, (value) => {
        expect(parser.parse(element("T", value)).T).toBe(value);
      }),
    );
  });

  documented(`${smithy}/aws-query-protocol.html`, "writes lists, maps, timestamps, blobs and absent members", () => {
    expect(element("R", { L: [1, true], Empty: [], None: undefined, Null: null })).toBe(
      "<R><L><member>1</member><member>true</member></L><Empty></Empty></R>",
    );
    expect(element("R", { M: new Map([["k", "v"]]), T: new Date(0), B: new Uint8Array([1, 2]) })).toBe(
      "<R><M><entry><key>k</key><value>v</value></entry></M><T>1970-01-01T00:00:00.000Z</T><B>AQI=</B></R>",
    );
  });

  documented(`${smithy}/aws-query-protocol.html`, "says in its errors whose fault it was", async () => {
    const { text, statusCode, headers } = await new AnEmulator().raw({
      headers: form,
      text: "Action=GetTopicAttributes&Version=2010-03-31&TopicArn=nowhere",
    });
    expect(statusCode).toBe(404);
    expect(text).toBe(
      `<ErrorResponse xmlns="http://sns.amazonaws.com/doc/2010-03-31/"><Error><Type>Sender</Type><Code>NotFound</Code>` +
        `<Message>Topic does not exist</Message></Error><RequestId>${headers["x-amzn-requestid"]}</RequestId></ErrorResponse>`,
    );
  });

  it("answers older clients of CloudWatch, too", async () => {
    const { text } = await new AnEmulator().raw({
      headers: form,
      text:
        "Action=GetMetricData&Version=2010-08-01&StartTime=2026-01-01T00:00:00Z&EndTime=2026-01-01T01:00:00Z" +
        "&MetricDataQueries.member.1.Id=a&MetricDataQueries.member.1.MetricStat.Period=60" +
        "&MetricDataQueries.member.1.MetricStat.Stat=Sum&MetricDataQueries.member.1.MetricStat.Metric.Namespace=N" +
        "&MetricDataQueries.member.1.MetricStat.Metric.MetricName=M",
    });
    const { GetMetricDataResponse } = new XMLParser().parse(text);
    expect(GetMetricDataResponse.GetMetricDataResult.MetricDataResults.member).toMatchObject({
      Id: "a",
      Label: "M",
      StatusCode: "Complete",
    });
  });
});

describe("awsJson", () => {
  const target = { "content-type": "application/x-amz-json-1.0", "x-amz-target": "AmazonSQS.GetQueueUrl" };

  documented(
    `${smithy}/aws-json-1_0-protocol.html`,
    "names an error's shape, and the query protocol's code for clients that ask for it",
    async () => {
      const emulator = new AnEmulator();
      const plain = await emulator.raw({ headers: target, text: '{"QueueName":"q"}' });
      expect(plain.statusCode).toBe(400);
      expect(plain.headers["content-type"]).toBe("application/x-amz-json-1.0");
      expect(plain.headers).not.toHaveProperty("x-amzn-query-error");
      expect(JSON.parse(plain.text)).toEqual({
        __type: "com.amazonaws.sqs#QueueDoesNotExist",
        message: "The specified queue does not exist.",
      });
      const compatible = await emulator.raw({
        headers: { ...target, "x-amzn-query-mode": "true" },
        text: '{"QueueName":"q"}',
      });
      expect(compatible.headers["x-amzn-query-error"]).toBe("AWS.SimpleQueueService.NonExistentQueue;Sender");
    },
  );

  it("refuses a body that is no JSON object", async () => {
    for (const text of ["{", "[]", "null", "3"]) {
      const { statusCode, text: answer } = await new AnEmulator().raw({ headers: target, text });
      expect([statusCode, JSON.parse(answer).__type]).toEqual([400, "com.amazonaws.sqs#SerializationException"]);
    }
  });
});

describe("restJson", () => {
  it("takes a function's ARN as a label", async () => {
    const emulator = new AnEmulator();
    const { arn } = emulator.function("echo");
    const { Configuration } = await emulator.lambda.send(new GetFunctionCommand({ FunctionName: arn }));
    expect(Configuration?.FunctionName).toBe("echo");
  });

  it("refuses a header or a query parameter that is not modelled, by its member's name", async () => {
    const emulator = new AnEmulator();
    emulator.function("echo");
    const header = emulator.lambda.send(new InvokeCommand({ FunctionName: "echo", ClientContext: "e30=" }));
    expect((await rejection(header)).message).toBe(
      "The emulator does not model the member ClientContext of Lambda Invoke.",
    );
    const query = emulator.lambda.send(new ListFunctionsCommand({ FunctionVersion: "ALL" }));
    expect((await rejection(query)).message).toBe(
      "The emulator does not model the member FunctionVersion of Lambda ListFunctions.",
    );
  });
});

describe("the front", () => {
  it("refuses an operation that it does not model by name, whatever the protocol", async () => {
    const { cloudFormation, cloudWatch, lambda, sqs } = new AnEmulator();
    const refusals = [
      await rejection(cloudFormation.send(new DetectStackDriftCommand({ StackName: "s" }))),
      await rejection(cloudWatch.send(new GetDashboardCommand({ DashboardName: "d" }))),
      await rejection(sqs.send(new ListQueueTagsCommand({ QueueUrl: "https://sqs.us-east-1.amazonaws.com/1/q" }))),
      await rejection(lambda.send(new ListLayersCommand({}))),
    ];
    expect(refusals.map(({ message }) => message)).toEqual([
      "The emulator does not model the operation DetectStackDrift of CloudFormation.",
      "The emulator does not model the operation GetDashboard of CloudWatch.",
      "The emulator does not model the operation ListQueueTags of SQS.",
      "The emulator does not model the operation GET /2018-10-31/layers of Lambda.",
    ]);
    for (const { name } of refusals) expect(name).toBe("UnsupportedOperation");
  });

  it("does not take a property of objects for an operation", async () => {
    const { statusCode, text } = await new AnEmulator().raw({
      headers: form,
      text: "Action=toString&Version=2010-03-31",
    });
    expect(statusCode).toBe(400);
    expect(text).toContain("<Code>UnsupportedOperation</Code>");
  });

  it("refuses input members that it does not model, and values that do not fit, by the member's name", async () => {
    const { sns, sqs } = new AnEmulator();
    const topic = await rejection(sns.send(new CreateTopicCommand({ Name: "t", Tags: [{ Key: "a", Value: "b" }] })));
    expect([topic.name, topic.message]).toEqual([
      "InvalidParameterException",
      "The emulator does not model the member Tags of SNS CreateTopic.",
    ]);
    const { QueueUrl } = await sqs.send(new CreateQueueCommand({ QueueName: "q" }));
    const traced = await rejection(
      sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: "m", MessageSystemAttributes: {} })),
    );
    expect([traced.name, traced.message]).toEqual([
      "InvalidParameterValue",
      "The emulator does not model the member MessageSystemAttributes of SQS SendMessage.",
    ]);
    const nested = await rejection(
      sqs.send(
        new SendMessageCommand({ QueueUrl, MessageBody: "m", MessageAttributes: { a: { DataType: "Colour" } } }),
      ),
    );
    expect(nested.message).toBe(
      "Invalid value for the parameter MessageAttributes.a.DataType of SendMessage: it must be String, Number or Binary.",
    );
    const token = await rejection(sqs.send(new ListQueuesCommand({ NextToken: "2" })));
    expect(token.message).toBe("Invalid value for the parameter NextToken of ListQueues: this token was not issued.");
  });

  it("says which parameter is missing", async () => {
    const missing = await rejection(new AnEmulator().sqs.send(new GetQueueUrlCommand({ QueueName: undefined })));
    expect([missing.name, missing.message]).toEqual([
      "MissingParameter",
      "The request must contain the parameter QueueName.",
    ]);
  });

  it("finds the service by the signature when the host says nothing", async () => {
    const authorization = "AWS4-HMAC-SHA256 Credential=x/20260101/us-east-1/lambda/aws4_request, Signature=0";
    const { text } = await new AnEmulator().raw({
      method: "GET",
      path: "/2015-03-31/functions/",
      headers: { authorization, host: "127.0.0.1:4000" },
    });
    expect(JSON.parse(text)).toEqual({ Functions: [] });
  });

  it("refuses a service that it does not model by name, in the protocol of the request", async () => {
    const emulator = new AnEmulator();
    const authorization = "AWS4-HMAC-SHA256 Credential=x/20260101/us-east-1/ec2/aws4_request, Signature=0";
    const query = await emulator.raw({ headers: { ...form, authorization }, text: "Action=RunInstances" });
    expect(query.text).toContain("<Message>The emulator does not model the service ec2.</Message>");
    const json = await emulator.raw({ headers: { "x-amz-target": "DynamoDB_20120810.PutItem" }, text: "{}" });
    expect(JSON.parse(json.text).message).toBe("The emulator does not model the service DynamoDB_20120810.");
    expect((await emulator.raw({ headers: { host: "s3.amazonaws.com" } })).text).toContain("the service s3");
  });

  it("gives every request an id, drawn from the seed", async () => {
    const idOf = async (seed: number) => {
      const { sqs } = new AnEmulator(seed);
      return (await sqs.send(new ListQueuesCommand({}))).$metadata.requestId;
    };
    expect(await idOf(1)).toMatch(/^[0-9a-f-]{36}$/);
    expect(await idOf(1)).toBe(await idOf(1));
    expect(await idOf(1)).not.toBe(await idOf(2));
  });

  it("gives errors their request's id, too", async () => {
    const { cloudFormation } = new AnEmulator();
    const missing = await rejection(cloudFormation.send(new DescribeStacksCommand({ StackName: "nothing" })));
    expect(missing.$metadata).toMatchObject({
      httpStatusCode: 400,
      requestId: expect.stringMatching(/^[0-9a-f-]{36}$/),
    });
  });

  it("sends nothing for a call that was aborted before", async () => {
    const { emulator, sns } = new AnEmulator();
    const { arn } = emulator.sns.create("t");
    const call = sns.send(new PublishCommand({ TopicArn: arn, Message: "m" }), { abortSignal: AbortSignal.abort() });
    expect((await rejection(call)).name).toBe("AbortError");
    expect(emulator.cloudwatch.list()).toEqual([]);
    await sns.send(new GetTopicAttributesCommand({ TopicArn: arn }));
  });
});
