/** Attributes as SQS and SNS carry them: text by name, of which some are JSON. */
import type { TemplateValue } from "../../template/template.ts";
import { type Problem, Reading, type Shape, type ValueOf } from "../template/properties.ts";
import { isOverfull, jsonIn } from "./json.ts";

/** Why an attribute is not taken; null: there is none of the name. */
type Refuse = (name: string, problem: Problem | null) => Error;

/** The values read; null: the attribute is removed. */
export type Attributes<S extends Shape, Json extends keyof S> = {
  [K in keyof S]?: ValueOf<S[K]> | (K extends Json ? null : never);
};

/** The attributes read as a resource type's properties are. An empty text removes what is JSON: null. */
export function readAttributes<S extends Shape, Json extends keyof S & string>(
  attributes: Readonly<Record<string, string>>,
  shape: S,
  json: readonly Json[],
  refuse: Refuse,
): Attributes<S, Json> {
  const entries = Object.entries(attributes).map(([name, text]) => {
    if (!Object.hasOwn(shape, name)) throw refuse(name, null);
    const isJson = (json as readonly string[]).includes(name);
    if (isJson && text === "") return [name, null];
    const reading = new Reading(true);
    if (isJson && isOverfull(text)) throw refuse(name, { path: [], message: "must not have so many values" });
    const value = isJson ? (jsonIn(text) as TemplateValue | undefined) : text;
    if (value === undefined) throw refuse(name, { path: [], message: "must be JSON" });
    const read = shape[name]!(value, [], reading);
    const [problem] = reading.problems;
    if (problem) throw refuse(name, problem);
    return [name, read];
  });
  return Object.fromEntries(entries) as Attributes<S, Json>;
}
