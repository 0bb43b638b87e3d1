/** The settings that every event source mapping has: AWS's names for them, and their bounds. */
import type { Output } from "../../api/operation.ts";
import type { Constants } from "../../platforms/platforms.ts";
import { ServiceError } from "../../service-error.ts";
import { integerBetween } from "../../template/bounds.ts";
import { flag, given, list, milliseconds, only, type Values } from "../../template/properties.ts";

export interface CommonSettings {
  batchSize: number;
  batchingWindowMs: number;
  enabled: boolean;
  /** `FunctionResponseTypes: [ReportBatchItemFailures]` */
  reportBatchItemFailures: boolean;
}

/** https://docs.aws.amazon.com/lambda/latest/api/API_UpdateEventSourceMapping.html */
export const commonInputs = {
  BatchSize: integerBetween(1, "mapping.maximumStandardBatchSize"),
  MaximumBatchingWindowInSeconds: integerBetween(0, "mapping.maximumBatchingWindowMs"),
  Enabled: flag,
  FunctionResponseTypes: list(only("ReportBatchItemFailures")),
};

export function commonSettings(input: Values<typeof commonInputs>): Partial<CommonSettings> {
  return given<CommonSettings>({
    batchSize: input.BatchSize,
    batchingWindowMs: milliseconds(input.MaximumBatchingWindowInSeconds),
    enabled: input.Enabled,
    reportBatchItemFailures: input.FunctionResponseTypes?.includes("ReportBatchItemFailures"),
  });
}

export function describeCommonSettings(settings: CommonSettings): Output {
  return {
    BatchSize: settings.batchSize,
    MaximumBatchingWindowInSeconds: settings.batchingWindowMs / 1_000,
    FunctionResponseTypes: settings.reportBatchItemFailures ? ["ReportBatchItemFailures"] : [],
  };
}

/** `largestBatch`: of the kind of source. @throws ServiceError when a value is out of Lambda's bounds. */
export function checkCommonSettings(settings: CommonSettings, largestBatch: number, constants: Constants): void {
  requireBetween("BatchSize", settings.batchSize, 1, largestBatch);
  const longest = constants["mapping.maximumBatchingWindowMs"] / 1_000;
  requireBetween("MaximumBatchingWindowInSeconds", settings.batchingWindowMs / 1_000, 0, longest);
}

export function requireBetween(member: string, value: number, minimum: number, maximum: number): void {
  if (value >= minimum && value <= maximum) return;
  throw invalid(`${member} must be between ${minimum} and ${maximum}.`);
}

export function invalid(message: string): ServiceError {
  return new ServiceError("InvalidParameterValueException", message);
}
