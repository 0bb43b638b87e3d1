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
  const named = template.outputs.filter(({ name }) => name === outputName);
  const [output] = effectiveTemplate({ ...template, resources: [], outputs: named }, settings).outputs;
  const functions = template.resources.filter(({ type }) => type === "AWS::Lambda::Function");
  const found = resourceNamed(output?.value, functions);
  if (found === null) return null;
  return effectiveTemplate({ ...template, resources: [found], outputs: [] }, settings).resources[0] ?? null;
}
