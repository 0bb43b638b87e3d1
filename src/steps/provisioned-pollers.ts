/** The pollers of a consumer's mapping that read its source at all times, for which Lambda or SQS bills. */
import type { Scenario, Settings } from "../model.ts";
import { effectiveTemplate } from "../template/effective.ts";
import { resourceNamed, valueAt } from "../template/references.ts";

/** https://docs.aws.amazon.com/lambda/latest/api/API_ProvisionedPollerConfig.html */
const defaultMinimumPollers = 2;

/** null: no mapping that feeds the consumer is in the provisioned mode. 0: no mapping feeds it, so that nothing reads an idle queue. */
export function minimumPollers({ template }: Scenario, settings: Settings): number | null {
  const { resources, outputs } = effectiveTemplate(template, settings);
  const consumer = resourceNamed(outputs.find(({ name }) => name === "ConsumerFunction")?.value, resources);
  const mappings = resources.filter(
    ({ type, properties }) =>
      type === "AWS::Lambda::EventSourceMapping" && resourceNamed(properties.FunctionName, resources) === consumer,
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
