/** The arguments that each intrinsic function takes, so that another one is a sentence and not a failure. */
import { type Call, callOf } from "./calls.ts";
import type { TemplateMap, TemplateValue } from "./template.ts";

const isScalar = (value: TemplateValue | undefined) => value !== undefined && typeof value !== "object";
/** A function may give any scalar or list, which is known when it has been applied. */
const isText = (value: TemplateValue | undefined) => value !== undefined && (isScalar(value) || isCall(value));
const isCall = (value: TemplateValue | undefined) => value !== undefined && callOf(value) !== undefined;
const isList = (value: TemplateValue | undefined): value is TemplateValue[] => Array.isArray(value);
const isMap = (value: TemplateValue | undefined): value is TemplateMap =>
  typeof value === "object" && !Array.isArray(value) && !isCall(value);
const isListOrCall = (value: TemplateValue | undefined) => isList(value) || isCall(value);
const isCondition = (value: TemplateValue) =>
  typeof value === "object" && !Array.isArray(value) && Object.keys(value).length === 1;

interface Rule {
  takes(argument: TemplateValue): boolean;
  /** CloudFormation's words where they are known */
  else: string;
}

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/intrinsic-function-reference.html, a page for each. */
const rules: ReadonlyMap<string, Rule> = new Map(
  Object.entries<Rule>({
    Ref: {
      takes: (argument) => typeof argument === "string",
      else: "every Ref object must have a single String value",
    },
    Condition: {
      takes: (argument) => typeof argument === "string",
      else: "every Condition object must have a single String value",
    },
    "Fn::GetAtt": {
      takes: (argument) => isList(argument) && argument.length === 2 && isScalar(argument[0]) && isText(argument[1]),
      else: "every Fn::GetAtt object requires two non-empty parameters, the resource name and the resource attribute",
    },
    "Fn::Sub": {
      takes: (argument) =>
        typeof argument === "string" ||
        (isList(argument) && argument.length === 2 && typeof argument[0] === "string" && isMap(argument[1])),
      else: "One or more Fn::Sub intrinsic functions don't specify expected arguments. Specify a string as first argument, and an optional second argument to specify a mapping of values to replace in the string",
    },
    "Fn::Join": {
      takes: (argument) =>
        isList(argument) && argument.length === 2 && isScalar(argument[0]) && isListOrCall(argument[1]),
      else: "every Fn::Join object requires two parameters, (1) a string delimiter and (2) a list of strings to be joined or a function that returns a list of strings (such as Fn::GetAZs) to be joined",
    },
    "Fn::If": {
      takes: (argument) => isList(argument) && argument.length === 3 && typeof argument[0] === "string",
      else: "every Fn::If object requires three parameters, the condition's name, the value if it is true and the value if it is false",
    },
    "Fn::GetAZs": { takes: isText, else: "every Fn::GetAZs object takes the name of a region, or an empty string" },
    "Fn::Select": {
      takes: (argument) =>
        isList(argument) && argument.length === 2 && isText(argument[0]) && isListOrCall(argument[1]),
      else: "every Fn::Select object requires two parameters, an index and a list of values",
    },
    "Fn::Split": {
      takes: (argument) => isList(argument) && argument.length === 2 && isScalar(argument[0]) && isText(argument[1]),
      else: "every Fn::Split object requires two parameters, (1) a string delimiter and (2) a string to be split or a function that returns a string to be split",
    },
    "Fn::FindInMap": {
      takes: (argument) =>
        isList(argument) &&
        (argument.length === 3 ||
          (argument.length === 4 && isMap(argument[3]) && Object.hasOwn(argument[3], "DefaultValue"))) &&
        argument.slice(0, 3).every(isText),
      else: "every Fn::FindInMap object requires three parameters, the map name, map key and the attribute for return value",
    },
    "Fn::Base64": { takes: isText, else: "every Fn::Base64 object must have a String-typed value" },
    "Fn::Length": { takes: isListOrCall, else: "every Fn::Length object takes a list, or a function that returns one" },
    "Fn::ToJsonString": {
      takes: (argument) => typeof argument === "object",
      else: "every Fn::ToJsonString object takes an object or a list",
    },
    "Fn::Cidr": {
      takes: (argument) => isList(argument) && [2, 3].includes(argument.length) && argument.every(isText),
      else: "every Fn::Cidr object requires an address block, a count and optionally the bits of a subnet",
    },
    "Fn::ImportValue": { takes: isText, else: "every Fn::ImportValue object takes the name of an export" },
    "Fn::Equals": {
      takes: (argument) => isList(argument) && argument.length === 2,
      else: "every Fn::Equals object requires a list of 2 parameters",
    },
    "Fn::And": {
      takes: (argument) =>
        isList(argument) && argument.length >= 2 && argument.length <= 10 && argument.every(isCondition),
      else: "every Fn::And object requires a list of at least 2 and at most 10 boolean parameters",
    },
    "Fn::Or": {
      takes: (argument) =>
        isList(argument) && argument.length >= 2 && argument.length <= 10 && argument.every(isCondition),
      else: "every Fn::Or object requires a list of at least 2 and at most 10 boolean parameters",
    },
    "Fn::Not": {
      takes: (argument) => isList(argument) && argument.length === 1 && argument.every(isCondition),
      else: "every Fn::Not object requires a list of 1 boolean parameter",
    },
  }),
);

/** Says what the function takes instead of this argument; null: it may be right. */
export function argumentFault({ name, argument }: Call): string | null {
  const rule = rules.get(name);
  return rule === undefined || rule.takes(argument) ? null : `Template error: ${rule.else}`;
}
