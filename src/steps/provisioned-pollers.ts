/** The pollers of a consumer's mapping that read its source at all times, for which Lambda or SQS bills. */
import type { Scenario, Settings } from "../model.ts";
import { effectiveResources } from "../template/effective.ts";
import { resourceNamed, valueAt } from "../template/references.ts";
import { functionOf } from "./function.ts";

/** https://docs.aws.amazon.com/lambda/latest/api/API_ProvisionedPollerConfig.html */
const defaultMinimumPollers = 2;

/** null: no mapping that feeds the consumer is in the provisioned mode. 0: no mapping feeds it, so that nothing reads an idle queue. */
export function minimumPollers(scenario: Scenario, settings: Settings): number | null {
  const { template } = scenario;
  const consumer = functionOf(scenario, settings, "ConsumerFunction");
  const mappings = effectiveResources(template, settings, "AWS::Lambda::EventSourceMapping").filter(
    ({ properties }) => resourceNamed(properties.FunctionName, template.resources)?.logicalId === consumer?.logicalId,
  );
  if (mappings.length === 0) return 0;
  const configured = mappings.filter(
    ({ properties }) => Object.keys(properties.ProvisionedPollerConfig ?? {}).length > 0,
  );
  if (configured.length === 0) return null;
  return configured.reduce(
    (sum, { properties }) =>
      sum + Number(valueAt(properties, "ProvisionedPollerConfig", "MinimumPollers") ?? defaultMinimumPollers),
    0,
  );
}
