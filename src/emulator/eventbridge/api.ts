/** EventBridge's API: events, and what there is of buses, rules and destinations. https://docs.aws.amazon.com/eventbridge/latest/APIReference/ */
import * as z from "zod";
import { list, timestamp } from "../api/input.ts";
import { type Api, operation } from "../api/operation.ts";
import { ServiceError } from "../service-error.ts";
import type { ApiDestination, Connection } from "./api-destination.ts";
import { EventBridge } from "./buses.ts";
import { asWritten } from "./pattern.ts";
import type { Rule } from "./rule.ts";

const onBus = { EventBusName: z.string().optional() };

const operations: Api["operations"] = {
  PutEvents: operation(
    z.strictObject({
      Entries: list(
        z.strictObject({
          Source: z.string().optional(),
          DetailType: z.string().optional(),
          Detail: z.string().optional(),
          Resources: list(z.string()).optional(),
          EventBusName: z.string().optional(),
          Time: timestamp.optional(),
        }),
      ),
    }),
    (account, { Entries }) => ({ ...account.eventBuses.putEvents(Entries) }),
  ),

  ListEventBuses: operation(z.strictObject({ NamePrefix: z.string().optional() }), (account, { NamePrefix = "" }) => ({
    EventBuses: account.eventBuses
      .list()
      .filter(({ name }) => name.startsWith(NamePrefix))
      .map(({ name, arn }) => ({ Name: name, Arn: arn })),
  })),

  DescribeEventBus: operation(z.strictObject({ Name: z.string().optional() }), (account, { Name }) => {
    const { name, arn, createdAt } = account.service(EventBridge).existingBus(Name);
    return { Name: name, Arn: arn, CreationTime: new Date(createdAt) };
  }),

  ListRules: operation(z.strictObject({ NamePrefix: z.string().optional(), ...onBus }), (account, input) => ({
    Rules: [...account.service(EventBridge).existingBus(input.EventBusName).rules.values()]
      .filter(({ name }) => name.startsWith(input.NamePrefix ?? ""))
      .map(describeRule),
  })),

  DescribeRule: operation(z.strictObject({ Name: z.string(), ...onBus }), (account, { Name, EventBusName }) =>
    describeRule(ruleNamed(account.service(EventBridge), Name, EventBusName)),
  ),

  ListTargetsByRule: operation(z.strictObject({ Rule: z.string(), ...onBus }), (account, { Rule, EventBusName }) => ({
    Targets: ruleNamed(account.service(EventBridge), Rule, EventBusName).targets.map(({ settings }) => ({
      Id: settings.id,
      Arn: settings.arn,
      RoleArn: settings.roleArn,
      DeadLetterConfig: settings.deadLetterArn === null ? null : { Arn: settings.deadLetterArn },
      RetryPolicy: {
        MaximumRetryAttempts: settings.maximumRetries,
        MaximumEventAgeInSeconds: settings.maximumEventAgeMs / 1_000,
      },
      ...settings.input,
    })),
  })),

  ListRuleNamesByTarget: operation(z.strictObject({ TargetArn: z.string(), ...onBus }), (account, input) => ({
    RuleNames: [...account.service(EventBridge).existingBus(input.EventBusName).rules.values()]
      .filter(({ targets }) => targets.some(({ settings }) => settings.arn === input.TargetArn))
      .map(({ name }) => name),
  })),

  ListConnections: operation(z.strictObject({}), (account) => ({
    Connections: account.service(EventBridge).connections().map(describeConnection),
  })),

  DescribeConnection: operation(z.strictObject({ Name: z.string() }), (account, { Name }) => {
    const connection = account
      .service(EventBridge)
      .connections()
      .find(({ name }) => name === Name);
    if (connection === undefined) throw missing("Connection", Name);
    return {
      ...describeConnection(connection),
      SecretArn: connection.secretArn,
      AuthParameters: { ApiKeyAuthParameters: { ApiKeyName: connection.keyName } },
    };
  }),

  ListApiDestinations: operation(z.strictObject({}), (account) => ({
    ApiDestinations: account.service(EventBridge).destinations().map(describeDestination),
  })),

  DescribeApiDestination: operation(z.strictObject({ Name: z.string() }), (account, { Name }) => {
    const destination = account
      .service(EventBridge)
      .destinations()
      .find(({ name }) => name === Name);
    if (destination === undefined) throw missing("ApiDestination", Name);
    return describeDestination(destination);
  }),
};

function ruleNamed(buses: EventBridge, name: string, busName: string | undefined): Rule {
  const bus = buses.existingBus(busName);
  const rule = bus.rules.get(name);
  if (rule === undefined) throw missing("Rule", `${name} on EventBus ${bus.name}`);
  return rule;
}

function describeRule({ name, arn, bus, settings }: Rule) {
  return {
    Name: name,
    Arn: arn,
    EventBusName: bus.name,
    State: settings.isEnabled ? "ENABLED" : "DISABLED",
    EventPattern: settings.pattern === null ? null : JSON.stringify(asWritten(settings.pattern)),
    ScheduleExpression: settings.schedule?.expression,
  };
}

/** Nothing tells the key. */
function describeConnection({ name, arn, createdAt }: Connection) {
  return {
    Name: name,
    ConnectionArn: arn,
    ConnectionState: "AUTHORIZED",
    AuthorizationType: "API_KEY",
    CreationTime: new Date(createdAt),
  };
}

function describeDestination({ name, arn, connection, settings, createdAt }: ApiDestination) {
  return {
    Name: name,
    ApiDestinationArn: arn,
    ApiDestinationState: "ACTIVE",
    ConnectionArn: connection.arn,
    InvocationEndpoint: settings.endpoint,
    HttpMethod: settings.method,
    InvocationRateLimitPerSecond: settings.perSecond,
    CreationTime: new Date(createdAt),
  };
}

function missing(kind: string, name: string): ServiceError {
  return new ServiceError("ResourceNotFoundException", `${kind} ${name} does not exist.`);
}

export const eventBridgeApi: Api = {
  name: "EventBridge",
  signingName: "events",
  version: "2015-10-07",
  targetPrefix: "AWSEvents",
  inputErrors: { missing: "ValidationException", invalid: "ValidationException" },
  operations,
};
