/** The settings of a mapping that reads a queue: AWS's names for them, and their bounds. */
import { fifoWindowRefusal } from "../../../template/fifo-refusals.ts";
import { pollersRefusal, type WindowRule, windowRefusal } from "../../../template/refusals.ts";
import type { Output } from "../../api/operation.ts";
import type { Constants } from "../../platforms/platforms.ts";
import { integerBetween } from "../../template/bounds.ts";
import { given, object, type Values } from "../../template/properties.ts";
import { type CommonSettings, checkCommonSettings, invalid, requireBetween } from "./settings.ts";

export interface QueueMappingSettings extends CommonSettings {
  /** `ScalingConfig.MaximumConcurrency`; null: none. */
  maximumConcurrency: number | null;
  /** `ProvisionedPollerConfig`; null: the standard mode. */
  provisionedPollers: ProvisionedPollers | null;
}

interface ProvisionedPollers {
  minimum: number;
  maximum: number;
}

/** Settings as they are given: a number of pollers that is left out is Lambda's default. */
export interface GivenQueueSettings extends Partial<Omit<QueueMappingSettings, "provisionedPollers">> {
  provisionedPollers?: Partial<ProvisionedPollers> | null;
}

/** https://docs.aws.amazon.com/lambda/latest/api/API_ProvisionedPollerConfig.html */
export function withDefaultPollers(settings: GivenQueueSettings, constants: Constants): Partial<QueueMappingSettings> {
  const { provisionedPollers, ...others } = settings;
  if (!provisionedPollers) return provisionedPollers === null ? { ...others, provisionedPollers } : others;
  const minimum = constants["mapping.defaultMinimumPollers"];
  const maximum = constants["mapping.defaultMaximumPollers"];
  return { ...others, provisionedPollers: { minimum, maximum, ...provisionedPollers } };
}

/** The members of a mapping's input that only queues have. */
export const queueInputs = {
  ScalingConfig: object({
    MaximumConcurrency: integerBetween("mapping.minimumMaximumConcurrency", "mapping.maximumMaximumConcurrency"),
  }),
  ProvisionedPollerConfig: object({
    MinimumPollers: integerBetween("mapping.lowestMinimumPollers", "mapping.highestMinimumPollers"),
    MaximumPollers: integerBetween("mapping.lowestMaximumPollers", "mapping.highestMaximumPollers"),
  }),
};

/** An empty configuration removes the limit, or leads back to the standard mode. */
export function queueSettings({
  ScalingConfig,
  ProvisionedPollerConfig,
}: Values<typeof queueInputs>): GivenQueueSettings {
  const pollers =
    ProvisionedPollerConfig &&
    given<ProvisionedPollers>({
      minimum: ProvisionedPollerConfig.MinimumPollers,
      maximum: ProvisionedPollerConfig.MaximumPollers,
    });
  return given<GivenQueueSettings>({
    maximumConcurrency: ScalingConfig ? (ScalingConfig.MaximumConcurrency ?? null) : undefined,
    provisionedPollers: pollers && Object.keys(pollers).length === 0 ? null : pollers,
  });
}

export function describeQueueSettings({ maximumConcurrency, provisionedPollers }: QueueMappingSettings): Output {
  return {
    ...(maximumConcurrency !== null && { ScalingConfig: { MaximumConcurrency: maximumConcurrency } }),
    ...(provisionedPollers !== null && {
      ProvisionedPollerConfig: {
        MinimumPollers: provisionedPollers.minimum,
        MaximumPollers: provisionedPollers.maximum,
      },
    }),
  };
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
export function checkSettings(settings: QueueMappingSettings, queueArn: string, constants: Constants): void {
  checkCommonSettings(settings, constants["mapping.maximumStandardBatchSize"], constants);
  const { batchSize, batchingWindowMs } = settings;
  const refusal =
    (queueArn.endsWith(".fifo") ? fifoWindowRefusal(batchingWindowMs / 1_000) : null) ??
    windowRefusal(batchSize, batchingWindowMs / 1_000, windowRule(constants));
  if (refusal !== null) throw invalid(refusal);
  const { maximumConcurrency, provisionedPollers } = settings;
  if (maximumConcurrency !== null) {
    requireBetween(
      "MaximumConcurrency",
      maximumConcurrency,
      constants["mapping.minimumMaximumConcurrency"],
      constants["mapping.maximumMaximumConcurrency"],
    );
  }
  if (provisionedPollers !== null) checkPollers(provisionedPollers, maximumConcurrency, constants);
}

function checkPollers(
  { minimum, maximum }: ProvisionedPollers,
  maximumConcurrency: number | null,
  constants: Constants,
): void {
  if (maximumConcurrency !== null) throw invalid("ScalingConfig and ProvisionedPollerConfig exclude each other.");
  const { "mapping.lowestMinimumPollers": low, "mapping.highestMinimumPollers": high } = constants;
  requireBetween("MinimumPollers", minimum, low, high);
  const { "mapping.lowestMaximumPollers": lowest, "mapping.highestMaximumPollers": highest } = constants;
  requireBetween("MaximumPollers", maximum, lowest, highest);
  const refusal = pollersRefusal(minimum, maximum);
  if (refusal !== null) throw invalid(`${refusal}.`);
}
