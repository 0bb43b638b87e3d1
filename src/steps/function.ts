/** A function of a run's stack as its template makes it. */
import type { Scenario, Settings } from "../model.ts";
import { effectiveOutput, effectiveResources } from "../template/effective.ts";
import { resourceNamed } from "../template/references.ts";
import type { TemplateResource } from "../template/template.ts";

/** The function that an output names. Null: the template does not say which. */
export function functionOf(
  { template }: Scenario,
  settings: Settings,
  outputName: "ProducerFunction" | "ConsumerFunction",
): TemplateResource | null {
  const output = effectiveOutput(template, settings, outputName);
  return resourceNamed(output?.value, effectiveResources(template, settings, "AWS::Lambda::Function"));
}
