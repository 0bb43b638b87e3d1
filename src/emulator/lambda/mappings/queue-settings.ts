/** The settings of a mapping that reads a queue: AWS's names for them, and their bounds. */
import { type WindowRule, windowRefusal } from "../../../template/refusals.ts";
import type { Output } from "../../api/operation.ts";
import type { Constants } from "../../platforms/platforms.ts";
import { integerBetween } from "../../template/bounds.ts";
import { given, object, type Values } from "../../template/properties.ts";
import { type CommonSettings, checkCommonSettings, invalid, requireBetween } from "./settings.ts";

export interface QueueMappingSettings extends CommonSettings {
  /** `ScalingConfig.MaximumConcurrency`; null: none. */
  maximumConcurrency: number | null;
}

/** The members of a mapping's input that only queues have. */
export const queueInputs = {
  ScalingConfig: object({
    MaximumConcurrency: integerBetween("mapping.minimumMaximumConcurrency", "mapping.maximumMaximumConcurrency"),
  }),
};

export function queueSettings({ ScalingConfig }: Values<typeof queueInputs>): Partial<QueueMappingSettings> {
  // An empty scaling configuration removes the limit.
  return given<QueueMappingSettings>({
    maximumConcurrency: ScalingConfig ? (ScalingConfig.MaximumConcurrency ?? null) : undefined,
  });
}

export function describeQueueSettings({ maximumConcurrency }: QueueMappingSettings): Output {
  return maximumConcurrency === null ? {} : { ScalingConfig: { MaximumConcurrency: maximumConcurrency } };
}

/** How large a batch may be without a window. */
export function windowRule(constants: Constants): WindowRule {
  return {
    largest: constants["mapping.maximumBatchSizeWithoutWindow"],
    leastSeconds: constants["mapping.minimumLargeBatchWindowMs"] / 1_000,
  };
}

/**
 * https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-parameters.html
 * @throws ServiceError when a value is out of Lambda's bounds.
 */
export function checkSettings(settings: QueueMappingSettings, constants: Constants): void {
  checkCommonSettings(settings, constants["mapping.maximumStandardBatchSize"], constants);
  const { batchSize, batchingWindowMs } = settings;
  const refusal = windowRefusal(batchSize, batchingWindowMs / 1_000, windowRule(constants));
  if (refusal !== null) throw invalid(refusal);
  if (settings.maximumConcurrency === null) return;
  requireBetween(
    "MaximumConcurrency",
    settings.maximumConcurrency,
    constants["mapping.minimumMaximumConcurrency"],
    constants["mapping.maximumMaximumConcurrency"],
  );
}
