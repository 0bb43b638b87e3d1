/** EventBridge over its wire, JSON 1.1, as the SDK's client speaks it, and what templates of it are refused. */
import {
  DescribeApiDestinationCommand,
  DescribeConnectionCommand,
  DescribeEventBusCommand,
  DescribeRuleCommand,
  EventBridgeClient,
  ListApiDestinationsCommand,
  ListConnectionsCommand,
  ListEventBusesCommand,
  ListRuleNamesByTargetCommand,
  ListRulesCommand,
  ListTargetsByRuleCommand,
  PutEventsCommand,
} from "@aws-sdk/client-eventbridge";
import { expect, it } from "vitest";
import { resourceTypes } from "../../src/emulator/emulator.ts";
import { EventBridge } from "../../src/emulator/eventbridge/buses.ts";
import { requestHandlerOf } from "../../src/emulator/request-handler.ts";
import type { TemplateMap } from "../../src/template/template.ts";
import { AnEmulator, rejection } from "./an-emulator.ts";
import { documented } from "./provenance.ts";

const reference = "https://docs.aws.amazon.com/eventbridge/latest/APIReference";

function served() {
  const { emulator } = new AnEmulator();
  const client = new EventBridgeClient({
    region: "us-east-1",
    credentials: { accessKeyId: "x", secretAccessKey: "x" },
    requestHandler: requestHandlerOf(emulator.front),
    maxAttempts: 1,
  });
  return { client, bridge: emulator.service(EventBridge) };
}

documented(`${reference}/API_PutEvents.html`, "takes events, and answers each in its place", async () => {
  const { client } = served();
  const entry = { Source: "shop", DetailType: "Order", Detail: "{}" };
  const answer = await client.send(new PutEventsCommand({ Entries: [entry, { ...entry, Detail: "[]" }] }));
  expect(answer.FailedEntryCount).toBe(1);
  expect(answer.Entries).toMatchObject([{ EventId: expect.any(String) }, { ErrorCode: "MalformedDetail" }]);
});

documented(`${reference}/API_PutEvents.html`, "refuses a request without entries", async () => {
  const { client } = served();
  expect((await rejection(client.send(new PutEventsCommand({ Entries: [] })))).name).toBe("ValidationException");
});

documented(
  `${reference}/API_DescribeRule.html`,
  "describes rules with their targets, and names what is not there",
  async () => {
    const { client, bridge } = served();
    bridge.create("orders");
    bridge.createRule("orders", "all", {
      pattern: { source: [{ is: "shop" }] },
      schedule: null,
      isEnabled: true,
      targets: [
        {
          id: "one",
          arn: "arn:aws:sqs:us-east-1:123456789012:q",
          roleArn: null,
          deadLetterArn: null,
          maximumRetries: 3,
          maximumEventAgeMs: 60_000,
          input: {},
        },
      ],
    });
    const buses = await client.send(new ListEventBusesCommand({}));
    expect(buses.EventBuses?.map(({ Name }) => Name)).toEqual(["default", "orders"]);
    const named = { Name: "all", EventBusName: "orders" };
    expect(await client.send(new DescribeRuleCommand(named))).toMatchObject({
      Arn: "arn:aws:events:us-east-1:123456789012:rule/orders/all",
      State: "ENABLED",
      EventPattern: '{"source":["shop"]}',
    });
    const { Targets } = await client.send(new ListTargetsByRuleCommand({ Rule: "all", EventBusName: "orders" }));
    expect(Targets).toMatchObject([
      { Id: "one", RetryPolicy: { MaximumRetryAttempts: 3, MaximumEventAgeInSeconds: 60 } },
    ]);
    const of = async (TargetArn: string) =>
      (await client.send(new ListRuleNamesByTargetCommand({ TargetArn, EventBusName: "orders" }))).RuleNames;
    expect([await of(Targets![0]!.Arn!), await of("arn:aws:sqs:us-east-1:123456789012:none")]).toEqual([["all"], []]);
    const missing = await rejection(client.send(new DescribeRuleCommand({ Name: "all" })));
    expect(missing.name).toBe("ResourceNotFoundException");
  },
);

documented(
  `${reference}/API_DescribeConnection.html`,
  "tells the name of a connection's key and never the key",
  async () => {
    const { client, bridge } = served();
    const { arn } = bridge.createConnection("shop", { name: "x-key", value: "the-secret-key" });
    bridge.createDestination("shop", arn, { method: "POST", endpoint: "https://x/", perSecond: 1 });
    const answers = [
      await client.send(new DescribeConnectionCommand({ Name: "shop" })),
      await client.send(new ListConnectionsCommand({})),
      await client.send(new ListApiDestinationsCommand({})),
    ];
    expect(answers[0]).toMatchObject({
      AuthParameters: { ApiKeyAuthParameters: { ApiKeyName: "x-key" } },
      ConnectionState: "AUTHORIZED",
    });
    expect(JSON.stringify(answers)).not.toContain("the-secret-key");
  },
);

documented(
  `${reference}/API_ListRules.html`,
  "describes a bus and lists its rules, all or by the beginning of their name",
  async () => {
    const { client, bridge } = served();
    const settings = { pattern: null, schedule: null, isEnabled: false, targets: [] };
    const every = { ...settings, pattern: {}, schedule: { expression: "rate(1 minute)", periodMs: 60_000 } };
    bridge.createRule(undefined, "each-minute", every as never);
    bridge.createRule(undefined, "orders", settings);
    const bus = await client.send(new DescribeEventBusCommand({}));
    expect(bus).toMatchObject({ Name: "default", Arn: expect.stringMatching(/:event-bus\/default$/) });
    const list = async (NamePrefix?: string) => (await client.send(new ListRulesCommand({ NamePrefix }))).Rules;
    expect(await list()).toMatchObject([
      { Name: "each-minute", State: "DISABLED", ScheduleExpression: "rate(1 minute)" },
      { Name: "orders", State: "DISABLED" },
    ]);
    expect((await list("ord"))!.map(({ Name }) => Name)).toEqual(["orders"]);
    const other = client.send(new DescribeEventBusCommand({ Name: "other" }));
    expect((await rejection(other)).name).toBe("ResourceNotFoundException");
  },
);

documented(
  `${reference}/API_DescribeApiDestination.html`,
  "describes an API destination, and names what is not there",
  async () => {
    const { client, bridge } = served();
    const { arn } = bridge.createConnection("shop", { name: "x-key", value: "the-secret-key" });
    bridge.createDestination("shop", arn, { method: "POST", endpoint: "https://x/", perSecond: 3 });
    expect(await client.send(new DescribeApiDestinationCommand({ Name: "shop" }))).toMatchObject({
      ConnectionArn: arn,
      HttpMethod: "POST",
      InvocationEndpoint: "https://x/",
      InvocationRateLimitPerSecond: 3,
    });
    for (const missing of [
      new DescribeApiDestinationCommand({ Name: "none" }),
      new DescribeConnectionCommand({ Name: "none" }),
    ]) {
      const refusal = await rejection(client.send(missing as DescribeConnectionCommand));
      expect(refusal).toMatchObject({
        name: "ResourceNotFoundException",
        message: expect.stringContaining("none does not exist"),
      });
    }
  },
);

documented(`${reference}/API_CreateEventBus.html`, "has each name once, in the form that EventBridge takes", () => {
  const { bridge } = served();
  const settings = { pattern: {}, schedule: null, isEnabled: true, targets: [] };
  const target = { id: "one", arn: "arn:aws:sqs:us-east-1:123456789012:q", roleArn: null, deadLetterArn: null };
  const targets = Array.from({ length: 6 }, () => ({
    ...target,
    maximumRetries: 3,
    maximumEventAgeMs: 60_000,
    input: {},
  }));
  const schedule = { expression: "rate(1 minute)", periodMs: 60_000 } as never;
  const connect = () => bridge.createConnection("shop", { name: "key", value: "value" });
  bridge.create("orders");
  bridge.createRule("orders", "all", settings);
  const { arn } = connect();
  const send = (connectionArn: string) =>
    bridge.createDestination("shop", connectionArn, { method: "POST", endpoint: "https://x/", perSecond: 1 });
  send(arn);
  const refusals: [work: () => unknown, code: string, message: RegExp][] = [
    [() => bridge.create("orders"), "ResourceAlreadyExistsException", /Event bus orders already exists/],
    [() => bridge.create("a bus"), "ValidationException", /'a bus' at 'name' failed/],
    [
      () => bridge.createRule("orders", "all", settings),
      "ResourceAlreadyExistsException",
      /Rule all already exists on/,
    ],
    [() => bridge.createRule("other", "all", settings), "ResourceNotFoundException", /Event bus other does not exist/],
    [
      () => bridge.createRule("orders", "each", { ...settings, schedule }),
      "ValidationException",
      /only on the default/,
    ],
    [() => bridge.createRule("orders", "many", { ...settings, targets }), "LimitExceededException", /5 targets/],
    [connect, "ResourceAlreadyExistsException", /Connection shop already exists/],
    [() => send(arn), "ResourceAlreadyExistsException", /api-destination shop already exists/],
    [() => send("arn:other"), "ResourceNotFoundException", /Connection arn:other does not exist/],
    [() => bridge.delete("default"), "ValidationException", /Cannot delete event bus default/],
  ];
  for (const [work, code, message] of refusals)
    expect(work).toThrow(expect.objectContaining({ code, message: expect.stringMatching(message) }));
  bridge.delete("none");
  bridge.delete(bridge.existingBus("orders").arn);
  expect(bridge.list().map(({ name }) => name)).toEqual(["default"]);
});

const destination = { ConnectionArn: "arn", HttpMethod: "POST", InvocationEndpoint: "https://example.com/" };
const mapping = { EventSourceArn: "arn:aws:sqs:us-east-1:123456789012:q", FunctionName: "f" };

it.each<[what: string, type: string, properties: TemplateMap, path: string, message: RegExp]>([
  [
    "an endpoint outside of the account",
    "AWS::Events::ApiDestination",
    destination,
    "InvocationEndpoint",
    /FunctionUrl/,
  ],
  [
    "a rate below one a second",
    "AWS::Events::ApiDestination",
    { ...destination, InvocationEndpoint: { "Fn::GetAtt": ["Url", "FunctionUrl"] }, InvocationRateLimitPerSecond: 0 },
    "InvocationRateLimitPerSecond",
    /between 1 and 300/,
  ],
  [
    "a cron expression",
    "AWS::Events::Rule",
    { ScheduleExpression: "cron(0 12 * * ? *)" },
    "ScheduleExpression",
    /rate\(1 minute\).*does not model cron/,
  ],
  [
    "an operator of a pattern",
    "AWS::Events::Rule",
    { EventPattern: { detail: { id: [{ numeric: [">", 0] }] } } },
    "EventPattern.detail.id.0",
    /does not model numeric/,
  ],
  [
    "a pattern that is no object of lists",
    "AWS::Events::Rule",
    { EventPattern: { source: "shop" } },
    "EventPattern.source",
    /must be an object of fields/,
  ],
  [
    "a pattern whose text is no JSON",
    "AWS::Events::Rule",
    { EventPattern: "source: shop" },
    "EventPattern",
    /must be a JSON object/,
  ],
  [
    "a choice of several patterns",
    "AWS::Events::Rule",
    { EventPattern: { $or: [{ source: ["shop"] }] } },
    "EventPattern.$or",
    /is not modelled/,
  ],
  [
    "an empty matcher",
    "AWS::Events::Rule",
    { EventPattern: { source: [{}] } },
    "EventPattern.source.0",
    /does not model an empty object/,
  ],
  [
    "a connection by OAuth",
    "AWS::Events::Connection",
    {
      AuthorizationType: "OAUTH_CLIENT_CREDENTIALS",
      AuthParameters: { ApiKeyAuthParameters: { ApiKeyName: "a", ApiKeyValue: "b" } },
    },
    "AuthorizationType",
    /must be API_KEY/,
  ],
  [
    "a filter of a mapping, with what comes near",
    "AWS::Lambda::EventSourceMapping",
    { ...mapping, FilterCriteria: { Filters: [{ Pattern: "{}" }] } },
    "FilterCriteria",
    /nearest that is modelled is a rule of EventBridge/,
  ],
])("refuses %s by its name", (_what, type, properties, path, message) => {
  expect(resourceTypes.get(type)!.check(properties)).toEqual([
    expect.objectContaining({
      path: path.split(".").map((key) => (key === "0" ? 0 : key)),
      message: expect.stringMatching(message),
    }),
  ]);
});
