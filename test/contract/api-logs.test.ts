/** CloudWatch Logs' API as the SDK's client sees it, and the lines that Lambda writes of failures. */
import {
  DescribeLogGroupsCommand,
  DescribeLogStreamsCommand,
  FilterLogEventsCommand,
  GetLogEventsCommand,
  ResourceNotFoundException,
} from "@aws-sdk/client-cloudwatch-logs";
import { GetFunctionConfigurationCommand, InvokeCommand } from "@aws-sdk/client-lambda";
import { expect, it } from "vitest";
import { failureIn, failurePattern } from "../../src/metrics/errors.ts";
import { start } from "./an-account.ts";
import { AnEmulator, rejection, zipOf } from "./an-emulator.ts";
import { assumed, documented, measured } from "./provenance.ts";

const reference = "https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_FilterLogEvents.html";
const patterns = "https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/FilterAndPatternSyntax.html";

/** A group with the lines `one`, `two`, … written a second apart. */
async function aGroup(...lines: string[]) {
  const clients = new AnEmulator();
  for (const line of lines) {
    await clients.pass(1);
    clients.emulator.logs.write("group", line, "stream");
  }
  const filter = async (input: object) => {
    const command = new FilterLogEventsCommand({ logGroupName: "group", ...input });
    const { events = [], nextToken } = await clients.logs.send(command);
    return { events, messages: events.map(({ message }) => message), nextToken };
  };
  return { clients, filter };
}

documented(
  reference,
  "answers a group's lines in the order of time, from the start time to before the end time",
  async () => {
    const { filter } = await aGroup("one", "two", "three", "four");
    const { events } = await filter({});
    expect(events[0]).toMatchObject({ message: "one", timestamp: start + 1_000, ingestionTime: start + 1_000 });
    const { messages } = await filter({ startTime: start + 2_000, endTime: start + 4_000 });
    expect(messages).toEqual(["two", "three"]);
  },
);

documented(reference, "answers a page of at most `limit` lines, and the next by its token", async () => {
  const { filter } = await aGroup("one", "two", "three");
  const first = await filter({ limit: 2 });
  expect(first.messages).toEqual(["one", "two"]);
  const second = await filter({ limit: 2, nextToken: first.nextToken });
  expect([second.messages, second.nextToken]).toEqual([["three"], undefined]);
});

documented(patterns, "finds the lines that have any of the terms with a question mark, in their case", async () => {
  const { filter } = await aGroup("an ERROR", "an error", "it was killed", "all is well");
  expect((await filter({ filterPattern: '?"ERROR" ?"was killed"' })).messages).toEqual(["an ERROR", "it was killed"]);
});

documented(patterns, "finds the lines that have all terms, and none of those with a minus", async () => {
  const { filter } = await aGroup("an ERROR of mine", "an ERROR of yours", "all is well");
  expect((await filter({ filterPattern: 'ERROR "of mine"' })).messages).toEqual(["an ERROR of mine"]);
  expect((await filter({ filterPattern: "-ERROR" })).messages).toEqual(["all is well"]);
  expect((await rejection(filter({ filterPattern: "{ $.level = 1 }" }))).message).toContain("{ $.level = 1 }");
});

const lambdaLogs = "https://docs.aws.amazon.com/lambda/latest/dg/nodejs-logging.html#node-logging-output";

documented(
  lambdaLogs,
  "shows each invocation from START to REPORT, with the cold start of the first, where logs are kept",
  async () => {
    const clients = new AnEmulator();
    clients.emulator.logs.keepsInvocations = true;
    clients.function("echo");
    const invoke = new InvokeCommand({ FunctionName: "echo", LogType: "Tail" });
    const { LogResult } = await clients.lambda.send(invoke);
    const [begun, ended, report] = Buffer.from(LogResult!, "base64").toString().split("\n");
    const [, id] = /^START RequestId: ([0-9a-f-]{36}) Version: \$LATEST$/.exec(begun!)!;
    expect(ended).toBe(`END RequestId: ${id}`);
    expect(report).toMatch(
      new RegExp(
        `^REPORT RequestId: ${id}\tDuration: \\d+\\.\\d\\d ms\tBilled Duration: \\d+ ms\tMemory Size: 128 MB\tInit Duration: \\d+\\.\\d\\d ms\t$`,
      ),
    );
    const again = await clients.lambda.send(invoke);
    expect(Buffer.from(again.LogResult!, "base64").toString()).not.toContain("Init Duration");
    const logGroupName = "/aws/lambda/echo";
    expect((await clients.logs.send(new DescribeLogGroupsCommand({}))).logGroups).toMatchObject([{ logGroupName }]);
    const { logStreams } = await clients.logs.send(new DescribeLogStreamsCommand({ logGroupName }));
    expect(logStreams).toHaveLength(1);
    expect(logStreams![0]!.logStreamName).toMatch(/^2026\/01\/01\/\[\$LATEST\][0-9a-f]{32}$/);
    const read = (input: object) =>
      clients.logs.send(
        new GetLogEventsCommand({ logGroupName, logStreamName: logStreams![0]!.logStreamName, limit: 4, ...input }),
      );
    const words = ({ events = [] }: Awaited<ReturnType<typeof read>>) =>
      events.map(({ message }) => message!.split(" ")[0]);
    const head = await read({ startFromHead: true });
    expect(words(head)).toEqual(["START", "END", "REPORT", "START"]);
    const tail = await read({ nextToken: head.nextForwardToken });
    expect(words(tail)).toEqual(["END", "REPORT"]);
    expect((await read({ nextToken: tail.nextForwardToken })).nextForwardToken).toBe(tail.nextForwardToken);
    expect(words(await read({}))).toEqual(["REPORT", "START", "END", "REPORT"]);
  },
);

documented(lambdaLogs, "says in the report that an invocation took too long", async () => {
  const clients = new AnEmulator();
  clients.emulator.logs.keepsInvocations = true;
  clients.function("slow", 3_000);
  const { LogResult } = await clients.lambda.send(new InvokeCommand({ FunctionName: "slow", LogType: "Tail" }));
  const lines = Buffer.from(LogResult!, "base64").toString();
  expect(lines).toMatch(
    /Task timed out after 3\.00 seconds(.|\n)*REPORT .*\tDuration: 3000\.00 ms\t.*Status: timeout\t\n$/,
  );
});

it("writes nothing of an invocation that succeeds where nobody can read it", async () => {
  const clients = new AnEmulator();
  clients.function("echo");
  await clients.lambda.send(new InvokeCommand({ FunctionName: "echo" }));
  expect((await clients.logs.send(new DescribeLogGroupsCommand({}))).logGroups).toEqual([]);
  const tail = clients.lambda.send(new InvokeCommand({ FunctionName: "echo", LogType: "Tail" }));
  expect((await rejection(tail)).message).toContain("throttle-bench serve");
});

const apiReference = "https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference";

/** A group `group` with two lines each of the streams `b`, `a` and `c`, a second apart. */
async function severalStreams() {
  const clients = new AnEmulator();
  for (const stream of ["b", "a", "c", "c", "b", "a"]) {
    await clients.pass(1);
    clients.emulator.logs.write("group", `a line of ${stream}`, stream);
  }
  return clients;
}

documented(
  `${apiReference}/API_DescribeLogGroups.html`,
  "lists groups by name, in pages, by prefix or pattern",
  async () => {
    const clients = new AnEmulator();
    for (const name of ["/b/two", "/a/one", "/a/two"]) clients.emulator.logs.write(name, "a line", "stream");
    const list = async (input: object) => {
      const { logGroups = [], nextToken } = await clients.logs.send(new DescribeLogGroupsCommand(input));
      return { names: logGroups.map(({ logGroupName }) => logGroupName), nextToken };
    };
    expect((await list({})).names).toEqual(["/a/one", "/a/two", "/b/two"]);
    expect((await list({ logGroupNamePrefix: "/a" })).names).toEqual(["/a/one", "/a/two"]);
    expect((await list({ logGroupNamePattern: "two" })).names).toEqual(["/a/two", "/b/two"]);
    const first = await list({ limit: 2 });
    expect(first.names).toEqual(["/a/one", "/a/two"]);
    expect(await list({ limit: 2, nextToken: first.nextToken })).toEqual({ names: ["/b/two"], nextToken: undefined });
    expect((await rejection(list({ nextToken: "x" }))).name).toBe("InvalidParameterException");
  },
);

documented(
  `${apiReference}/API_DescribeLogStreams.html`,
  "lists streams by name or by their last line, either way",
  async () => {
    const clients = await severalStreams();
    const list = async (input: object) => {
      const command = new DescribeLogStreamsCommand({ logGroupName: "group", ...input });
      return (await clients.logs.send(command)).logStreams!.map(({ logStreamName }) => logStreamName).join("");
    };
    expect(await list({})).toBe("abc");
    expect(await list({ descending: true })).toBe("cba");
    expect(await list({ orderBy: "LastEventTime" })).toBe("cba");
    expect(await list({ orderBy: "LastEventTime", descending: true })).toBe("abc");
    expect(await list({ logStreamNamePrefix: "b" })).toBe("b");
  },
);

documented(reference, "finds the lines of some streams, of a group by its name or its ARN", async () => {
  const { logs } = await severalStreams();
  const find = async (input: object) =>
    (await logs.send(new FilterLogEventsCommand(input))).events!.map(({ logStreamName }) => logStreamName).join("");
  expect(await find({ logGroupName: "group", logStreamNames: ["a", "c"] })).toBe("acca");
  expect(await find({ logGroupName: "group", logStreamNamePrefix: "b" })).toBe("bb");
  const { logGroups } = await logs.send(new DescribeLogGroupsCommand({}));
  expect(await find({ logGroupIdentifier: logGroups![0]!.arn })).toBe("bacc" + "ba");
  expect(await find({ logGroupIdentifier: "group" })).toBe("baccba");
  expect((await rejection(find({}))).name).toBe("InvalidParameterException");
});

documented(`${apiReference}/API_GetLogEvents.html`, "answers a stream's lines forwards and backwards", async () => {
  const clients = new AnEmulator();
  for (const line of ["one", "two", "three", "four", "five"]) clients.emulator.logs.write("group", line, "stream");
  const get = async (input: object, logStreamName = "stream") => {
    const command = new GetLogEventsCommand({ logGroupName: "group", logStreamName, limit: 2, ...input });
    const { events, nextForwardToken, nextBackwardToken } = await clients.logs.send(command);
    return { messages: events!.map(({ message }) => message), nextForwardToken, nextBackwardToken };
  };
  const last = await get({});
  expect(last.messages).toEqual(["four", "five"]);
  const before = await get({ nextToken: last.nextBackwardToken });
  expect(before.messages).toEqual(["two", "three"]);
  expect((await get({ nextToken: before.nextBackwardToken })).messages).toEqual(["one"]);
  const first = await get({ startFromHead: true });
  expect(first.messages).toEqual(["one", "two"]);
  expect((await get({ nextToken: first.nextForwardToken })).messages).toEqual(["three", "four"]);
  // At the end the token stays the same: https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_GetLogEvents.html
  expect(await get({ nextToken: last.nextForwardToken })).toMatchObject({
    messages: [],
    nextForwardToken: last.nextForwardToken,
  });
  expect((await rejection(get({ nextToken: "x/1" }))).name).toBe("InvalidParameterException");
  expect(await rejection(get({}, "other"))).toBeInstanceOf(ResourceNotFoundException);
});

documented(reference, "refuses a group that does not exist", async () => {
  const { clients } = await aGroup();
  const refusal = await rejection(clients.logs.send(new FilterLogEventsCommand({ logGroupName: "other" })));
  expect(refusal).toBeInstanceOf(ResourceNotFoundException);
});

documented(
  "https://docs.aws.amazon.com/lambda/latest/dg/monitoring-cloudwatchlogs-loggroups.html",
  "writes a function's lines to its own group, unless another is configured",
  async () => {
    const clients = new AnEmulator();
    const fn = clients.function("failing");
    const configured = async () => {
      const command = new GetFunctionConfigurationCommand({ FunctionName: "failing" });
      return (await clients.lambda.send(command)).LoggingConfig?.LogGroup;
    };
    expect(await configured()).toBe("/aws/lambda/failing");
    fn.configure({ logGroup: "mine" });
    expect(await configured()).toBe("mine");
    await clients.lambda.send(new InvokeCommand({ FunctionName: "failing" }));
    const { events = [] } = await clients.logs.send(new FilterLogEventsCommand({ logGroupName: "mine" }));
    expect(events).toHaveLength(1);
  },
);

/** The failure that an invocation of the function leaves in its log, found by the pattern that a run uses. */
async function failureOf(name: "failing" | "slow" | "echo", code: "failing" | "slow" | "echo") {
  const clients = new AnEmulator();
  const fn = clients.function(name, 3_000);
  if (code !== name) fn.updateCode(zipOf(code));
  await clients.lambda.send(new InvokeCommand({ FunctionName: name }));
  const command = new FilterLogEventsCommand({ logGroupName: fn.logGroup, filterPattern: failurePattern });
  const { events = [] } = await clients.logs.send(command);
  expect(events).toHaveLength(1);
  return { line: events[0]!.message!, failure: failureIn(events[0]!.message!) };
}

measured(
  "https://github.com/alexa-samples/skill-sample-nodejs-smarthome-switch/issues/18: a function's own log, 2020",
  "logs an invocation that takes too long with its time-out",
  async () => {
    const { line, failure } = await failureOf("slow", "slow");
    expect(line).toMatch(/^\d{4}-\d\d-\d\dT[\d:.]+Z [0-9a-f-]{36} Task timed out after 3\.00 seconds\n\n$/);
    expect(failure).toEqual({ cause: "timed-out", message: "Task timed out after 3.00 seconds" });
  },
);

measured(
  "https://github.com/alexcasalboni/aws-lambda-power-tuning/issues/140: a function's own log, 2021",
  "logs what a handler throws as an Invoke Error with its type and message as JSON",
  async () => {
    const { line, failure } = await failureOf("failing", "failing");
    expect(line).toMatch(/^\S+Z\t[0-9a-f-]{36}\tERROR\tInvoke Error \t\{"errorType":"DownstreamError","errorMessage":/);
    expect(failure).toEqual({ cause: "thrown", message: "the downstream said <no> & hung up" });
  },
);

assumed(
  "the runtime logs an exception of its own as it logs a handler's; no line of a published log was at hand",
  "logs code that cannot be loaded",
  async () => {
    expect((await failureOf("echo", "slow")).failure).toEqual({
      cause: "not-loaded",
      message: "Error: Cannot find module 'echo'",
    });
  },
);
