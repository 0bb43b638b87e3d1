/** AWS's documented rules, as the checks before a run need them, whatever the target. */
import { valuesOutOfBounds } from "../emulator/cloudformation/validation.ts";
import { resourceTypes } from "../emulator/emulator.ts";
import { windowRule } from "../emulator/lambda/mappings/queue-settings.ts";
import { constantsOf } from "../emulator/platforms/platforms.ts";
import type { Scenario, Settings } from "../model.ts";
import type { Fault } from "../scenarios/fault.ts";
import type { ServiceDefaults } from "../scenarios/queue-reading.ts";
import { effectiveTemplate } from "../template/effective.ts";

const today = constantsOf("2026");

export const serviceDefaults: ServiceDefaults = {
  visibilitySeconds: today["sqs.defaultVisibilityTimeoutMs"] / 1_000,
  timeoutSeconds: today["lambda.defaultTimeoutMs"] / 1_000,
  batchSize: today["mapping.defaultQueueBatchSize"],
  streamBatchSize: today["mapping.defaultStreamBatchSize"],
  windowRule: windowRule(today),
};

/** The values that a service would refuse while it makes the resource. */
export function outOfBounds({ template }: Scenario, settings: Settings): Fault[] {
  const { resources } = effectiveTemplate(template, settings);
  return [...valuesOutOfBounds(resources, resourceTypes)].map(({ path, message }) => ({ path, message }));
}
