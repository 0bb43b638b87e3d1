/** EventBridge over its wire, JSON 1.1, as the SDK's client speaks it, and what templates of it are refused. */
import {
  DescribeConnectionCommand,
  DescribeRuleCommand,
  EventBridgeClient,
  ListApiDestinationsCommand,
  ListConnectionsCommand,
  ListEventBusesCommand,
  ListRuleNamesByTargetCommand,
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
