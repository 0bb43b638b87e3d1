/** EventBridge: buses, rules, targets, retries and dead letters, API destinations and schedules. */
import fc from "fast-check";
import { expect, it } from "vitest";
import type { HttpResponse, PolicyDocument } from "../../src/emulator/account.ts";
import { EventBridge } from "../../src/emulator/eventbridge/buses.ts";
import { eventPattern } from "../../src/emulator/eventbridge/pattern.ts";
import type { Rule } from "../../src/emulator/eventbridge/rule.ts";
import { periodMs } from "../../src/emulator/eventbridge/schedule.ts";
import type { TargetSettings } from "../../src/emulator/eventbridge/target.ts";
import { FunctionUrls } from "../../src/emulator/lambda/urls.ts";
import { Reading } from "../../src/emulator/template/properties.ts";
import type { TemplateValue } from "../../src/template/template.ts";
import { hour, minute, type Program, refusal, second, start, TestAccount } from "./account.ts";
import { assumed, documented, measured } from "./provenance.ts";

const guide = "https://docs.aws.amazon.com/eventbridge/latest/userguide";
const patterns = `${guide}/eb-event-patterns.html`;
const retries = `${guide}/eb-rule-retry-policy.html`;
const deadLetters = `${guide}/eb-rule-dlq.html`;
const destinations = `${guide}/eb-api-destinations.html`;
const transformation = `${guide}/eb-transform-target-input.html`;
const schedules = `${guide}/eb-scheduled-rule-pattern.html`;
const monitoring = `${guide}/eb-monitoring.html`;
const putting = "https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_PutEvents.html";

const allowEverybody: PolicyDocument = {
  Statement: { Effect: "Allow", Principal: { Service: "events.amazonaws.com" }, Action: "sqs:SendMessage" },
};

const entry = { Source: "shop", DetailType: "Order", Detail: '{"id":1}' };

function patternOf(value: TemplateValue) {
  const reading = new Reading(true);
  return { pattern: eventPattern(value, ["EventPattern"], reading), problems: reading.problems };
}

class Bench extends TestAccount {
  readonly bridge = this.service(EventBridge);

  rule(pattern: TemplateValue, targets: Partial<TargetSettings>[], busName?: string): Rule {
    return this.bridge.createRule(busName, "rule", {
      pattern: patternOf(pattern).pattern,
      schedule: null,
      isEnabled: true,
      targets: targets.map((target, index) => this.target(`${index}`, target)),
    });
  }

  target(id: string, target: Partial<TargetSettings>): TargetSettings {
    return {
      id,
      arn: "",
      roleArn: null,
      deadLetterArn: null,
      maximumRetries: 185,
      maximumEventAgeMs: 24 * hour,
      input: {},
      ...target,
    };
  }

  writable(name: string) {
    return this.queue(name, { policy: allowEverybody });
  }

  /** An API destination at so many a second, whose endpoint is a function that everybody may invoke. */
  destination(perSecond: number, program: Program, reserved?: number) {
    const fn = this.fn("endpoint", program, { timeoutMs: 30_000, ...(reserved === undefined ? {} : { reserved }) });
    const anybody = { principal: "*", sourceArn: null, sourceAccount: null };
    fn.addPermission({
      ...anybody,
      statementId: "url",
      action: "lambda:InvokeFunctionUrl",
      functionUrlAuthType: "NONE",
    });
    fn.addPermission({ ...anybody, statementId: "fn", action: "lambda:InvokeFunction", invokedViaFunctionUrl: true });
    const { host } = this.service(FunctionUrls).create(fn, "NONE");
    const connection = this.bridge.createConnection("connection", { name: "X-Key", value: "secret" });
    const settings = { method: "POST", endpoint: `https://${host}/`, perSecond };
    const { arn } = this.bridge.createDestination("destination", connection.arn, settings);
    const role = this.iam.createRole("invoker", [
      { Statement: { Effect: "Allow", Action: "events:InvokeApiDestination", Resource: arn } },
    ]);
    return { arn, roleArn: role.arn, host };
  }

  put(count = 1): void {
    for (let index = 0; index < count; index++) this.bridge.putEvents([{ ...entry, Detail: `{"id":${index + 1}}` }]);
  }
}

const answering = (account: Bench, ...answers: Partial<HttpResponse>[]): Program => {
  let calls = 0;
  return async () => {
    account.note("call");
    return { statusCode: 200, ...answers[Math.min(calls++, answers.length - 1)] };
  };
};

documented(putting, "takes the good entries of a request and answers which of the others failed, and why", () => {
  const account = new Bench();
  const queue = account.writable("queue");
  account.rule({ source: ["shop"] }, [{ arn: queue.arn }]);
  const { FailedEntryCount, Entries } = account.bridge.putEvents([
    entry,
    { ...entry, Detail: "not JSON" },
    { ...entry, Source: undefined },
  ]);
  expect(FailedEntryCount).toBe(2);
  expect(Entries).toEqual([
    { EventId: expect.stringMatching(/^[0-9a-f-]{36}$/) },
    { ErrorCode: "MalformedDetail", ErrorMessage: "Detail is malformed." },
    { ErrorCode: "InvalidArgument", ErrorMessage: expect.stringContaining("Source") },
  ]);
});

documented(putting, "refuses a request of more than ten entries", () => {
  const account = new Bench();
  expect(refusal(() => account.bridge.putEvents(Array.from({ length: 11 }, () => entry))).code).toBe(
    "ValidationException",
  );
});

documented(
  `${guide}/eb-putevent-size.html`,
  "refuses an entry of more than 256 KB, and none of exactly so many",
  () => {
    const account = new Bench();
    const ofSize = (bytes: number) => ({ ...entry, Detail: `{"x":"${"y".repeat(bytes - 9 - 8)}"}` });
    const [largest, larger] = account.bridge.putEvents([ofSize(262_144), ofSize(262_145)]).Entries;
    expect([largest?.ErrorCode, larger?.ErrorCode]).toEqual([undefined, "InvalidArgument"]);
  },
);

documented(`${guide}/eb-events-structure.html`, "gives a target the event in its envelope", async () => {
  const account = new Bench();
  const queue = account.writable("queue");
  account.bridge.create("orders");
  account.rule({ source: ["shop"] }, [{ arn: queue.arn }], "orders");
  account.bridge.putEvents([{ ...entry, EventBusName: "orders", Resources: ["a"] }, entry]);
  await account.advance(second);
  expect(account.drain(queue)).toEqual([
    {
      version: "0",
      id: expect.any(String),
      "detail-type": "Order",
      source: "shop",
      account: "123456789012",
      time: "2026-01-01T00:00:00Z",
      region: "us-east-1",
      resources: ["a"],
      detail: { id: 1 },
    },
  ]);
});

documented(patterns, "takes an event when every field of the pattern has one of its values or prefixes", async () => {
  const account = new Bench();
  const queue = account.writable("queue");
  account.rule({ source: [{ prefix: "shop" }], detail: { kind: ["a", "b"], price: [1], tags: ["x"] } }, [
    { arn: queue.arn },
  ]);
  const put = (Source: string, detail: object) =>
    account.bridge.putEvents([{ ...entry, Source, Detail: JSON.stringify(detail) }]);
  put("shop.eu", { n: 1, kind: "a", price: 1, tags: ["y", "x"] });
  put("shop", { n: 2, kind: "b", price: 1, tags: "x" });
  put("other", { n: 3, kind: "a", price: 1, tags: ["x"] });
  put("shop", { n: 4, kind: "c", price: 1, tags: ["x"] });
  put("shop", { n: 5, kind: "a", price: "1", tags: ["x"] });
  put("shop", { n: 6, kind: "a", price: 1, tags: [] });
  await account.advance(second);
  expect(account.drain(queue).map(({ detail }) => detail.n)).toEqual([1, 2]);
});

it.each(["numeric", "anything-but", "suffix", "exists", "wildcard", "cidr", "equals-ignore-case"])(
  "refuses the operator %s of a pattern by its name",
  (operator) => {
    const { problems } = patternOf({ detail: { id: [{ [operator]: "x" }] } });
    expect(problems).toEqual([
      { path: ["EventPattern", "detail", "id", 0], message: expect.stringContaining(`does not model ${operator}`) },
    ]);
  },
);

documented(
  transformation,
  "hands on the constant, the part or the text that the target's input makes of it",
  async () => {
    const account = new Bench();
    const queue = account.writable("queue");
    const InputPathsMap = { id: "$.detail.id", none: "$.detail.none" };
    const InputTemplate = '{"id": <id>, "text": "order <id> of <aws.events.rule-name>", "none": "<none>"}';
    account.rule({ source: ["shop"] }, [
      { arn: queue.arn, input: { Input: '{"constant":true}' } },
      { arn: queue.arn, input: { InputPath: "$.detail" } },
      { arn: queue.arn, input: { InputTransformer: { InputPathsMap, InputTemplate } } },
    ]);
    account.put();
    await account.advance(second);
    expect(account.drain(queue)).toEqual([{ constant: true }, { id: 1 }, { id: 1, text: "order 1 of rule", none: "" }]);
  },
);

documented(retries, "invokes a function asynchronously, and leaves its throttles and errors to Lambda", async () => {
  const account = new Bench();
  const dlq = account.writable("dlq");
  const fn = account.fn("fn", async () => {
    account.note("call");
    throw new Error("no");
  });
  const rule = account.rule({ source: ["shop"] }, [{ arn: fn.arn, deadLetterArn: dlq.arn }]);
  fn.addPermission({
    statementId: "events",
    action: "lambda:InvokeFunction",
    principal: "events.amazonaws.com",
    sourceArn: rule.arn,
    sourceAccount: null,
  });
  account.put();
  await account.advance(10 * minute);
  expect(account.times("call").length).toBe(3);
  expect(account.total(rule, "SuccessfulInvocationAttempts")).toBe(1);
  expect(account.drain(dlq)).toEqual([]);
});

documented(deadLetters, "sends an event that it may not deliver straight to the dead-letter queue", async () => {
  const account = new Bench();
  const dlq = account.writable("dlq");
  const fn = account.fn("fn", async () => account.note("call"));
  const rule = account.rule({ source: ["shop"] }, [
    { arn: fn.arn, deadLetterArn: dlq.arn },
    { arn: fn.arn.replace("fn", "none"), deadLetterArn: dlq.arn },
  ]);
  account.put();
  await account.advance(second);
  const letters = account.receive(dlq);
  expect(letters.map(({ messageAttributes }) => messageAttributes.ERROR_CODE?.StringValue).sort()).toEqual([
    "NO_PERMISSIONS",
    "NO_RESOURCE",
  ]);
  expect(letters[0]!.messageAttributes).toMatchObject({
    RULE_ARN: { DataType: "String", StringValue: rule.arn },
    TARGET_ARN: { StringValue: expect.stringContaining("function:") },
    ERROR_MESSAGE: { StringValue: expect.any(String) },
    RETRY_ATTEMPTS: { StringValue: "0" },
  });
  expect(letters[0]!.messageAttributes).not.toHaveProperty("EXHAUSTED_RETRY_CONDITION");
  expect(JSON.parse(letters[0]!.body)).toMatchObject({ source: "shop", detail: { id: 1 } });
  expect(account.trace).toEqual([]);
});

documented(deadLetters, "loses a dead letter that the queue's policy does not let the rule write", async () => {
  const account = new Bench();
  const dlq = account.queue("dlq");
  const rule = account.rule({ source: ["shop"] }, [{ arn: "arn:aws:sqs:x", deadLetterArn: dlq.arn }]);
  account.put();
  await account.advance(second);
  expect(account.total(rule, "InvocationsFailedToBeSentToDlq")).toBe(1);
  expect(account.drain(dlq)).toEqual([]);
});

documented(destinations, "sends the event with EventBridge's headers and the connection's key", async () => {
  const account = new Bench();
  const requests: Record<string, unknown>[] = [];
  const { arn, roleArn } = account.destination(1, async (event) => {
    requests.push(event);
    return { statusCode: 200 };
  });
  account.rule({ source: ["shop"] }, [{ arn, roleArn }]);
  account.put();
  await account.advance(second);
  expect(requests).toMatchObject([
    {
      version: "2.0",
      requestContext: { http: { method: "POST" } },
      headers: {
        "user-agent": "Amazon/EventBridge/ApiDestinations",
        "content-type": "application/json; charset=utf-8",
        range: "bytes=0-1048575",
        "x-key": "secret",
      },
    },
  ]);
  expect(JSON.parse(requests[0]!.body as string)).toMatchObject({ source: "shop", detail: { id: 1 } });
});

documented(`${guide}/eb-api-destinations.html`, "needs a role that may invoke the destination", async () => {
  const account = new Bench();
  const dlq = account.writable("dlq");
  const { arn } = account.destination(1, answering(account, {}));
  const { arn: roleArn } = account.iam.createRole("other", []);
  account.rule({ source: ["shop"] }, [{ arn, roleArn, deadLetterArn: dlq.arn }]);
  account.put();
  await account.advance(second);
  expect(account.receive(dlq)[0]!.messageAttributes.ERROR_CODE!.StringValue).toBe("NO_PERMISSIONS");
});

documented(destinations, "invokes an endpoint no faster than its rate, and loses nothing of what waits", async () => {
  const account = new Bench();
  const { arn, roleArn } = account.destination(1, answering(account, {}));
  account.rule({ source: ["shop"] }, [{ arn, roleArn }]);
  account.put(50);
  await account.advance(minute);
  const times = account.times("call");
  expect(times.length).toBe(50);
  expect(times.slice(1).map((time, index) => time - times[index]!)).toEqual(Array.from({ length: 49 }, () => second));
});

assumed(
  "the burst inside of a second is unpublished",
  "lets no more than its burst and its rate through in any window",
  async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 20 }),
        fc.integer({ min: 0, max: 1_000 }),
        fc.integer({ min: 1, max: 1_000 }),
        async (perSecond, burstMs, seed) => {
          const account = new Bench({ seed, constants: { "eventbridge.apiDestinationBurstMs": burstMs } });
          const { arn, roleArn } = account.destination(perSecond, answering(account, {}));
          account.rule({ source: ["shop"] }, [{ arn, roleArn }]);
          account.put(60);
          await account.advance(2 * minute);
          const times = account.times("call");
          expect(times.length).toBe(60);
          const capacity = Math.max(1, (perSecond * burstMs) / 1_000);
          for (let first = 0; first < times.length; first++) {
            for (let last = first; last < times.length; last++) {
              const inWindow = last - first + 1;
              expect(inWindow).toBeLessThanOrEqual(
                capacity + (perSecond * (times[last]! - times[first]!)) / 1_000 + 1e-9,
              );
            }
          }
        },
      ),
      { numRuns: 30, seed: 1 },
    );
  },
);

documented(
  destinations,
  "retries what is answered with 429 or 5xx, and gives up any other answer but 2xx at once",
  async () => {
    for (const [statusCode, calls] of [
      [200, 1],
      [301, 1],
      [403, 1],
      [404, 1],
      [429, 2],
      [500, 2],
      [503, 2],
    ] as const) {
      const account = new Bench();
      const dlq = account.writable("dlq");
      const { arn, roleArn } = account.destination(10, answering(account, { statusCode }, { statusCode: 200 }));
      account.rule({ source: ["shop"] }, [{ arn, roleArn, deadLetterArn: dlq.arn }]);
      account.put();
      await account.advance(hour);
      expect([statusCode, account.times("call").length]).toEqual([statusCode, calls]);
      expect(account.drain(dlq).length).toBe(statusCode === 200 || calls > 1 ? 0 : 1);
    }
  },
);

documented(
  destinations,
  "waits for the longer of Retry-After and its own back-off, and gives up at a negative one",
  async () => {
    const timesWith = async (retryAfter: string) => {
      const account = new Bench({ constants: { "eventbridge.retryBackoffBaseMs": 5_000 } });
      const refused = { statusCode: 429, headers: { "Retry-After": retryAfter } };
      const { arn, roleArn } = account.destination(10, answering(account, refused, {}));
      account.rule({ source: ["shop"] }, [{ arn, roleArn }]);
      account.put();
      await account.advance(hour);
      return account.times("call");
    };
    expect(await timesWith("30")).toEqual([0, 30_000]);
    expect(await timesWith("1")).toEqual([0, 5_000]);
    expect(await timesWith("-1")).toEqual([0]);
  },
);

documented(destinations, "does not wait for an endpoint for longer than five seconds", async () => {
  const account = new Bench({ constants: { "eventbridge.retryBackoffBaseMs": 10_000 } });
  const slow: Program = async (_, { clock }) => {
    account.note("call");
    await clock.sleep(6_000);
    return { statusCode: 200 };
  };
  const dlq = account.writable("dlq");
  const { arn, roleArn } = account.destination(10, slow);
  account.rule({ source: ["shop"] }, [{ arn, roleArn, maximumRetries: 1, deadLetterArn: dlq.arn }]);
  account.put();
  await account.advance(minute);
  expect(account.times("call")).toEqual([0, 15_000]);
  expect(account.receive(dlq)[0]!.messageAttributes).toMatchObject({
    ERROR_CODE: { StringValue: "TIMEOUT" },
    EXHAUSTED_RETRY_CONDITION: { StringValue: "MaximumRetryAttempts" },
    RETRY_ATTEMPTS: { StringValue: "1" },
  });
});

documented(destinations, "dead-letters what waits longer than the retry policy's age", async () => {
  const account = new Bench();
  const dlq = account.writable("dlq");
  const { arn, roleArn } = account.destination(1, answering(account, {}));
  const rule = account.rule({ source: ["shop"] }, [
    { arn, roleArn, deadLetterArn: dlq.arn, maximumEventAgeMs: minute },
  ]);
  account.put(100);
  await account.advance(hour);
  const delivered = account.times("call").length;
  expect(delivered).toBe(60);
  const letters = account.receive(dlq, 1);
  expect(letters[0]!.messageAttributes.EXHAUSTED_RETRY_CONDITION!.StringValue).toBe("MaximumEventAgeInSeconds");
  expect(account.drain(dlq).length + letters.length).toBe(40);
  expect(account.total(rule, "InvocationsSentToDlq")).toBe(40);
});

documented(retries, "backs off exponentially, up to 185 times by default", async () => {
  const account = new Bench({ constants: { "eventbridge.retryBackoffCapMs": 8_000 } });
  const dlq = account.writable("dlq");
  const { arn, roleArn } = account.destination(300, answering(account, { statusCode: 503 }));
  account.rule({ source: ["shop"] }, [{ arn, roleArn, deadLetterArn: dlq.arn }]);
  account.put();
  await account.advance(hour);
  const times = account.times("call");
  expect(times.slice(0, 6)).toEqual([0, 1_000, 3_000, 7_000, 15_000, 23_000]);
  expect(times.length).toBe(186);
  expect(account.drain(dlq).length).toBe(1);
});

documented(monitoring, "counts attempts, retries, successes and failures of a rule by its name", async () => {
  const account = new Bench();
  const { arn, roleArn } = account.destination(10, answering(account, { statusCode: 500 }, {}, { statusCode: 404 }));
  const rule = account.rule({ source: ["shop"] }, [{ arn, roleArn }]);
  account.put();
  await account.advance(minute);
  account.put();
  await account.advance(minute);
  const names = ["MatchedEvents", "TriggeredRules", "InvocationAttempts", "RetryInvocationAttempts"];
  expect(names.map((name) => account.total(rule, name))).toEqual([2, 2, 3, 1]);
  const outcomes = ["SuccessfulInvocationAttempts", "FailedInvocations", "Invocations"];
  expect(outcomes.map((name) => account.total(rule, name))).toEqual([1, 1, 2]);
});

documented(schedules, "runs a rule at its rate, from some time within its first period on", async () => {
  const account = new Bench();
  const queue = account.writable("queue");
  const rule = account.bridge.createRule(undefined, "minutely", {
    pattern: null,
    schedule: { expression: "rate(1 minute)", periodMs: periodMs("rate(1 minute)")! },
    isEnabled: true,
    targets: [account.target("one", { arn: queue.arn })],
  });
  await account.advance(3 * minute + second);
  const events = account.drain(queue);
  expect(events.map(({ time }) => Date.parse(time) - start)).toEqual([1, 2, 3].map((count) => count * minute));
  expect(events[0]).toMatchObject({
    "detail-type": "Scheduled Event",
    source: "aws.events",
    resources: [rule.arn],
    detail: {},
  });
  account.bridge.deleteRule(rule);
  await account.advance(hour);
  expect(account.drain(queue)).toEqual([]);
});

it.each([
  ["rate(1 minute)", minute],
  ["rate(5 minutes)", 5 * minute],
  ["rate(1 day)", 24 * hour],
  ["rate(1 minutes)", null],
  ["rate(2 hour)", null],
  ["cron(0 12 * * ? *)", null],
])("reads the schedule %s", (expression, expected) => {
  expect(periodMs(expression)).toBe(expected);
});

/* Function URLs */

const urls = "https://docs.aws.amazon.com/lambda/latest/dg/urls-invocation.html";
const urlAuthorization = "https://docs.aws.amazon.com/lambda/latest/dg/urls-auth.html";

async function ask(account: Bench, host: string): Promise<HttpResponse | null> {
  let response: HttpResponse | null = null;
  const request = { method: "POST", url: `https://${host}/path?a=b`, headers: { "x-a": "1" }, body: "text" };
  account.endpoints.request(request, (answer) => {
    response = answer;
  });
  await account.advance(minute);
  return response;
}

documented(urls, "invokes the function with the request in format 2.0, and answers as it says", async () => {
  const account = new Bench();
  const { host } = account.destination(1, async (event) => ({
    statusCode: 201,
    headers: { "Content-Type": "text/plain" },
    body: [event.rawPath, event.rawQueryString, event.queryStringParameters.a, event.body, event.headers["x-a"]].join(),
  }));
  expect(await ask(account, host)).toEqual({
    statusCode: 201,
    headers: { "content-type": "text/plain" },
    body: "/path,a=b,b,text,1",
  });
});

documented(urls, "answers 200 and the function's answer as JSON where that has no status", async () => {
  const account = new Bench();
  const { host } = account.destination(1, async () => ({ done: true }));
  const response = { statusCode: 200, headers: { "content-type": "application/json" }, body: '{"done":true}' };
  expect(await ask(account, host)).toEqual(response);
});

measured(
  "https://github.com/awsdocs/aws-lambda-developer-guide/issues/430",
  "answers 502 Internal Server Error when the function failed",
  async () => {
    const account = new Bench();
    const { host } = account.destination(1, async () => {
      throw new Error("no");
    });
    expect(await ask(account, host)).toMatchObject({ statusCode: 502, body: "Internal Server Error" });
    expect(account.total({ name: "endpoint" }, "Url5xxCount")).toBe(1);
  },
);

documented(urls, "answers 429 when the function is throttled", async () => {
  const account = new Bench();
  const { host } = account.destination(1, async () => null, 0);
  expect(await ask(account, host)).toMatchObject({ statusCode: 429 });
  expect(account.total({ name: "endpoint" }, "Url4xxCount")).toBe(1);
});

documented(
  urlAuthorization,
  "answers 403 unless the policy lets everybody use the URL and invoke the function by it",
  async () => {
    for (const left of ["url", "fn"]) {
      const account = new Bench();
      const { host } = account.destination(1, async () => account.note("call"));
      account.lambda.fn("endpoint")!.removePermission(left);
      expect(await ask(account, host)).toMatchObject({ statusCode: 403 });
      expect(account.trace).toEqual([]);
    }
  },
);

documented(urlAuthorization, "lets no service in by what everybody may do by a URL", () => {
  const account = new Bench();
  account.destination(1, async () => null);
  expect(account.lambda.fn("endpoint")!.permits("sns.amazonaws.com", "arn:aws:sns:us-east-1:123456789012:t")).toBe(
    false,
  );
});

it("has no answer for a host that is no function's", () => {
  const account = new Bench();
  const request = { method: "POST", url: "https://example.com/", headers: {}, body: "" };
  expect(account.endpoints.request(request, () => account.note("answer"))).toBe(false);
});
