/** Event buses, rules, connections and API destinations, as templates declare them. */
import type { Account } from "../account.ts";
import { integerBetween } from "../template/bounds.ts";
import { list, object, only, refined, required, text, type ValueOf } from "../template/properties.ts";
import { resourceType, takes } from "../template/resource-type.ts";
import { EventBridge } from "./buses.ts";
import { eventPattern } from "./pattern.ts";
import { periodMs, scheduleExpression } from "./schedule.ts";
import type { TargetSettings } from "./target.ts";
import { inputProperties } from "./target-input.ts";

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-events-eventbus.html */
const eventBus = resourceType(
  "AWS::Events::EventBus",
  { Name: required(text) },
  {
    inert: ["Description", "Tags"],
    attributes: ["Arn", "Name"],
    creationMs: takes(3, [1, 10], "one call that takes effect at once"),
    deletionMs: takes(2, [0.5, 10], "one call that takes effect at once"),
    create({ account, properties: { Name } }) {
      const { arn, name } = account.eventBuses.create(Name);
      return {
        physicalId: name,
        attributes: { Arn: arn, Name: name },
        delete: () => account.eventBuses.delete(name),
      };
    },
  },
);

const target = object({
  Id: required(text),
  Arn: required(text),
  RoleArn: text,
  DeadLetterConfig: object({ Arn: required(text) }),
  RetryPolicy: object({
    MaximumRetryAttempts: integerBetween(0, "eventbridge.maximumRetries"),
    MaximumEventAgeInSeconds: integerBetween("eventbridge.minimumEventAgeMs", "eventbridge.maximumEventAgeMs"),
  }),
  ...inputProperties,
});

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-events-rule.html */
const rule = resourceType(
  "AWS::Events::Rule",
  {
    Name: text,
    EventBusName: text,
    EventPattern: eventPattern,
    ScheduleExpression: scheduleExpression,
    State: only("ENABLED", "DISABLED"),
    Targets: list(target),
  },
  {
    inert: ["Description", "Tags"],
    attributes: ["Arn"],
    creationMs: takes(60, [30, 90], "CloudFormation is known to wait about a minute for a rule to be in effect"),
    deletionMs: takes(5, [1, 60], "its targets are removed first"),
    create({ account, properties, generatedName }) {
      const { EventPattern, ScheduleExpression, State = "ENABLED", Targets = [], EventBusName } = properties;
      const buses = account.service(EventBridge);
      const name = properties.Name ?? generatedName(account.constants["eventbridge.maximumNameCharacters"]);
      const created = buses.createRule(EventBusName, name, {
        pattern: EventPattern ?? null,
        schedule:
          ScheduleExpression === undefined
            ? null
            : { expression: ScheduleExpression, periodMs: periodMs(ScheduleExpression)! },
        isEnabled: State === "ENABLED",
        targets: Targets.map((each) => targetSettings(each, account)),
      });
      return {
        physicalId: created.bus.isDefault ? name : `${created.bus.name}|${name}`,
        attributes: { Arn: created.arn },
        delete: () => buses.deleteRule(created),
      };
    },
  },
);

function targetSettings(
  { Id, Arn, RoleArn, DeadLetterConfig, RetryPolicy, ...input }: ValueOf<typeof target>,
  { constants }: Account,
): TargetSettings {
  const { MaximumRetryAttempts, MaximumEventAgeInSeconds } = RetryPolicy ?? {};
  return {
    id: Id,
    arn: Arn,
    roleArn: RoleArn ?? null,
    deadLetterArn: DeadLetterConfig?.Arn ?? null,
    maximumRetries: MaximumRetryAttempts ?? constants["eventbridge.maximumRetries"],
    maximumEventAgeMs:
      MaximumEventAgeInSeconds === undefined
        ? constants["eventbridge.maximumEventAgeMs"]
        : MaximumEventAgeInSeconds * 1_000,
    input,
  };
}

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-events-connection.html */
const connection = resourceType(
  "AWS::Events::Connection",
  {
    Name: text,
    AuthorizationType: required(only("API_KEY")),
    AuthParameters: required(
      object({ ApiKeyAuthParameters: required(object({ ApiKeyName: required(text), ApiKeyValue: required(text) })) }),
    ),
  },
  {
    inert: ["Description"],
    attributes: ["Arn", "SecretArn"],
    creationMs: takes(10, [5, 60], "EventBridge makes a secret, and the connection has to become authorized"),
    deletionMs: takes(5, [1, 60], "its secret is deleted, too"),
    create({ account, properties, generatedName }) {
      const { ApiKeyName, ApiKeyValue } = properties.AuthParameters.ApiKeyAuthParameters;
      const buses = account.service(EventBridge);
      const name = properties.Name ?? generatedName(account.constants["eventbridge.maximumNameCharacters"]);
      const { arn, secretArn } = buses.createConnection(name, { name: ApiKeyName, value: ApiKeyValue });
      return {
        physicalId: name,
        attributes: { Arn: arn, SecretArn: secretArn },
        delete: () => buses.deleteConnection(name),
      };
    },
  },
);

const endpoint = refined(text, (url) =>
  URL.canParse(url) && new URL(url).hostname.includes(".lambda-url.")
    ? null
    : "must be the URL of a function of the template for the local target, as !GetAtt Url.FunctionUrl gives it: nothing outside of the account is called",
);

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-events-apidestination.html */
const apiDestination = resourceType(
  "AWS::Events::ApiDestination",
  {
    Name: text,
    ConnectionArn: required(text),
    HttpMethod: required(only("POST", "PUT", "PATCH")),
    InvocationEndpoint: required(endpoint),
    InvocationRateLimitPerSecond: integerBetween(1, "eventbridge.defaultInvocationsPerSecond"),
  },
  {
    inert: ["Description"],
    attributes: ["Arn"],
    creationMs: takes(3, [1, 10], "one call that takes effect at once"),
    deletionMs: takes(2, [0.5, 10], "one call that takes effect at once"),
    create({ account, properties, generatedName }) {
      const { constants } = account;
      const buses = account.service(EventBridge);
      const name = properties.Name ?? generatedName(constants["eventbridge.maximumNameCharacters"]);
      const { arn } = buses.createDestination(name, properties.ConnectionArn, {
        method: properties.HttpMethod,
        endpoint: properties.InvocationEndpoint,
        perSecond: properties.InvocationRateLimitPerSecond ?? constants["eventbridge.defaultInvocationsPerSecond"],
      });
      return { physicalId: name, attributes: { Arn: arn }, delete: () => buses.deleteDestination(name) };
    },
  },
);

export const eventBridgeTypes = [eventBus, rule, connection, apiDestination];
