/** Data streams, as templates declare them. */
import { integerBetween } from "../template/bounds.ts";
import { object, only, required, text } from "../template/properties.ts";
import { alreadyExists, InvalidProperties, resourceType, takes } from "../template/resource-type.ts";

const hourMs = 3_600_000;
const kibibyte = 1_024;

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-resource-kinesis-stream.html */
const stream = resourceType(
  "AWS::Kinesis::Stream",
  {
    Name: text,
    ShardCount: integerBetween(1),
    RetentionPeriodHours: integerBetween("kinesis.minimumRetentionHours", "kinesis.maximumRetentionHours"),
    MaxRecordSizeInKiB: integerBetween(1_024, 10_240),
    StreamModeDetails: object({ StreamMode: required(only("PROVISIONED", "ON_DEMAND")) }),
  },
  {
    // Encryption changes permissions on a key, which no function here asks for, and shard-level metrics are only more of them.
    inert: ["DesiredShardLevelMetrics", "StreamEncryption", "Tags"],
    attributes: ["Arn"],
    creationMs: takes(30, [10, 60], "CloudFormation waits until the stream's status is ACTIVE"),
    deletionMs: takes(30, [10, 60], "CloudFormation waits until the stream, which first is DELETING, is gone"),
    create({ account, properties, generatedName, logicalId }) {
      const name = properties.Name ?? generatedName(account.constants["kinesis.maximumNameCharacters"]);
      const mode = properties.StreamModeDetails?.StreamMode ?? "PROVISIONED";
      const { ShardCount, RetentionPeriodHours, MaxRecordSizeInKiB } = properties;
      if (mode === "PROVISIONED" && ShardCount === undefined) {
        throw new InvalidProperties(
          `Properties validation failed for resource ${logicalId} with message: #/ShardCount is required when the mode is PROVISIONED`,
        );
      }
      if (account.kinesis.list().some((each) => each.name === name)) throw alreadyExists("AWS::Kinesis::Stream", name);
      const created = account.kinesis.create(name, {
        mode,
        ...(mode === "PROVISIONED" && ShardCount !== undefined && { shardCount: ShardCount }),
        ...(RetentionPeriodHours !== undefined && { retentionMs: RetentionPeriodHours * hourMs }),
        ...(MaxRecordSizeInKiB !== undefined && { maximumRecordBytes: MaxRecordSizeInKiB * kibibyte }),
      });
      return { physicalId: name, attributes: { Arn: created.arn }, delete: () => account.kinesis.delete(created.arn) };
    },
    replacedBy: ["Name"],
  },
);

export const kinesisTypes = [stream];
