/** Policy documents as far as the model evaluates them. Anything that it would ignore is refused. */
import type { PolicyDocument } from "../account.ts";
import { mapOf, object, oneOf, oneOrMany, only, type Property, required, text } from "./properties.ts";

const texts = oneOrMany(text);

/** Values of condition keys, such as `aws:SourceArn`. */
const keys = mapOf(texts);

/** `*`, or principals by kind. */
const principal: Property<unknown> = (value, at, reading) =>
  typeof value === "string" ? only("*")(value, at, reading) : mapOf(texts)(value, at, reading);

const statement = object({
  Sid: text,
  Effect: required(only("Allow", "Deny")),
  Action: required(texts),
  Resource: texts,
  Principal: principal,
  Condition: object({
    ArnEquals: keys,
    ArnLike: keys,
    StringEquals: keys,
    StringLike: keys,
    Bool: object({ "aws:SecureTransport": required(oneOrMany(oneOf("true", "false"))) }),
  }),
});

/** https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html */
export const policyDocument = object({
  Version: text,
  Id: text,
  Statement: required(oneOrMany(statement)),
}) as Property<unknown> as Property<PolicyDocument>;
