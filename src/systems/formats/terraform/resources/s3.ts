/** Buckets and their notifications. https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/s3_bucket_notification */
import { below, name, type Rule, reference, type Translation } from "../translation.ts";

/** In CloudFormation each event has a configuration of its own. */
function notifications(argument: string, property: string, arn: string, to: string, types: readonly string[]): Rule {
  return (from, at, translating) => {
    for (const each of from.at(argument).blocks) {
      const { value } = each.at("events");
      for (const event of Array.isArray(value) ? value : []) {
        const item = translating.append(below(at, "NotificationConfiguration", property), each);
        translating.set(below(item, "Event"), event, each.at("events"));
        reference(arn, to, types)(each, item, translating);
      }
    }
  };
}

const functions = ["aws_lambda_function", "aws_lambda_alias"];

export const s3: Readonly<Record<string, Translation>> = {
  aws_s3_bucket: {
    type: "AWS::S3::Bucket",
    kind: "Bucket",
    references: { arn: "Arn", id: null, bucket: null },
    rules: [name("bucket", "BucketName")],
  },
  aws_s3_bucket_notification: {
    type: "AWS::S3::Bucket",
    kind: "Bucket",
    onto: (from, translating) => translating.instanceFor(from.at("bucket"), ["aws_s3_bucket"]),
    rules: [
      notifications("queue", "QueueConfigurations", "queue_arn", "Queue", ["aws_sqs_queue"]),
      notifications("lambda_function", "LambdaConfigurations", "lambda_function_arn", "Function", functions),
      notifications("topic", "TopicConfigurations", "topic_arn", "Topic", ["aws_sns_topic"]),
      (from, to, translating) => {
        const attribute = from.at("eventbridge");
        if (attribute.value !== true) return;
        const at = below(to, "NotificationConfiguration", "EventBridgeConfiguration", "EventBridgeEnabled");
        translating.set(at, true, attribute);
      },
    ],
  },
};
