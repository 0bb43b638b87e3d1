/** A stream, and the event source mapping by which a function reads it. */
import { awsDefault } from "../../targets/service-rules.ts";
import type { TemplateValue } from "../../template/template.ts";
import type { Station } from "../event-path.ts";
import { flag } from "./ledger.ts";
import { inScenario, type Lifting, none } from "./lifting.ts";
import { reportsItemFailures } from "./queue.ts";

const streamParameters = "https://docs.aws.amazon.com/lambda/latest/dg/services-kinesis-parameters.html";
const streamQuotas = "https://docs.aws.amazon.com/streams/latest/dev/how-do-i-size-a-stream.html";
/** A new stream on demand has so many shards. */
const onDemandShards = 4;

export function liftStream(lifting: Lifting, stream: Station): void {
  const { ledger, draft } = lifting;
  const owner = lifting.owner(stream);
  draft.use("producer-to-stream");
  const mode = ledger.value(owner, ["StreamModeDetails", "StreamMode"]);
  if (mode?.value === "ON_DEMAND") {
    ledger.property(
      owner,
      ["StreamModeDetails", "StreamMode"],
      ["Stream", "StreamModeDetails", "StreamMode"],
      plainMode,
    );
    draft.set("ShardCount", String(onDemandShards), null, [
      "AllowedValues: [4]",
      "Description: A stream on demand has the shards that AWS gives it, which are 4 while it is new.",
    ]);
    draft.add(["Stream", "ShardCount"], "!Ref AWS::NoValue");
  } else {
    ledger.setting({
      setting: "ShardCount",
      owner,
      keys: ["ShardCount"],
      // The producer, whose records are the burst, cannot say how many there are, and one is the least.
      otherwise: none("1", streamQuotas),
      at: [inScenario("Stream", "ShardCount")],
    });
  }
  ledger.property(owner, ["RetentionPeriodHours"], ["Stream", "RetentionPeriodHours"]);
}

export function liftStreamMapping(lifting: Lifting): void {
  const { ledger, draft, path } = lifting;
  const owner = lifting.ownerOfLink(path.links.at(-1)!);
  draft.use("stream-to-consumer");
  const mapping = (
    setting: string,
    property: string,
    otherwise: string,
    convert?: (value: TemplateValue) => string | undefined,
  ) =>
    ledger.setting({
      setting,
      owner,
      keys: [property],
      otherwise: none(otherwise, streamParameters),
      ...(convert !== undefined && { convert }),
      at: [inScenario("ConsumerMapping", property)],
    });
  ledger.setting({
    setting: "BatchSize",
    owner,
    keys: ["BatchSize"],
    otherwise: awsDefault("mapping.defaultStreamBatchSize"),
    at: [inScenario("ConsumerMapping", "BatchSize")],
  });
  mapping("MaximumBatchingWindow", "MaximumBatchingWindowInSeconds", "0");
  mapping("ParallelizationFactor", "ParallelizationFactor", "1");
  mapping("MaximumRetryAttempts", "MaximumRetryAttempts", "-1");
  mapping("MaximumRecordAge", "MaximumRecordAgeInSeconds", "-1");
  mapping("BisectBatchOnFunctionError", "BisectBatchOnFunctionError", "false", flag);
  mapping("ReportBatchItemFailures", "FunctionResponseTypes", "false", reportsItemFailures);
  if (ledger.value(owner, ["DestinationConfig", "OnFailure", "Destination"]) === undefined) {
    // Nothing of what is given up is kept anywhere.
    draft.add(["ConsumerMapping", "DestinationConfig"], "!Ref AWS::NoValue", "it has no destination for failures");
  }
}

function plainMode(value: TemplateValue): string | undefined {
  return value === "ON_DEMAND" ? value : undefined;
}
