/** A shipped scenario's template with a mistake in it, for those who have to find it. */
import { expect } from "vitest";
import { shippedTemplates } from "./shipped-templates.ts";

const scenario = shippedTemplates.find(({ file }) => file === "scenario-3.yaml")!.text;

/** The scenario with one mistake; the text that it replaces has to be there. */
export function planted(original: string | RegExp, mistake: string): string {
  const template = scenario.replace(original, mistake);
  expect(template).not.toBe(scenario);
  return template;
}
