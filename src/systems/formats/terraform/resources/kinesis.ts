/** Streams. https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/kinesis_stream */
import { block, name, plain, reference, type Translation } from "../translation.ts";

export const kinesis: Readonly<Record<string, Translation>> = {
  aws_kinesis_stream: {
    type: "AWS::Kinesis::Stream",
    kind: "Stream",
    references: { arn: "Arn", id: "Arn", name: null },
    rules: [
      name("name", "Name"),
      // A state has 0 for a stream on demand.
      plain("shard_count", "ShardCount", { none: [0] }),
      plain("retention_period", "RetentionPeriodHours"),
      block("stream_mode_details", "StreamModeDetails", plain("stream_mode", "StreamMode")),
    ],
  },
  aws_kinesis_stream_consumer: {
    type: "AWS::Kinesis::StreamConsumer",
    kind: "StreamConsumer",
    references: { arn: null, id: null },
    rules: [name("name", "ConsumerName"), reference("stream_arn", "StreamARN", ["aws_kinesis_stream"])],
  },
};
