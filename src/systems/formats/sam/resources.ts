/** The kinds of resource that SAM has of its own. */
import { expandEvents } from "./events.ts";
import type { Expansion, SamResource } from "./expansion.ts";
import { expandFunction } from "./functions.ts";

/** Kinds that no event passes: their properties stay as they are. */
const renamed: Readonly<Record<string, string>> = {
  Api: "AWS::ApiGateway::RestApi",
  CapacityProvider: "AWS::Lambda::CapacityProvider",
  GraphQLApi: "AWS::AppSync::GraphQLApi",
  HttpApi: "AWS::ApiGatewayV2::Api",
  LayerVersion: "AWS::Lambda::LayerVersion",
  SimpleTable: "AWS::DynamoDB::Table",
  WebSocketApi: "AWS::ApiGatewayV2::Api",
};

/** https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/sam-specification-resources-and-properties.html */
export function expandResource(resource: SamResource, kind: string, expansion: Expansion): void {
  const { logicalId, properties, place } = resource;
  const type = renamed[kind];
  if (kind === "Function") expandFunction(resource, expansion);
  else if (kind === "StateMachine") {
    expandStateMachine(resource, expansion);
  } else if (kind === "Connector") {
    // Permissions alone.
    expansion.remove(logicalId);
  } else if (kind === "Application") {
    expansion.replace(resource, "AWS::CloudFormation::Stack", properties);
    const message = `${logicalId} is an application of its own, whose functions and queues are in another template; give that one for them`;
    expansion.unread.push({ place, path: null, message });
  } else if (type !== undefined) {
    expansion.replace(resource, type, properties);
  } else {
    const known = ["Application", "Connector", "Function", "StateMachine", ...Object.keys(renamed)].sort();
    const list = new Intl.ListFormat("en-GB", { type: "disjunction" }).format(known);
    expansion.refuse(resource, `${logicalId} is an AWS::Serverless::${kind}, which SAM does not know; it has ${list}`);
  }
}

/** https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/sam-resource-statemachine.html */
function expandStateMachine(resource: SamResource, expansion: Expansion): void {
  const { logicalId, properties, condition } = resource;
  const name = properties.get("AutoPublishAlias");
  const alias = `${logicalId}Alias${name?.text ?? ""}`;
  const own = ["Events", "AutoPublishAlias", "UseAliasAsEventTarget"];
  expansion.replace(resource, "AWS::StepFunctions::StateMachine", properties.without(...own));
  if (name) expansion.make(alias, "AWS::StepFunctions::StateMachineAlias", name.place, { Name: name }, condition);
  const isAlias = name !== undefined && properties.get("UseAliasAsEventTarget")?.isTrue;
  const reference = { Ref: isAlias ? alias : logicalId };
  expandEvents(resource, { kind: "state machine", condition, name: reference, arn: reference }, expansion);
}
