/** Events that a rule of EventBridge or a schedule sends, to a function or a state machine. */
import type { Event } from "./event.ts";
import type { Expansion, Invoked } from "./expansion.ts";
import { arnOf, type Parts } from "./written.ts";

export const ruleTypes = ["Schedule", "CloudWatchEvent", "EventBridgeRule"];

/** https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_Target.html */
const longestTargetId = 64;

/** https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/sam-property-function-eventbridgerule.html */
export function expandRule(event: Event, invoked: Invoked, expansion: Expansion): void {
  const { type, logicalId, properties, place } = event;
  const isSchedule = type === "Schedule";
  if (isSchedule) event.require("Schedule", expansion);
  const target: { [key: string]: Parts } = {
    Arn: invoked.arn,
    Id: properties.get("Target", "Id") ?? targetId(logicalId, invoked.kind),
    RoleArn: invoked.kind === "function" ? undefined : roleArn(event),
    Input: properties.get("Input"),
    InputPath: properties.get("InputPath"),
    DeadLetterConfig: deadLetters(event, invoked, expansion),
    RetryPolicy: properties.get("RetryPolicy"),
    InputTransformer: properties.get("InputTransformer"),
  };
  const { condition } = invoked;
  const rule = isSchedule
    ? { ScheduleExpression: properties.get("Schedule"), Name: properties.get("Name") }
    : {
        EventBusName: properties.get("EventBusName"),
        EventPattern: properties.get("Pattern"),
        Name: properties.get("RuleName"),
      };
  const description = isSchedule ? properties.get("Description") : undefined;
  expansion.make(
    logicalId,
    "AWS::Events::Rule",
    place,
    { ...rule, Description: description, State: state(event, expansion), Targets: [target] },
    condition,
  );
}

/** https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/sam-property-function-schedulev2.html */
export function expandSchedule(event: Event, invoked: Invoked, expansion: Expansion): void {
  const { logicalId, properties, place } = event;
  event.require("ScheduleExpression", expansion);
  const own = ["Input", "RoleArn", "RetryPolicy", "DeadLetterConfig", "PermissionsBoundary", "OmitName", "Name"];
  const flexible = properties.get("FlexibleTimeWindow") ?? { Mode: "OFF" };
  expansion.make(
    logicalId,
    "AWS::Scheduler::Schedule",
    place,
    {
      ...Object.fromEntries(properties.without(...own).entries),
      Name: properties.get("OmitName")?.isTrue ? undefined : (properties.get("Name") ?? logicalId),
      FlexibleTimeWindow: flexible,
      Target: {
        Arn: invoked.arn,
        RoleArn: roleArn(event),
        Input: properties.get("Input"),
        DeadLetterConfig: deadLetters(event, invoked, expansion),
        RetryPolicy: properties.get("RetryPolicy"),
      },
    },
    invoked.condition,
  );
}

/** SAM makes a role where none is given. */
function roleArn({ logicalId, properties }: Event): Parts {
  return properties.get("RoleArn") ?? arnOf(`${logicalId}Role`);
}

function targetId(logicalId: string, kind: Invoked["kind"]): string {
  const suffix = kind === "function" ? "LambdaTarget" : "StepFunctionsTarget";
  return `${logicalId.slice(0, longestTargetId - suffix.length)}${suffix}`;
}

function state({ name, properties }: Event, expansion: Expansion): Parts {
  const enabled = properties.get("Enabled");
  const given = properties.get("State");
  if (enabled === undefined) return given;
  if (given !== undefined) expansion.refuse(enabled, `the event ${name} has State and Enabled; keep one of them`);
  return enabled.text === undefined ? undefined : enabled.isTrue ? "ENABLED" : "DISABLED";
}

/** SAM makes the queue itself where only a Type is given. */
function deadLetters({ name, logicalId, properties }: Event, { condition }: Invoked, expansion: Expansion): Parts {
  const given = properties.get("DeadLetterConfig");
  // A function whose value is not known stands for all of it.
  if (given === undefined || !given.isMap) return given;
  const arn = given.get("Arn");
  const type = given.get("Type");
  if ((arn === undefined) === (type === undefined)) {
    expansion.refuse(given, `DeadLetterConfig of the event ${name} takes either Arn or Type; give one of them`);
  } else if (type !== undefined && type.text !== "SQS") {
    expansion.refuse(type, `DeadLetterConfig of the event ${name} takes the Type SQS alone`);
  }
  if (arn !== undefined) return { Arn: arn };
  const queue = given.get("QueueLogicalId")?.text ?? `${logicalId}Queue`;
  expansion.make(queue, "AWS::SQS::Queue", given.place, {}, condition);
  return { Arn: arnOf(queue) };
}
