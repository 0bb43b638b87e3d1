/** A parameter of a template, and the values that it takes. */

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/parameters-section-structure.html */
export interface Parameter {
  name: string;
  type: "Number" | "String" | "CommaDelimitedList";
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

/** A sentence that says why a parameter cannot have the value, in CloudFormation's words; null when it can. */
export function checkParameter(parameter: Parameter, value: string): string | null {
  const { name, type, minValue, maxValue, minLength, maxLength, allowedValues, allowedPattern } = parameter;
  if (type === "Number" && !/^[-+]?(\d+\.?\d*|\.\d+)(e[-+]?\d+)?$/i.test(value)) {
    return `Parameter '${name}' must be a number`;
  }
  const number = type === "Number" ? Number(value) : Number.NaN;
  const items = type === "CommaDelimitedList" ? listIn(value) : [value];
  const pattern = allowedPattern === undefined ? null : wholePattern(allowedPattern);
  const broken = [
    allowedValues &&
      !items.every((item) => allowedValues.includes(item)) &&
      `must be one of AllowedValues: ${allowedValues.join(", ")}`,
    minValue !== undefined && number < minValue && `must be a number not less than ${minValue}`,
    maxValue !== undefined && number > maxValue && `must be a number not greater than ${maxValue}`,
    minLength !== undefined && value.length < minLength && `must contain at least ${minLength} characters`,
    maxLength !== undefined && value.length > maxLength && `must contain at most ${maxLength} characters`,
    pattern && !items.every((item) => pattern.test(item)) && `must match pattern ${allowedPattern}`,
  ].find((each) => typeof each === "string");
  if (broken === undefined) return null;
  return parameter.constraintDescription
    ? `Parameter ${name} failed to satisfy constraint: ${parameter.constraintDescription}`
    : `Parameter '${name}' ${broken}`;
}

/** The members of a CommaDelimitedList's value; an empty value has one, which is empty. */
export function listIn(value: string): string[] {
  return value.split(",").map((item) => item.trim());
}

/** The value that a Ref to a parameter gives; undefined: no parameter has the name, or its value is not known. */
export function referencedParameter(
  parameters: readonly Parameter[],
  values: ReadonlyMap<string, string>,
  name: string,
): string | string[] | undefined {
  const value = values.get(name);
  const isList = parameters.some((each) => each.name === name && each.type === "CommaDelimitedList");
  return value !== undefined && isList ? listIn(value) : value;
}

/** An AllowedPattern has to match the whole value. Throws SyntaxError. */
export function wholePattern(pattern: string): RegExp {
  return new RegExp(`^(?:${pattern})$`);
}
