/** Events that a mapping of Lambda reads from a queue, a stream or a broker. */

import type { Event } from "./event.ts";
import type { Expansion, Invoked } from "./expansion.ts";
import type { Parts, Written } from "./written.ts";

interface Source {
  /** the event's property that names the source; null: it has none */
  source: string | null;
  /** further properties that SAM asks for */
  required?: readonly string[];
  /** the event's properties that are another's in the mapping, and that they are gathered in */
  gathered?: { into: string; from: readonly string[] };
}

/** https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/sam-property-function-eventsource.html */
const sources: Readonly<Record<string, Source>> = {
  SQS: { source: "Queue" },
  Kinesis: { source: "Stream", required: ["StartingPosition"] },
  DynamoDB: { source: "Stream", required: ["StartingPosition"] },
  MSK: {
    source: "Stream",
    required: ["StartingPosition"],
    gathered: { into: "AmazonManagedKafkaEventSourceConfig", from: ["ConsumerGroupId", "SchemaRegistryConfig"] },
  },
  MQ: { source: "Broker" },
  SelfManagedKafka: {
    source: null,
    gathered: { into: "SelfManagedKafkaEventSourceConfig", from: ["ConsumerGroupId", "SchemaRegistryConfig"] },
  },
  DocumentDB: {
    source: "Cluster",
    required: ["DatabaseName"],
    gathered: { into: "DocumentDBEventSourceConfig", from: ["DatabaseName", "CollectionName", "FullDocument"] },
  },
};

export const mappingTypes = Object.keys(sources);

/** Permissions alone. */
const withoutEffect = ["SecretsManagerKmsKeyId", "DynamicPolicyName"];

/** Properties keep their names and values; only the source's name is another. */
export function expandMapping(event: Event, invoked: Invoked, expansion: Expansion): void {
  const { type, logicalId, properties } = event;
  const { source, required = [], gathered } = sources[type]!;
  for (const name of [source ?? [], required].flat()) event.require(name, expansion);
  const renamed = [
    source ?? [],
    gathered?.from ?? [],
    "KafkaBootstrapServers",
    "DestinationConfig",
    withoutEffect,
  ].flat();
  const servers = properties.get("KafkaBootstrapServers");
  const group = Object.fromEntries((gathered?.from ?? []).map((name) => [name, properties.get(name)]));
  const isGathered = Object.values(group).some((each) => each !== undefined);
  expansion.make(
    logicalId,
    "AWS::Lambda::EventSourceMapping",
    event.place,
    {
      FunctionName: invoked.name,
      EventSourceArn: source === null ? undefined : properties.get(source),
      ...Object.fromEntries(properties.without(...renamed).entries),
      DestinationConfig: withoutTypes(properties.get("DestinationConfig")),
      SelfManagedEventSource: servers && { Endpoints: { KafkaBootstrapServers: servers } },
      ...(gathered && isGathered && { [gathered.into]: group }),
    },
    invoked.condition,
  );
}

/** `Type` of a destination is SAM's, for the permission. */
function withoutTypes(destinations: Written | undefined): Parts {
  const onFailure = destinations?.get("OnFailure");
  return onFailure === undefined ? destinations : destinations?.with({ OnFailure: onFailure.without("Type") });
}
