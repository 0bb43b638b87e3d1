/** Queues of the plugin serverless-lift: a queue, its dead-letter queue and a worker in one. https://github.com/getlift/lift/blob/master/docs/queue.md */
import { createHash } from "node:crypto";
import { filledIn, liftDefaults } from "./filled-in.ts";
import type { Resources } from "./service.ts";
import { type Made, made, mapIn, plain, textIn, under, type Written } from "./written.ts";

export interface QueueConstruct {
  /** its key in `constructs` */
  name: string;
  written: Written;
  /** the function that works its messages */
  workerName: string;
  /** null: the worker is one of `functions` */
  worker: Written | null;
}

/** `constructs`: their variables followed. */
export function queueConstructs(constructs: Written | undefined): QueueConstruct[] {
  return [...(mapIn(constructs) ?? [])].flatMap(([name, written]): QueueConstruct[] => {
    if (textIn(under(written, "type")) !== "queue") return [];
    const worker = under(written, "worker");
    const workerName = textIn(worker);
    return [
      {
        name,
        written,
        workerName: workerName ?? `${name}Worker`,
        worker: workerName === null ? (worker ?? null) : null,
      },
    ];
  });
}

/** The plugin is written in CDK, whose logical IDs end in a hash of the construct's path. */
function idOf(name: string, part: "Queue" | "Dlq" | "Alarm"): string {
  const hash = createHash("md5").update(`${name}/${part}/Resource`).digest("hex").slice(0, 8).toUpperCase();
  return `${name.replace(/[^A-Za-z0-9]/g, "")}${part}${hash}`;
}

/** `jobs.queueArn` of a `${construct:…}`; undefined: it is none of a queue. */
export function constructReference(address: string): Made | undefined {
  const [name = "", attribute] = address.split(".");
  switch (attribute) {
    case "queueArn":
      return { "Fn::GetAtt": [idOf(name, "Queue"), "Arn"] };
    case "queueUrl":
      return { Ref: idOf(name, "Queue") };
    case "dlqArn":
      return { "Fn::GetAtt": [idOf(name, "Dlq"), "Arn"] };
    case "dlqUrl":
      return { Ref: idOf(name, "Dlq") };
    default:
      return undefined;
  }
}

/** The event by which the plugin gives the worker its messages. */
export function queueEvent({ name, written }: QueueConstruct): Written {
  const setting = (key: string) => plain(under(written, key));
  return made(written.place, {
    sqs: {
      arn: constructReference(`${name}.queueArn`),
      batchSize: setting("batchSize") ?? filledIn(written, liftDefaults.batchSize),
      maximumBatchingWindow: setting("maxBatchingWindow"),
      maximumConcurrency: setting("maxConcurrency"),
      functionResponseType: filledIn(written, liftDefaults.responseType),
    },
  });
}

/** `worker`: the function that works it. `stackName` begins the queues' names. */
export function addQueue(
  { name, written }: QueueConstruct,
  worker: Written | undefined,
  stackName: string,
  resources: Resources,
): void {
  const setting = (key: string) => plain(under(written, key));
  const number = (value: Written | undefined) => (value === undefined ? null : Number(textIn(value) ?? Number.NaN));
  const timeoutSeconds = number(under(worker, "timeout")) ?? liftDefaults.timeoutSeconds.value;
  const visibilitySeconds = timeoutSeconds * 6 + (number(under(written, "maxBatchingWindow")) ?? 0);
  const isFifo = textIn(under(written, "fifo")) === "true";
  const fifo = isFifo ? { FifoQueue: true } : {};
  const ending = isFifo ? ".fifo" : "";
  const [queue, deadLetters] = [idOf(name, "Queue"), idOf(name, "Dlq")];
  resources.add(written, deadLetters, "AWS::SQS::Queue", {
    QueueName: `${stackName}-${name}-dlq${ending}`,
    MessageRetentionPeriod: filledIn(written, liftDefaults.retentionSeconds),
    ...fifo,
  });
  resources.add(written, queue, "AWS::SQS::Queue", {
    QueueName: `${stackName}-${name}${ending}`,
    VisibilityTimeout: Number.isNaN(visibilitySeconds)
      ? undefined
      : filledIn(written, { ...liftDefaults.timeoutSeconds, value: visibilitySeconds }),
    RedrivePolicy: {
      deadLetterTargetArn: { "Fn::GetAtt": [deadLetters, "Arn"] },
      maxReceiveCount: setting("maxRetries") ?? filledIn(written, liftDefaults.maxRetries),
    },
    DelaySeconds: setting("delay"),
    ...fifo,
    ...(isFifo && { ContentBasedDeduplication: true }),
  });
  const alarm = under(written, "alarm");
  if (alarm !== undefined) {
    resources.add(alarm, idOf(name, "Alarm"), "AWS::CloudWatch::Alarm", {
      Namespace: "AWS/SQS",
      MetricName: "ApproximateNumberOfMessagesVisible",
      Dimensions: [{ Name: "QueueName", Value: { "Fn::GetAtt": [deadLetters, "QueueName"] } }],
      Statistic: "Sum",
      Period: 60,
      EvaluationPeriods: 1,
      Threshold: 0,
      ComparisonOperator: "GreaterThanThreshold",
    });
  }
  for (const [key, id] of [
    ["queue", queue],
    ["dlq", deadLetters],
  ] as const) {
    const extension = under(written, "extensions", key);
    if (extension !== undefined) resources.merge(id, extension);
  }
}
