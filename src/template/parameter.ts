/** A parameter of a template, and the values that it takes. */
import { nearest } from "./nearest.ts";
import { wholePattern } from "./pattern.ts";

/**
 * Such as `Number`, `List<AWS::EC2::Subnet::Id>` or `AWS::SSM::Parameter::Value<String>`; `typeFault` tells whether CloudFormation has it.
 */
export type ParameterType = string;

/** Stands for the value of a NoEcho parameter, as at AWS. https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/parameters-section-structure.html */
export const mask = "****";

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/parameters-section-structure.html */
export interface Parameter {
  name: string;
  type: ParameterType;
  default?: string;
  description?: string;
  minValue?: number;
  maxValue?: number;
  /** characters */
  minLength?: number;
  /** characters */
  maxLength?: number;
  allowedValues?: string[];
  allowedPattern?: string;
  constraintDescription?: string;
  /** A secret: its value is shown nowhere. */
  noEcho?: boolean;
}

/** The types whose values name something of the account. https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cloudformation-supplied-parameter-types.html */
const suppliedTypes = [
  "AWS::EC2::AvailabilityZone::Name",
  "AWS::EC2::Image::Id",
  "AWS::EC2::Instance::Id",
  "AWS::EC2::KeyPair::KeyName",
  "AWS::EC2::SecurityGroup::GroupName",
  "AWS::EC2::SecurityGroup::Id",
  "AWS::EC2::Subnet::Id",
  "AWS::EC2::Volume::Id",
  "AWS::EC2::VPC::Id",
  "AWS::Route53::HostedZone::Id",
];

const listable = (type: string) => type !== "AWS::EC2::KeyPair::KeyName";

const valueTypes = [
  "String",
  "List<String>",
  "CommaDelimitedList",
  ...suppliedTypes,
  ...suppliedTypes.filter(listable).map((type) => `List<${type}>`),
];

const parameterTypes = new Set([
  "Number",
  "List<Number>",
  ...valueTypes,
  "AWS::SSM::Parameter::Name",
  ...valueTypes.map((type) => `AWS::SSM::Parameter::Value<${type}>`),
]);

const storedType = /^AWS::SSM::Parameter::Value<(.*)>$/;

/** Says what is wrong with a parameter's type, and the type that may be meant; null: CloudFormation has it. */
export function typeFault(type: string): string | null {
  if (parameterTypes.has(type)) return null;
  const meant = nearest(type, [...parameterTypes]);
  return meant === null
    ? "write String, Number, CommaDelimitedList, List<Number>, or a type that AWS supplies"
    : `did you mean ${meant}?`;
}

/** True when the parameter's value is the name of a parameter in the Parameter Store, and a Ref gives what is stored there. */
export function isStored({ type }: Pick<Parameter, "type">): boolean {
  return storedType.test(type);
}

/** True when a Ref gives a list. */
function isList({ type }: Pick<Parameter, "type">): boolean {
  const own = storedType.exec(type)?.[1] ?? type;
  return own === "CommaDelimitedList" || own.startsWith("List<");
}

/** True when a value is one number. */
export function isNumeric({ type }: Pick<Parameter, "type">): boolean {
  return type === "Number";
}

/** True when a value is several, with commas between them. */
function takesList(parameter: Pick<Parameter, "type">): boolean {
  return isList(parameter) && !isStored(parameter);
}

/** A sentence that says why a parameter cannot have the value, in CloudFormation's words; null when it can. */
export function checkParameter(parameter: Parameter, value: string): string | null {
  const { name, noEcho, type, minValue, maxValue, minLength, maxLength, allowedValues, allowedPattern } = parameter;
  const items = takesList(parameter) ? listIn(value) : [value];
  const isOfNumbers = type === "Number" || type === "List<Number>";
  if (isOfNumbers && !items.every((item) => /^[-+]?(\d+\.?\d*|\.\d+)(e[-+]?\d+)?$/i.test(item))) {
    return `Parameter '${name}' must be a ${type === "Number" ? "number" : "list of numbers"}`;
  }
  const numbers = isOfNumbers ? items.map(Number) : [];
  const pattern = allowedPattern === undefined ? null : wholePattern(allowedPattern);
  const broken = [
    allowedValues &&
      !items.every((item) => allowedValues.includes(item)) &&
      `must be one of AllowedValues: ${noEcho ? mask : allowedValues.join(", ")}`,
    minValue !== undefined &&
      numbers.some((number) => number < minValue) &&
      `must be a number not less than ${minValue}`,
    maxValue !== undefined &&
      numbers.some((number) => number > maxValue) &&
      `must be a number not greater than ${maxValue}`,
    minLength !== undefined && value.length < minLength && `must contain at least ${minLength} characters`,
    maxLength !== undefined && value.length > maxLength && `must contain at most ${maxLength} characters`,
    pattern && !items.every((item) => pattern.matches(item)) && `must match pattern ${allowedPattern}`,
  ].find((each) => typeof each === "string");
  if (broken === undefined) return null;
  return parameter.constraintDescription
    ? `Parameter ${name} failed to satisfy constraint: ${parameter.constraintDescription}`
    : `Parameter '${name}' ${broken}`;
}

/** The members of a list's value; an empty value has one, which is empty. */
export function listIn(value: string): string[] {
  return value.split(",").map((item) => item.trim());
}

/**
 * The value that a Ref to a parameter gives; undefined: no parameter has the name, or its value is not known, as the one that is kept in
 * the Parameter Store never is.
 */
export function referencedParameter(
  parameters: readonly Parameter[],
  values: ReadonlyMap<string, string>,
  name: string,
): string | string[] | undefined {
  const value = values.get(name);
  const parameter = parameters.find((each) => each.name === name);
  if (value === undefined || parameter === undefined) return value;
  if (isStored(parameter)) return undefined;
  return takesList(parameter) ? listIn(value) : value;
}
