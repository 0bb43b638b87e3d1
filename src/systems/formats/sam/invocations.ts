/** Events that a service sends to a function by invoking it: files, triggers, log entries, requests. */
import type { Event } from "./event.ts";
import type { Expansion, Invoked, Made } from "./expansion.ts";
import { referred, Written } from "./written.ts";

/** The bucket itself says whom it notifies. */
function expandBucket(event: Event, invoked: Invoked, expansion: Expansion): void {
  const { properties } = event;
  for (const name of ["Bucket", "Events"]) event.require(name, expansion);
  const bucket = inTemplate(event, "Bucket", "an AWS::S3::Bucket", expansion);
  if (bucket === undefined) return;
  const events = properties.get("Events");
  const configurations = bucket.properties.get("NotificationConfiguration") ?? Written.of({}, event.place);
  const present = configurations.get("LambdaConfigurations")?.items ?? [];
  const added = (events?.isList ? events.items : [events]).map((each) => {
    return Written.of({ Function: invoked.arn, Filter: properties.get("Filter"), Event: each }, event.place);
  });
  const others = added.filter(
    (each) => !present.some(({ value }) => JSON.stringify(value) === JSON.stringify(each.value)),
  );
  bucket.properties = bucket.properties.with({
    NotificationConfiguration: configurations.with({ LambdaConfigurations: [...present, ...others] }),
  });
}

function expandUserPool(event: Event, invoked: Invoked, expansion: Expansion): void {
  for (const name of ["UserPool", "Trigger"]) event.require(name, expansion);
  const pool = inTemplate(event, "UserPool", "an AWS::Cognito::UserPool", expansion);
  const trigger = event.properties.get("Trigger");
  if (pool === undefined || trigger === undefined) return;
  const triggers = trigger.isList ? trigger.items : [trigger];
  const added = triggers.map(({ value }) => [String(value), Written.of(invoked.arn ?? "", event.place)]);
  const present = pool.properties.get("LambdaConfig") ?? Written.of({}, event.place);
  pool.properties = pool.properties.with({ LambdaConfig: present.with(Object.fromEntries(added)) });
}

function inTemplate({ type, name, properties }: Event, key: string, what: string, expansion: Expansion) {
  const given = properties.get(key);
  const found: Made | undefined = expansion.resource(referred(given?.value));
  if (given !== undefined && found === undefined) {
    expansion.refuse(given, `the ${type} event ${name} must name ${what} of the same template by !Ref`);
  }
  return found;
}

function expandLogs(event: Event, invoked: Invoked, expansion: Expansion): void {
  for (const name of ["LogGroupName", "FilterPattern"]) event.require(name, expansion);
  const { logicalId, properties, place } = event;
  expansion.make(
    logicalId,
    "AWS::Logs::SubscriptionFilter",
    place,
    { ...Object.fromEntries(properties.entries), DestinationArn: invoked.arn },
    invoked.condition,
  );
}

function expandTopicRule(event: Event, invoked: Invoked, expansion: Expansion): void {
  event.require("Sql", expansion);
  const { logicalId, properties, place } = event;
  const payload = {
    Sql: properties.get("Sql"),
    AwsIotSqlVersion: properties.get("AwsIotSqlVersion"),
    RuleDisabled: false,
    Actions: [{ Lambda: { FunctionArn: invoked.arn } }],
  };
  expansion.make(logicalId, "AWS::IoT::TopicRule", place, { TopicRulePayload: payload }, invoked.condition);
}

/** The API that SAM makes itself where an event names none. */
const implicitApis: Readonly<Record<string, { type: string; property: string; logicalId: string }>> = {
  Api: { type: "AWS::ApiGateway::RestApi", property: "RestApiId", logicalId: "ServerlessRestApi" },
  HttpApi: { type: "AWS::ApiGatewayV2::Api", property: "ApiId", logicalId: "ServerlessHttpApi" },
};

/** A request waits for the function, so that all there is of it here is the permission. */
function expandRequest(event: Event, invoked: Invoked, expansion: Expansion): void {
  const { type, property, logicalId } = implicitApis[event.type]!;
  const isImplicit = event.properties.get(property) === undefined;
  if (isImplicit && expansion.resource(logicalId) === undefined) expansion.make(logicalId, type, event.place, {});
  permit(event.logicalId, "apigateway.amazonaws.com", event, invoked, expansion);
}

function expandSkill(event: Event, invoked: Invoked, expansion: Expansion): void {
  permit(event.logicalId, "alexa-appkit.amazon.com", event, invoked, expansion);
}

function permit(
  logicalId: string,
  principal: string,
  { place }: Event,
  { name, condition }: Invoked,
  expansion: Expansion,
): void {
  expansion.make(
    `${logicalId}Permission`,
    "AWS::Lambda::Permission",
    place,
    { Action: "lambda:InvokeFunction", FunctionName: name, Principal: principal },
    condition,
  );
}

/** https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/sam-property-function-eventsource.html */
export const invocations: ReadonlyMap<string, (event: Event, invoked: Invoked, expansion: Expansion) => void> = new Map(
  [
    ["S3", expandBucket],
    ["Cognito", expandUserPool],
    ["CloudWatchLogs", expandLogs],
    ["IoTRule", expandTopicRule],
    ["AlexaSkill", expandSkill],
    ["Api", expandRequest],
    ["HttpApi", expandRequest],
  ],
);
