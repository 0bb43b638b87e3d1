/** Topics and their subscriptions. https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/sns_topic_subscription */
import { isMap } from "../../../../template/template.ts";
import { below, json, name, parsed, plain, type Rule, reference, type Translation } from "../translation.ts";

/** JSON in a text with one member, the ARN of a queue. */
const redrivePolicy: Rule = (from, to, translating) => {
  const attribute = from.at("redrive_policy");
  const at = below(to, "RedrivePolicy", "deadLetterTargetArn");
  const policy = parsed(attribute.text ?? "");
  const arn = isMap(policy) ? policy.deadLetterTargetArn : undefined;
  const target =
    arn === undefined
      ? translating.reference(attribute, at, ["aws_sqs_queue"])
      : translating.referenceTo(arn, ["aws_sqs_queue"]);
  if (target !== undefined) translating.set(at, target, attribute);
};

export const sns: Readonly<Record<string, Translation>> = {
  aws_sns_topic: {
    type: "AWS::SNS::Topic",
    kind: "Topic",
    references: { arn: null, id: null, name: "TopicName" },
    rules: [
      name("name", "TopicName"),
      plain("fifo_topic", "FifoTopic", { none: [false] }),
      plain("content_based_deduplication", "ContentBasedDeduplication", { none: [false] }),
      plain("fifo_throughput_scope", "FifoThroughputScope"),
    ],
  },
  aws_sns_topic_subscription: {
    type: "AWS::SNS::Subscription",
    kind: "Subscription",
    references: { arn: null, id: null },
    rules: [
      reference("topic_arn", "TopicArn", ["aws_sns_topic"]),
      plain("protocol", "Protocol"),
      reference("endpoint", "Endpoint", ["aws_sqs_queue", "aws_lambda_function", "aws_lambda_alias"]),
      plain("raw_message_delivery", "RawMessageDelivery"),
      json("filter_policy", "FilterPolicy"),
      plain("filter_policy_scope", "FilterPolicyScope"),
      redrivePolicy,
    ],
  },
  aws_sns_topic_policy: { type: "AWS::SNS::TopicPolicy", kind: "TopicPolicy", rules: [] },
};
