/** The settings of a mapping that reads a data stream: AWS's names for them, and their bounds. */
import type { Output } from "../../api/operation.ts";
import type { Constants } from "../../platforms/platforms.ts";
import { integerBetween } from "../../template/bounds.ts";
import { flag, given, integer, object, only, text, type Values } from "../../template/properties.ts";
import { requireBetween } from "../settings.ts";
import { type CommonSettings, checkCommonSettings, invalid } from "./settings.ts";

const startingPositions = ["TRIM_HORIZON", "LATEST", "AT_TIMESTAMP"] as const;
type StartingPosition = (typeof startingPositions)[number];

export interface StreamMappingSettings extends CommonSettings {
  startingPosition: StartingPosition;
  /** Milliseconds since the epoch; null unless the position is `AT_TIMESTAMP`. */
  startingPositionTimestamp: number | null;
  parallelizationFactor: number;
  /** null: without end. */
  maximumRetryAttempts: number | null;
  /** null: as long as the stream keeps the record. */
  maximumRecordAgeMs: number | null;
  bisectBatchOnFunctionError: boolean;
  onFailureArn: string | null;
}

/** The members of a mapping's input that only streams have. AWS writes "without end" as -1. */
export const streamInputs = {
  StartingPosition: only(...startingPositions),
  StartingPositionTimestamp: integer,
  ParallelizationFactor: integerBetween(1, "mapping.maximumParallelizationFactor"),
  MaximumRetryAttempts: integerBetween(-1, "mapping.maximumStreamRetries"),
  MaximumRecordAgeInSeconds: integerBetween(-1, "mapping.maximumRecordAgeMs"),
  BisectBatchOnFunctionError: flag,
  DestinationConfig: object({ OnFailure: object({ Destination: text }) }),
};

export function streamSettings(input: Values<typeof streamInputs>): Partial<StreamMappingSettings> {
  const { MaximumRetryAttempts: retries, MaximumRecordAgeInSeconds: ageSeconds } = input;
  const { StartingPositionTimestamp: timestampSeconds, DestinationConfig } = input;
  return given<StreamMappingSettings>({
    startingPosition: input.StartingPosition,
    startingPositionTimestamp: timestampSeconds === undefined ? undefined : timestampSeconds * 1_000,
    parallelizationFactor: input.ParallelizationFactor,
    maximumRetryAttempts: retries === -1 ? null : retries,
    maximumRecordAgeMs: ageSeconds === undefined ? undefined : ageSeconds === -1 ? null : ageSeconds * 1_000,
    bisectBatchOnFunctionError: input.BisectBatchOnFunctionError,
    // An empty configuration removes the destination.
    onFailureArn: DestinationConfig && (DestinationConfig.OnFailure?.Destination || null),
  });
}

export function describeStreamSettings(settings: StreamMappingSettings): Output {
  const { startingPositionTimestamp: timestamp, onFailureArn, maximumRecordAgeMs } = settings;
  return {
    StartingPosition: settings.startingPosition,
    StartingPositionTimestamp: timestamp === null ? undefined : new Date(timestamp),
    ParallelizationFactor: settings.parallelizationFactor,
    MaximumRetryAttempts: settings.maximumRetryAttempts ?? -1,
    MaximumRecordAgeInSeconds: maximumRecordAgeMs === null ? -1 : maximumRecordAgeMs / 1_000,
    BisectBatchOnFunctionError: settings.bisectBatchOnFunctionError,
    DestinationConfig: { OnFailure: onFailureArn === null ? {} : { Destination: onFailureArn } },
  };
}

/** @throws ServiceError for a mapping that says nothing of where to start. */
export function wantedStreamSettings(
  settings: Partial<StreamMappingSettings>,
  constants: Constants,
): StreamMappingSettings {
  const { startingPosition } = settings;
  if (startingPosition === undefined) {
    throw invalid(
      "1 validation error detected: Value null at 'startingPosition' failed to satisfy constraint: Member must not be null.",
    );
  }
  return {
    batchSize: constants["mapping.defaultStreamBatchSize"],
    batchingWindowMs: 0,
    enabled: true,
    reportBatchItemFailures: false,
    startingPositionTimestamp: null,
    parallelizationFactor: 1,
    maximumRetryAttempts: null,
    maximumRecordAgeMs: null,
    bisectBatchOnFunctionError: false,
    onFailureArn: null,
    ...settings,
    startingPosition,
  };
}

/**
 * https://docs.aws.amazon.com/lambda/latest/dg/services-kinesis-parameters.html
 * @throws ServiceError when a value is out of Lambda's bounds.
 */
export function checkStreamSettings(settings: StreamMappingSettings, constants: Constants): void {
  checkCommonSettings(settings, constants["mapping.maximumStandardBatchSize"], constants);
  const { parallelizationFactor, maximumRetryAttempts, maximumRecordAgeMs } = settings;
  const mostBatches = constants["mapping.maximumParallelizationFactor"];
  requireBetween("ParallelizationFactor", parallelizationFactor, 1, mostBatches);
  const mostRetries = constants["mapping.maximumStreamRetries"];
  requireBetween("MaximumRetryAttempts", maximumRetryAttempts ?? -1, -1, mostRetries);
  if (maximumRecordAgeMs !== null) {
    const oldest = constants["mapping.maximumRecordAgeMs"] / 1_000;
    requireBetween("MaximumRecordAgeInSeconds", maximumRecordAgeMs / 1_000, -1, oldest);
    const youngest = constants["mapping.minimumRecordAgeMs"] / 1_000;
    if (maximumRecordAgeMs / 1_000 < youngest) {
      throw invalid(`MaximumRecordAgeInSeconds must be -1 or between ${youngest} and ${oldest}.`);
    }
  }
  if (settings.startingPosition === "AT_TIMESTAMP" && settings.startingPositionTimestamp === null) {
    throw invalid("StartingPositionTimestamp is required when StartingPosition is AT_TIMESTAMP.");
  }
}
