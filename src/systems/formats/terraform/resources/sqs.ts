/** Queues. https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/sqs_queue */
import { isMap } from "../../../../template/template.ts";
import type { Attribute } from "../attributes.ts";
import {
  below,
  name,
  parsed,
  plain,
  type Rule,
  stateCure,
  type Translating,
  type Translation,
} from "../translation.ts";

const queueOf = (from: Attribute, translating: Translating) =>
  translating.instanceFor(from.at("queue_url"), ["aws_sqs_queue"]);

/**
 * A redrive policy is JSON in a text, and Terraform does not know any of it before it knows the ARN in it. Which queue it is, the expression says; the receive
 * count stands in it only as a variable, if at all.
 */
const redrivePolicy: Rule = (from, to, translating) => {
  const attribute = from.at("redrive_policy");
  const at = below(to, "RedrivePolicy");
  const deadLetters = below(at, "deadLetterTargetArn");
  const count = below(at, "maxReceiveCount");
  const policy = parsed(attribute.text ?? "");
  if (isMap(policy)) {
    if (policy.deadLetterTargetArn === undefined) return;
    const target = translating.referenceTo(policy.deadLetterTargetArn, ["aws_sqs_queue"]);
    translating.set(deadLetters, target, attribute);
    if (policy.maxReceiveCount !== undefined) translating.set(count, Number(policy.maxReceiveCount), attribute);
  } else if (attribute.isAwaited) {
    const target = translating.reference(attribute, deadLetters, ["aws_sqs_queue"]);
    if (target !== undefined) translating.set(deadLetters, target, attribute);
    const counts = translating
      .givenValues(attribute)
      .flatMap((value) => (isMap(value) ? [value.maxReceiveCount ?? ""] : [value]))
      .filter((value) => value !== "" && Number.isInteger(Number(value)) && Number(value) >= 1);
    const setting = "`--set MaxReceiveCount=5` (with yours)";
    const [only] = counts;
    if (only !== undefined && counts.every((each) => each === only)) {
      translating.set(count, Number(only), attribute);
      const found = `is known only after it is applied; its expression has one number, ${only}, which is taken as maxReceiveCount`;
      translating.unread(count, attribute, found, `if it is another, give it with ${setting}`);
    } else {
      const problem = "is known only after it is applied, because of the ARN in it, and with it maxReceiveCount";
      translating.unread(count, attribute, problem, `give it with ${setting}; or ${stateCure}`);
    }
  }
};

export const sqs: Readonly<Record<string, Translation>> = {
  aws_sqs_queue: {
    type: "AWS::SQS::Queue",
    kind: "Queue",
    references: { arn: "Arn", id: null, url: null, name: "QueueName" },
    rules: [
      name("name", "QueueName"),
      plain("visibility_timeout_seconds", "VisibilityTimeout"),
      plain("message_retention_seconds", "MessageRetentionPeriod"),
      plain("delay_seconds", "DelaySeconds"),
      plain("receive_wait_time_seconds", "ReceiveMessageWaitTimeSeconds"),
      plain("max_message_size", "MaximumMessageSize"),
      plain("fifo_queue", "FifoQueue", { none: [false] }),
      plain("content_based_deduplication", "ContentBasedDeduplication", { none: [false] }),
      plain("deduplication_scope", "DeduplicationScope"),
      plain("fifo_throughput_limit", "FifoThroughputLimit"),
      redrivePolicy,
    ],
  },
  aws_sqs_queue_redrive_policy: {
    type: "AWS::SQS::Queue",
    kind: "Queue",
    onto: queueOf,
    isNothingAlone: true,
    rules: [redrivePolicy],
  },
  aws_sqs_queue_redrive_allow_policy: {
    type: "AWS::SQS::Queue",
    kind: "Queue",
    onto: queueOf,
    isNothingAlone: true,
    rules: [],
  },
  aws_sqs_queue_policy: { type: "AWS::SQS::QueuePolicy", kind: "QueuePolicy", rules: [] },
};
