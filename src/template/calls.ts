/** Recognises calls of intrinsic functions in a template's data. */
import type { TemplateValue } from "./template.ts";

/** `{ "Fn::Join": ["", […]] }`: a function's name with its argument. */
export interface Call {
  name: string;
  argument: TemplateValue;
}

/** The call that a value is; undefined for plain data. `Condition` is one in the Conditions section only. */
export function callOf(value: TemplateValue): Call | undefined {
  if (typeof value !== "object" || Array.isArray(value)) return undefined;
  const [entry, second] = Object.entries(value);
  if (!entry || second) return undefined;
  const [name, argument] = entry;
  return name === "Ref" || name.startsWith("Fn::") ? { name, argument } : undefined;
}

/** True when a call stands anywhere in the value. */
export function hasCall(value: TemplateValue): boolean {
  return callOf(value) !== undefined || (typeof value === "object" && Object.values(value).some(hasCall));
}
