/** Policy documents as far as the model evaluates them; what it would pass over in silence is refused. */

import { mapOf, object, oneOrMany, only, type Property, required, text } from "../template/properties.ts";
import type { PolicyDocument } from "./roles.ts";

const texts = oneOrMany(text);

/** Values of condition keys, such as `aws:SourceArn`. */
const keys = mapOf(texts);

/** `*`, or principals by kind. */
const principal: Property<unknown> = (value, at, problems) =>
  typeof value === "string" ? only("*")(value, at, problems) : mapOf(texts)(value, at, problems);

const statement = object({
  Sid: text,
  Effect: required(only("Allow", "Deny")),
  Action: required(texts),
  Resource: texts,
  Principal: principal,
  Condition: object({ ArnEquals: keys, ArnLike: keys, StringEquals: keys, StringLike: keys }),
});

/** https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html */
export const policyDocument = object({
  Version: text,
  Id: text,
  Statement: required(oneOrMany(statement)),
}) as Property<unknown> as Property<PolicyDocument>;
