/** Requests that no client means to send: each is answered as AWS answers it, in the time of any other, and the account lives on. */
import { CreateStackCommand, DescribeStacksCommand } from "@aws-sdk/client-cloudformation";
import { GetMetricStatisticsCommand } from "@aws-sdk/client-cloudwatch";
import { FilterLogEventsCommand } from "@aws-sdk/client-cloudwatch-logs";
import { IAMClient, paginateSimulatePrincipalPolicy } from "@aws-sdk/client-iam";
import { CreateStreamCommand, DescribeStreamSummaryCommand } from "@aws-sdk/client-kinesis";
import { UpdateFunctionCodeCommand, UpdateFunctionConfigurationCommand } from "@aws-sdk/client-lambda";
import { CreateTopicCommand, SubscribeCommand } from "@aws-sdk/client-sns";
import {
  CreateQueueCommand,
  ReceiveMessageCommand,
  SendMessageCommand,
  SetQueueAttributesCommand,
} from "@aws-sdk/client-sqs";
import { describe, expect, it } from "vitest";
import { requestHandlerOf } from "../../src/emulator/request-handler.ts";
import type { WireResponse } from "../../src/emulator/wire/message.ts";
import { openEmulatedAccount } from "../../src/targets/emulated-account.ts";
import { openInProcess } from "../chaos/wire/an-account.ts";
import { fuzz } from "../chaos/wire/fuzz.ts";
import { faultIn } from "../chaos/wire/judgement.ts";
import { AnEmulator, rejection, zipOf } from "./an-emulator.ts";
import { documented, measured } from "./provenance.ts";

const form = { "content-type": "application/x-www-form-urlencoded" };
const json = (target: string) => ({ "content-type": "application/x-amz-json-1.0", "x-amz-target": target });
const lambda = {
  authorization: "AWS4-HMAC-SHA256 Credential=x/20260101/us-east-1/lambda/aws4_request, Signature=0",
};

function refuses(answer: WireResponse, statusCode = 400): void {
  expect(faultIn(answer)).toBeNull();
  expect(answer.statusCode).toBe(statusCode);
}

describe("the wire", () => {
  it("holds a few hundred mutations of every operation's request, in each protocol", async () => {
    const { fault, tried, held, asked, taken } = await fuzz({ count: 420, seed: 20_261_127, open: openInProcess });
    expect(fault).toBeNull();
    expect({ tried, held }).toEqual({ tried: 420, held: 420 });
    // Every operation of every service comes in its turn, and not all that is asked is nonsense.
    expect(asked.size).toBeGreaterThan(130);
    expect(taken).toBeGreaterThan(50);
  });

  it("refuses a form whose names or fields have no end", async () => {
    const emulator = new AnEmulator();
    const action = "Action=SendMessage&Version=2012-11-05&";
    refuses(await emulator.raw({ headers: form, text: `${action}${".".repeat(8_000)}=1` }));
    refuses(await emulator.raw({ headers: form, text: `${action}A${".member.1".repeat(5_000)}=1` }));
    refuses(await emulator.raw({ headers: form, text: action + "a=1&".repeat(100_000) }));
  });

  it("refuses JSON that is nested too deeply, wherever it stands", async () => {
    const emulator = new AnEmulator();
    const { emulator: account, sqs } = emulator;
    const fn = emulator.function("echo");
    const deep = `${"[".repeat(100_000)}${"]".repeat(100_000)}`;
    refuses(await emulator.raw({ headers: json("AmazonSQS.ListQueues"), text: `{"a":${deep}}` }));
    const path = `/2015-03-31/functions/${fn.name}/invocations`;
    for (const type of ["RequestResponse", "Event"]) {
      refuses(await emulator.raw({ path, headers: { ...lambda, "x-amz-invocation-type": type }, text: deep }));
    }
    const { QueueUrl } = await sqs.send(new CreateQueueCommand({ QueueName: "q" }));
    const policy = sqs.send(new SetQueueAttributesCommand({ QueueUrl, Attributes: { Policy: deep } }));
    expect((await rejection(policy)).name).toBe("InvalidAttributeValue");
    const entries = [{ Source: "s", DetailType: "d", Detail: `{"a":${deep}}` }];
    expect(account.eventBuses.putEvents(entries).Entries).toMatchObject([{ ErrorCode: "MalformedDetail" }]);
  });

  it("refuses JSON of millions of values at once, wherever it stands, and does not speak of each", async () => {
    const emulator = new AnEmulator();
    const many = (element: string, count: number) => `[${Array(count).fill(element).join(",")}]`;
    const start = Date.now();
    for (const [target, list] of [
      ["Kinesis_20131202.PutRecords", "Records"],
      ["AmazonSQS.SendMessageBatch", "Entries"],
    ] as const) {
      refuses(await emulator.raw({ headers: json(target), text: `{"${list}":${many("{}", 2_000_000)}}` }));
    }
    const members = Array.from({ length: 500_000 }, (_, at) => `"m${at}":1`);
    refuses(await emulator.raw({ headers: json("AmazonSQS.ListQueues"), text: `{${members}}` }));
    const policy = JSON.stringify(`{"Statement":${many("{}", 2_000_000)}}`);
    const text = `{"QueueName":"q","Attributes":{"Policy":${policy}}}`;
    refuses(await emulator.raw({ headers: json("AmazonSQS.CreateQueue"), text }));
    // Each took half a minute, or all memory.
    expect(Date.now() - start).toBeLessThan(10_000);
  });

  it("takes a text of as many values as it likes, because only members are looked at", async () => {
    const emulator = new AnEmulator();
    const { sqs } = emulator;
    const { QueueUrl } = await sqs.send(new CreateQueueCommand({ QueueName: "q" }));
    const MessageBody = `[${"1,".repeat(100_000)}1]`;
    expect(await sqs.send(new SendMessageCommand({ QueueUrl, MessageBody }))).toHaveProperty("MessageId");
  });

  it("refuses a path that is not percent-encoded", async () => {
    for (const part of ["%zz", "%", "%e0%a4%a"]) {
      refuses(await new AnEmulator().raw({ method: "GET", path: `/2015-03-31/functions/${part}`, headers: lambda }));
    }
  });

  it("writes XML that a client can read, whatever it was sent", async () => {
    const { statusCode, ...answer } = await new AnEmulator().raw({
      headers: form,
      text: "Action=%01%EF%BF%BE%00&Version=2010-03-31",
    });
    refuses({ statusCode, ...answer });
    expect(answer.text).toContain("the operation \ufffd\ufffd\ufffd of SNS");
  });

  it("asks a request that names no service to be signed", async () => {
    const { statusCode, text } = await new AnEmulator().raw({ path: "/a", headers: { host: "127.0.0.1:4566" } });
    expect([statusCode, text]).toEqual([403, expect.stringContaining("names no service; sign it")]);
  });
});

describe("bodies", () => {
  const limits = "https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html";

  documented(limits, "are refused with 413 when a payload has more than 6 MB, or 1 MB for an event", async () => {
    const emulator = new AnEmulator();
    const { name } = emulator.function("echo");
    const path = `/2015-03-31/functions/${name}/invocations`;
    const text = (bytes: number) => `"${"a".repeat(bytes - 2)}"`;
    const asEvent = { ...lambda, "x-amz-invocation-type": "Event" };
    expect((await emulator.raw({ path, headers: lambda, text: text(6_291_456) })).statusCode).toBe(200);
    refuses(await emulator.raw({ path, headers: lambda, text: text(6_291_457) }), 413);
    expect((await emulator.raw({ path, headers: asEvent, text: text(1_048_576) })).statusCode).toBe(202);
    refuses(await emulator.raw({ path, headers: asEvent, text: text(1_048_577) }), 413);
  });

  measured(
    "serverless/serverless issue 10179: 69,905,067 bytes",
    "of code are refused with 413 when the archive in them has more than 50 MB",
    async () => {
      const emulator = new AnEmulator();
      const { name } = emulator.function("echo");
      const request = { method: "PUT", path: `/2015-03-31/functions/${name}/code`, headers: lambda };
      const { statusCode, text } = await emulator.raw({ ...request, text: " ".repeat(69_905_068) });
      expect(statusCode).toBe(413);
      expect(text).toContain("Request must be smaller than 69905067 bytes for the UpdateFunctionCode operation");
    },
  );

  it("of any other operation are refused with 413 above what AWS takes anywhere", async () => {
    const emulator = new AnEmulator();
    refuses(await emulator.raw({ headers: json("AmazonSQS.ListQueues"), text: " ".repeat(16_777_217) }), 413);
    refuses(await emulator.raw({ headers: form, text: `Version=2012-11-05&a=${"a".repeat(4_194_304)}` }), 413);
  });
});

describe("values", () => {
  it.each(["null", "[]", "3", '"x"', "{}", '{"Statement":null}', '{"Statement":[null]}', '{"Statement":"x"}'])(
    "refuses %s for a queue's policy and for its redrive policy",
    async (value) => {
      const { sqs } = new AnEmulator();
      const { QueueUrl } = await sqs.send(new CreateQueueCommand({ QueueName: "q" }));
      for (const name of ["Policy", "RedrivePolicy"] as const) {
        const call = sqs.send(new SetQueueAttributesCommand({ QueueUrl, Attributes: { [name]: value } }));
        expect((await rejection(call)).name).toMatch(/^InvalidAttributeValue$|^InvalidParameterValue$/);
      }
    },
  );

  it("says of a null that it is one", async () => {
    const { sns, sqs } = new AnEmulator();
    const { TopicArn } = await sns.send(new CreateTopicCommand({ Name: "t" }));
    await sqs.send(new CreateQueueCommand({ QueueName: "q" }));
    const Endpoint = "arn:aws:sqs:us-east-1:123456789012:q";
    const Attributes = { RedrivePolicy: "null" };
    const call = sns.send(new SubscribeCommand({ TopicArn, Protocol: "sqs", Endpoint, Attributes }));
    expect((await rejection(call)).message).toMatch(/RedrivePolicy must be an object, not null/);
  });

  it("takes numbers of AWS's size only, whether they come as numbers or as texts", async () => {
    const emulator = new AnEmulator();
    const { QueueUrl } = await emulator.sqs.send(new CreateQueueCommand({ QueueName: "q" }));
    const numbers = [
      "1e400",
      "-1e400",
      "9".repeat(400),
      "2147483648",
      "0.5",
      '"1e3"',
      `"${"9".repeat(400)}"`,
      "[1]",
      "{}",
    ];
    for (const number of numbers) {
      const text = `{"QueueUrl":"${QueueUrl}","VisibilityTimeout":${number}}`;
      refuses(await emulator.raw({ headers: json("AmazonSQS.ReceiveMessage"), text }));
    }
  });

  it("takes times that a date can say only", async () => {
    const emulator = new AnEmulator();
    const put = (time: string) => `{"Entries":[{"Source":"s","DetailType":"d","Detail":"{}","Time":${time}}]}`;
    for (const time of ["8.64e12", "-8.64e12", '"2026-01-01T00:00:00Z"']) {
      expect((await emulator.raw({ headers: json("AWSEvents.PutEvents"), text: put(time) })).statusCode).toBe(200);
    }
    for (const time of ["8.65e12", "1e300", "1e400", '"+275760-09-14T00:00:00Z"']) {
      refuses(await emulator.raw({ headers: json("AWSEvents.PutEvents"), text: put(time) }));
    }
  });
});

describe("work", () => {
  it("grows no faster than a template whose conditions are of one another", async () => {
    const { cloudFormation } = new AnEmulator();
    const levels = Array.from({ length: 60 }, (_, level) => {
      const before = { Condition: `C${level}` };
      return [`C${level + 1}`, { "Fn::Or": [before, before] }] as const;
    });
    const Conditions = { C0: { "Fn::Equals": ["a", "b"] }, ...Object.fromEntries(levels) };
    const queue = { Type: "AWS::SQS::Queue" };
    const TemplateBody = JSON.stringify({
      Conditions,
      Resources: { Always: queue, Never: { ...queue, Condition: "C60" } },
    });
    await cloudFormation.send(new CreateStackCommand({ StackName: "s", TemplateBody }));
    const { Stacks } = await cloudFormation.send(new DescribeStacksCommand({ StackName: "s" }));
    expect(Stacks).toHaveLength(1);
  });

  it.each([
    ["nested groups", `${"(".repeat(15_000)}a${")".repeat(15_000)}`],
    ["alternatives without an end", "(a|a)*".repeat(2_000)],
    ["repeated repetitions", "((((a{99}){99}){99}){99}){99}"],
  ])("is not begun for a parameter's pattern of %s", async (_, AllowedPattern) => {
    const Parameters = { P: { Type: "String", Default: `${"a".repeat(4_000)}!`, AllowedPattern } };
    const TemplateBody = JSON.stringify({ Parameters, Resources: { Q: { Type: "AWS::SQS::Queue" } } });
    const { cloudFormation } = new AnEmulator();
    const call = cloudFormation.send(new CreateStackCommand({ StackName: "s", TemplateBody }));
    expect((await rejection(call)).name).toBe("ValidationError");
  });

  documented(
    "https://docs.aws.amazon.com/IAM/latest/APIReference/API_SimulatePrincipalPolicy.html",
    "is done for a page of actions on resources at a time",
    async () => {
      const { emulator } = new AnEmulator();
      const client = new IAMClient({
        region: "us-east-1",
        credentials: { accessKeyId: "x", secretAccessKey: "x" },
        requestHandler: requestHandlerOf(emulator.front),
      });
      const names = (count: number, prefix: string) => Array.from({ length: count }, (_, index) => `${prefix}${index}`);
      const input = {
        PolicySourceArn: emulator.iam.caller.arn,
        ActionNames: names(15, "sqs:A"),
        ResourceArns: names(15, "arn:"),
      };
      const pages: number[] = [];
      const pairs = new Set<string>();
      for await (const { EvaluationResults = [] } of paginateSimulatePrincipalPolicy({ client }, { ...input })) {
        pages.push(EvaluationResults.length);
        for (const { EvalActionName, EvalResourceName } of EvaluationResults)
          pairs.add(`${EvalActionName} ${EvalResourceName}`);
      }
      expect({ pages, pairs: pairs.size }).toEqual({ pages: [100, 100, 25], pairs: 225 });
      const many = {
        ...input,
        ActionNames: names(4_000, "sqs:A"),
        ResourceArns: names(4_000, "arn:"),
        MaxItems: 1_000,
      };
      const answer = await emulator.front.ask("IAM", "SimulatePrincipalPolicy", many);
      expect(answer).toMatchObject({ IsTruncated: true, Marker: "1000" });
    },
  );

  documented(
    "https://docs.aws.amazon.com/streams/latest/dev/service-sizes-and-limits.html",
    "is not begun for more shards than an account has",
    async () => {
      const { kinesis } = new AnEmulator();
      await kinesis.send(new CreateStreamCommand({ StreamName: "s", ShardCount: 2 }));
      for (const ShardCount of [19_999, 1_000_000_000]) {
        const call = kinesis.send(new CreateStreamCommand({ StreamName: "t", ShardCount }));
        expect((await rejection(call)).name).toBe("LimitExceededException");
      }
      const summary = await kinesis.send(new DescribeStreamSummaryCommand({ StreamName: "s" }));
      expect(summary.StreamDescriptionSummary?.OpenShardCount).toBe(2);
    },
  );

  it("is bounded by the lengths that AWS publishes for what is looked for in metrics and logs", async () => {
    const emulator = new AnEmulator();
    emulator.function("echo");
    const statistics = emulator.cloudWatch.send(
      new GetMetricStatisticsCommand({
        Namespace: "AWS/Lambda",
        MetricName: "Duration",
        StartTime: new Date(0),
        EndTime: new Date(3_600_000),
        Period: 60,
        ExtendedStatistics: Array(11).fill("p99"),
      }),
    );
    expect((await rejection(statistics)).name).toBe("InvalidParameterValueException");
    const filterPattern = "a ".repeat(513);
    const events = emulator.logs.send(new FilterLogEventsCommand({ logGroupName: "g", filterPattern }));
    expect((await rejection(events)).message).toMatch(/filterPattern/);
  });

  documented(
    "https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-message-metadata.html",
    "is done for ten attributes of a message at most",
    async () => {
      const { sqs } = new AnEmulator();
      const { QueueUrl } = await sqs.send(new CreateQueueCommand({ QueueName: "q" }));
      const send = (count: number) => {
        const names = Array.from({ length: count }, (_, index) => `a${index}`);
        const MessageAttributes = Object.fromEntries(
          names.map((name) => [name, { DataType: "String", StringValue: "v" }]),
        );
        return sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: "m", MessageAttributes }));
      };
      await send(10);
      expect((await rejection(send(11))).message).toBe(
        "Number of message attributes [11] exceeds the allowed maximum [10].",
      );
      const { Messages } = await sqs.send(new ReceiveMessageCommand({ QueueUrl, MessageAttributeNames: ["All"] }));
      expect(Object.keys(Messages?.[0]?.MessageAttributes ?? {})).toHaveLength(10);
    },
  );
});

describe("a function", () => {
  documented(
    "https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html",
    "takes no more than 4 KB of variables, and no archive of more than 250 MB",
    async () => {
      const emulator = new AnEmulator();
      const { name: FunctionName } = emulator.function("echo");
      const configure = (length: number) =>
        emulator.lambda.send(
          new UpdateFunctionConfigurationCommand({
            FunctionName,
            Environment: { Variables: { A: "a".repeat(length) } },
          }),
        );
      // The JSON of the variables is measured: {"A":"…"}.
      await configure(4_096 - 8);
      expect((await rejection(configure(4_096 - 7))).message).toMatch(/exceeded the 4KB limit/);
      const code = (ZipFile: Uint8Array) =>
        emulator.lambda.send(new UpdateFunctionCodeCommand({ FunctionName, ZipFile }));
      expect((await rejection(code(archiveOf(262_144_001)))).message).toMatch(/smaller than 262144000 bytes/);
      await code(archiveOf(262_144_000));
    },
  );

  it.each([
    ["a NUL", "a\0b", 'invalid byte sequence for encoding "UTF8": 0x00'],
    ["3,000 characters", "g".repeat(3_000), "exceeds btree version 4 maximum 2704"],
  ])("fails, and nothing else, when its GROUP has %s, as Postgres refuses the row", async (_, GROUP, reason) => {
    const said: string[] = [];
    const opened = await openEmulatedAccount({
      databaseUrl: null,
      platform: "2026",
      seed: 1,
      region: "us-east-1",
      start: Date.UTC(2026, 0, 1),
      log: (_function, message) => said.push(message),
    });
    const { iam, lambda, kernel } = opened.emulator;
    const { arn: roleArn } = iam.createRole("worker", []);
    const environment = { WORK_MS: "0", GROUP };
    const fn = lambda.create("consumer", { roleArn, handler: "consumer.handler", environment }, "");
    fn.updateCode(zipOf("consumer"));
    const body = JSON.stringify({ id: 1, sentAt: kernel.now, runId: "r" });
    const Records = [{ messageId: "m", eventSource: "aws:sqs", body }];
    const outcome = await kernel.advanceUntil(
      new Promise((resolve) => fn.invoke({ Records }, (answer) => kernel.wake(() => resolve(answer)))),
      "the invocation",
    );
    expect(outcome).toMatchObject({ kind: "error" });
    expect(said).toEqual([expect.stringContaining(reason)]);
    expect((await opened.rows.columns(`r/${GROUP}`)).length).toBe(0);
    await opened.close();
  });
});

/** An archive whose directory says that its one file, which is not there, has so many bytes. */
function archiveOf(bytes: number): Uint8Array {
  const archive = new Uint8Array(46 + 1 + 22);
  const view = new DataView(archive.buffer);
  view.setUint32(0, 0x02014b50, true);
  view.setUint32(24, bytes, true);
  view.setUint16(28, 1, true);
  archive[46] = "f".charCodeAt(0);
  view.setUint32(47, 0x06054b50, true);
  view.setUint16(47 + 10, 1, true);
  view.setUint32(47 + 16, 0, true);
  return archive;
}
