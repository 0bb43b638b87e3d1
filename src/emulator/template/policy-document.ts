/** Policy documents as far as the model evaluates them. Anything that it would ignore is refused. */
import type { TemplateMap, TemplateValue } from "../../template/template.ts";
import type { PolicyDocument } from "../account.ts";
import { mapOf, object, oneOf, oneOrMany, only, type Property, required, text } from "./properties.ts";

const texts = oneOrMany(text);

/** Values of condition keys, such as `aws:SourceArn`. */
const keys = mapOf(texts);

/** `*`, or principals by kind. */
const principal: Property<unknown> = (value, at, reading) =>
  typeof value === "string" ? only("*")(value, at, reading) : mapOf(texts)(value, at, reading);

const evaluated = object({
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

/** All conditions of a statement have to hold, so that of a Deny of insecure transport, which never matches, no other part matters. */
const statement: Property<unknown> = (value, at, reading) =>
  evaluated(deniesInsecure(value) ? withoutRest(value) : value, at, reading);

function deniesInsecure(value: TemplateValue): value is TemplateMap {
  // A request may carry a null anywhere, which no template does.
  const given = value as { Effect?: unknown; Condition?: { Bool?: Record<string, unknown> } } | null;
  const secure = given?.Condition?.Bool?.["aws:SecureTransport"];
  return given?.Effect === "Deny" && (secure === false || secure === "false");
}

function withoutRest({ NotAction, NotResource, NotPrincipal, ...read }: TemplateMap): TemplateMap {
  return {
    ...(NotAction === undefined ? {} : { Action: [] }),
    ...read,
    Condition: { Bool: { "aws:SecureTransport": "false" } },
  };
}

/** https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html */
export const policyDocument = object({
  Version: text,
  Id: text,
  Statement: required(oneOrMany(statement)),
}) as Property<unknown> as Property<PolicyDocument>;
