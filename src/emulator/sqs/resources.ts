/** SQS queues and their policies, as templates declare them. */
import type { Queue } from "../account.ts";
import { ServiceError } from "../service-error.ts";
import { policyDocument } from "../template/policy-document.ts";
import { list, object, only, required, text } from "../template/properties.ts";
import { alreadyExists, resourceType, takes } from "../template/resource-type.ts";
import { queueAttributes, queueSettings } from "./attributes.ts";

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-resource-sqs-queue.html */
const queue = resourceType(
  "AWS::SQS::Queue",
  {
    QueueName: text,
    ...queueAttributes,
    // A dead-letter queue that refuses its source would fail the stack.
    RedriveAllowPolicy: object({
      redrivePermission: required(only("allowAll", "byQueue")),
      sourceQueueArns: list(text),
    }),
  },
  {
    // Encryption at rest changes no timing, and the permissions on a key are not modelled.
    inert: ["KmsDataKeyReusePeriodSeconds", "KmsMasterKeyId", "SqsManagedSseEnabled", "Tags"],
    attributes: ["Arn", "QueueName", "QueueUrl"],
    creationMs: takes(5, [2, 60], "one call, then CloudFormation looks until the queue can be seen"),
    deletionMs: takes(60, [30, 65], "AWS says that a queue may take 60 s to go, and CloudFormation waits for it"),
    create({ account, properties, generatedName }) {
      const suffix = properties.FifoQueue ? ".fifo" : "";
      const most = account.constants["sqs.maximumNameCharacters"] - suffix.length;
      const name = properties.QueueName ?? generatedName(most) + suffix;
      if (account.sqs.list().some((each) => each.name === name)) throw alreadyExists("AWS::SQS::Queue", name);
      const created = account.sqs.create(name, queueSettings(properties));
      return {
        physicalId: created.url,
        attributes: { Arn: created.arn, QueueName: created.name, QueueUrl: created.url },
        delete: () => account.sqs.delete(created.arn),
      };
    },
    update({ physicalId }, { account, properties }) {
      const updated = account.sqs.list().find(({ url }) => url === physicalId);
      updated?.configure(queueSettings(properties, updated.settings.fifo));
    },
    replacedBy: ["QueueName", "FifoQueue"],
  },
);

/** Replaces the whole policy of each queue, as SetQueueAttributes does. */
const queuePolicy = resourceType(
  "AWS::SQS::QueuePolicy",
  { Queues: required(list(text)), PolicyDocument: required(policyDocument) },
  {
    creationMs: takes(2, [1, 5], "one call for each queue"),
    deletionMs: takes(1, [0.5, 3], "one call for each queue"),
    create({ account, properties, generatedName }) {
      const queues = properties.Queues.map((url): Queue => {
        const found = account.sqs.list().find((each) => each.url === url);
        if (!found) {
          throw new ServiceError("AWS.SimpleQueueService.NonExistentQueue", "The specified queue does not exist.");
        }
        return found;
      });
      for (const each of queues) each.configure({ policy: properties.PolicyDocument });
      return {
        physicalId: generatedName(128),
        attributes: {},
        delete: () => {
          for (const each of queues) each.configure({ policy: null });
        },
      };
    },
  },
);

export const sqsTypes = [queue, queuePolicy];
