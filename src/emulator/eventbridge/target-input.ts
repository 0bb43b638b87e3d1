/** The payload that a target gets: the event, or what its Input, InputPath or InputTransformer makes of it. */
import { jsonIn } from "../api/json.ts";
import { mapOf, object, refined, required, text, type ValueOf } from "../template/properties.ts";
import type { BusEvent } from "./event.ts";

/** `$`, `$.detail`, `$.detail.order.id`, `$.resources[0]` */
const pathPattern = /^\$(\.[\w-]+|\[\d+\])*$/;

const jsonPath = refined(text, (path) =>
  pathPattern.test(path)
    ? null
    : `must be a path such as $.detail.id for the local target, which does not model ${path}`,
);

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-properties-events-rule-target.html */
export const inputProperties = {
  Input: text,
  InputPath: jsonPath,
  InputTransformer: object({ InputPathsMap: mapOf(jsonPath), InputTemplate: required(text) }),
};

export type TargetInput = { [Name in keyof typeof inputProperties]?: ValueOf<(typeof inputProperties)[Name]> };

export interface RuleNames {
  name: string;
  arn: string;
}

/**
 * The payload as data; `undefined`: it is no JSON, so that nothing can be delivered.
 * https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-transform-target-input.html
 */
export function payloadFor(event: BusEvent, { Input, InputPath, InputTransformer }: TargetInput, rule: RuleNames) {
  if (Input !== undefined) return jsonIn(Input);
  if (InputPath !== undefined) return valueAt(event, InputPath);
  if (InputTransformer === undefined) return event;
  const paths = InputTransformer.InputPathsMap ?? {};
  const variables: Record<string, unknown> = {
    ...Object.fromEntries(Object.entries(paths).map(([name, path]) => [name, valueAt(event, path)])),
    "aws.events.rule-arn": rule.arn,
    "aws.events.rule-name": rule.name,
    "aws.events.event": event,
    "aws.events.event.json": JSON.stringify(event),
    "aws.events.event.ingestion-time": event.time,
  };
  return jsonIn(filled(InputTransformer.InputTemplate, variables));
}

/** A variable inside of quotation marks is text, one outside of them a value. One that has no value leaves nothing. */
function filled(template: string, variables: Readonly<Record<string, unknown>>): string {
  let isQuoted = false;
  return template.replace(/\\.|"|<([\w.-]+)>/g, (piece, name: string | undefined) => {
    if (piece === '"') isQuoted = !isQuoted;
    if (name === undefined || !Object.hasOwn(variables, name)) return piece;
    const value = variables[name];
    if (value === undefined) return "";
    if (!isQuoted) return JSON.stringify(value);
    return typeof value === "string" ? value : JSON.stringify(value).replaceAll('"', '\\"');
  });
}

function valueAt(event: unknown, path: string): unknown {
  const steps = path.match(/[\w-]+/g) ?? [];
  return steps.reduce<unknown>((value, step) => (value as Record<string, unknown> | undefined | null)?.[step], event);
}
