/** JSON that stands in a text, such as a queue's redrive policy. */
import type { TemplateValue } from "../template/template.ts";

/** undefined: the text is no JSON */
export function jsonIn(text: string): TemplateValue | undefined {
  try {
    return JSON.parse(text) as TemplateValue;
  } catch {
    return undefined;
  }
}
