/**
 * Dynamic references: values that CloudFormation looks up elsewhere when it creates a resource, so that they stand in no
 * template. https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/dynamic-references-secretsmanager.html
 */
import { isStored, type Parameter } from "../../template/parameter.ts";
import type { TemplateValue } from "../../template/template.ts";
import type { Account } from "../account.ts";
import { ServiceError } from "../service-error.ts";

const reference = /\{\{resolve:([a-z-]+):(.*?)\}\}/g;
/** A secret's name or ARN, then the key in its value. Versions are not modelled. */
const ofSecret = /^(arn:aws:secretsmanager:[^:]*:\d*:secret:[^:]+|[^:]+):SecretString:([^:]+)$/;

/** The first reference that is not modelled, as it stands in the value; undefined: there is none. */
export function unmodelledReference(value: TemplateValue): string | undefined {
  if (typeof value === "object") {
    return Object.values(value)
      .map(unmodelledReference)
      .find((found) => found !== undefined);
  }
  const found = [...String(value).matchAll(reference)].find(([, service]) => service !== "secretsmanager");
  return found?.[0];
}

/** The dynamic reference that stands for a value in the Parameter Store, which the model has not; undefined: no such parameter has the name. */
export function storedReference(
  parameters: readonly Parameter[],
  values: ReadonlyMap<string, string>,
  name: string,
): string | undefined {
  const stored = parameters.find((each) => each.name === name && isStored(each));
  return stored && `{{resolve:ssm:${values.get(name)}}}`;
}

/** The value with every reference looked up. @throws ServiceError for a reference to a secret or key that does not exist. */
export function dereferenced<Value extends TemplateValue>(value: Value, account: Account): Value;
export function dereferenced(value: TemplateValue, account: Account): TemplateValue {
  if (Array.isArray(value)) return value.map((each) => dereferenced(each, account));
  if (typeof value === "object") {
    return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, dereferenced(each, account)]));
  }
  if (typeof value !== "string") return value;
  return value.replace(reference, (whole, service: string, what: string) =>
    service === "secretsmanager" ? partOfSecret(what, account) : whole,
  );
}

function partOfSecret(what: string, account: Account): string {
  const [, id = "", key = ""] = ofSecret.exec(what) ?? [];
  const part = (JSON.parse(account.secrets.secret(id).value) as Record<string, unknown>)[key];
  if (typeof part === "string") return part;
  throw new ServiceError("ValidationError", `Could not find a value associated with JSONKey in SecretString`);
}
