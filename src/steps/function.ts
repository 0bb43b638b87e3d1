/** A function of a run's stack as its template makes it. */
import type { Scenario, Settings } from "../model.ts";
import { effectiveTemplate } from "../template/effective.ts";
import { resourceNamed } from "../template/references.ts";
import type { TemplateResource } from "../template/template.ts";

/** The function that an output names. Null: the template does not say which. */
export function functionOf(
  { template }: Scenario,
  settings: Settings,
  outputName: "ProducerFunction" | "ConsumerFunction",
): TemplateResource | null {
  const { resources, outputs } = effectiveTemplate(template, settings);
  const output = outputs.find(({ name }) => name === outputName);
  const functions = resources.filter(({ type }) => type === "AWS::Lambda::Function");
  return resourceNamed(output?.value, functions);
}
