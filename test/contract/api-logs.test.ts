/** CloudWatch Logs' API as the SDK's client sees it, and the lines that Lambda writes of failures. */
import { FilterLogEventsCommand, ResourceNotFoundException } from "@aws-sdk/client-cloudwatch-logs";
import { GetFunctionConfigurationCommand, InvokeCommand } from "@aws-sdk/client-lambda";
import { expect } from "vitest";
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
    clients.emulator.logs.write("group", line);
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
