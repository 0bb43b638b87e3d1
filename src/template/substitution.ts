/** Texts of `Fn::Sub`: their placeholders, and values as such texts. */
import { callOf } from "./calls.ts";
import type { TemplateValue } from "./template.ts";

/** `${Name}`, `${Resource.Attribute}`, or the escaped `${!Literal}`. */
export const placeholder = /\$\{(!?)([^${}]+)\}/g;

/** The name in a placeholder with its attribute; null: it stands for a Ref. */
export function splitName(name: string): { name: string; attribute: string | null } {
  const dot = name.indexOf(".");
  return dot < 0 || name.startsWith("AWS::")
    ? { name, attribute: null }
    : { name: name.slice(0, dot), attribute: name.slice(dot + 1) };
}

/** The text as it stands in a `Fn::Sub`, references as placeholders; null: it is no text. */
export function textWith(value: TemplateValue): string | null {
  if (typeof value !== "object") return String(value);
  const call = callOf(value);
  if (call?.name === "Ref") return `\${${String(call.argument)}}`;
  if (call?.name === "Fn::GetAtt" && Array.isArray(call.argument)) return `\${${call.argument.join(".")}}`;
  return call?.name === "Fn::Sub" && typeof call.argument === "string" ? call.argument : null;
}

/** The value that such a text is: the reference where it is nothing else, a `Fn::Sub` where it has one, and else plain text. */
export function asSubstitution(text: string): TemplateValue {
  const [, only] = /^\$\{([^!${}][^${}]*)\}$/.exec(text) ?? [];
  if (only !== undefined) {
    const { name, attribute } = splitName(only);
    return attribute === null ? { Ref: name } : { "Fn::GetAtt": [name, attribute] };
  }
  return /\$\{[^!]/.test(text) ? { "Fn::Sub": text } : text.replaceAll("${!", "${");
}
