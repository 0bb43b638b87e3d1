/** The concurrency that a run keeps from everything else in its account. */
import type { Scenario, Settings } from "../model.ts";
import { effectiveTemplate } from "../template/effective.ts";

/** The reserved concurrency of all functions that a run makes. */
export function reservedConcurrency({ template }: Pick<Scenario, "template">, settings: Settings): number {
  return effectiveTemplate(template, settings)
    .resources.filter(({ type }) => type === "AWS::Lambda::Function")
    .map(({ properties }) => Number(properties.ReservedConcurrentExecutions ?? 0))
    .filter(Number.isFinite)
    .reduce((sum, reserved) => sum + reserved, 0);
}
