/** The source that an event source mapping reads: a queue or a stream, of the template or outside of it, or something that is not modelled. */

import { textWith } from "../template/substitution.ts";
import type { TemplateResource, TemplateValue } from "../template/template.ts";
import type { Referring } from "./referring.ts";

export type MappingSource =
  | {
      kind: "queue" | "stream";
      /** null: it is outside of the template */
      resource: TemplateResource | null;
      /** how the mapping names it, placeholders for what is not known; null: by a function */
      text: string | null;
    }
  | {
      kind: "unmodelled";
      /** a sentence without a full stop */
      message: string;
    };

const asQueue = "the nearest that is modelled is a queue, so lift a path with one";
const asOneShard =
  "the nearest that is modelled is a Kinesis stream of one shard (`throttle-bench show kinesis-one-shard --template`), whose mapping has the same settings";

/** Sources by the property that only their mappings have. */
const byProperty: readonly [property: string, noun: string, nearest: string][] = [
  ["AmazonManagedKafkaEventSourceConfig", "a topic of Kafka (MSK)", asOneShard],
  ["SelfManagedKafkaEventSourceConfig", "a topic of Kafka", asOneShard],
  ["SelfManagedEventSource", "a topic of Kafka", asOneShard],
  ["Topics", "a topic of Kafka", asOneShard],
  ["DocumentDBEventSourceConfig", "a change stream of DocumentDB", asOneShard],
  ["Queues", "a queue of Amazon MQ", asQueue],
];

/** Sources by their ARN's service, or their resource's type. */
const byService: Readonly<Record<string, [noun: string, nearest: string]>> = {
  dynamodb: ["a stream of a DynamoDB table", asOneShard],
  kafka: ["a topic of Kafka (MSK)", asOneShard],
  mq: ["a queue of Amazon MQ", asQueue],
  amazonmq: ["a queue of Amazon MQ", asQueue],
  msk: ["a topic of Kafka (MSK)", asOneShard],
  rds: ["a change stream of DocumentDB", asOneShard],
  docdb: ["a change stream of DocumentDB", asOneShard],
};

export function sourceOfMapping(mapping: TemplateResource, referring: Referring): MappingSource {
  const { EventSourceArn, StartingPosition } = mapping.properties;
  const source = referring.named(
    EventSourceArn,
    "AWS::SQS::Queue",
    "AWS::Kinesis::Stream",
    "AWS::Kinesis::StreamConsumer",
  );
  const text = EventSourceArn === undefined ? null : textWith(EventSourceArn);
  if (source?.type === "AWS::SQS::Queue") return { kind: "queue", resource: source, text };
  if (source?.type === "AWS::Kinesis::Stream") return { kind: "stream", resource: source, text };
  if (source !== null) {
    const stream = referring.named(source.properties.StreamARN, "AWS::Kinesis::Stream");
    return { kind: "stream", resource: stream, text };
  }
  const foreign = byProperty.find(([property]) => mapping.properties[property] !== undefined);
  const service = serviceIn(EventSourceArn, text, referring);
  const [noun, nearest] = foreign?.slice(1) ?? byService[service ?? ""] ?? [];
  if (noun !== undefined)
    return { kind: "unmodelled", message: `${mapping.logicalId} reads ${noun}, which is not modelled; ${nearest}` };
  const isStream = service === "kinesis" || (service !== "sqs" && StartingPosition !== undefined);
  return { kind: isStream ? "stream" : "queue", resource: null, text };
}

/** The service of an ARN, or of the resource that is referred to; null: it is not known. */
function serviceIn(value: TemplateValue | undefined, text: string | null, referring: Referring): string | null {
  const [, ofArn] = /^arn:[^:]*:([a-z0-9-]+):/.exec(text ?? "") ?? [];
  if (ofArn !== undefined) return ofArn;
  const [resource] = value === undefined ? [] : referring.referenced(value);
  const [, ofType] = /^AWS::(DynamoDB|MSK|AmazonMQ|RDS|DocDB|Kinesis|SQS)::/.exec(resource?.type ?? "") ?? [];
  if (ofType !== undefined) return ofType.toLowerCase();
  // The name of a parameter or an export often says what it stands for.
  const [, ofName] = /(dynamo|msk|kafka)/i.exec(JSON.stringify(value ?? "")) ?? [];
  return ofName === undefined ? null : ofName.toLowerCase() === "dynamo" ? "dynamodb" : "kafka";
}
