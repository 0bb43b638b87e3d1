/** Properties and resources that a lifted scenario does without, each with the reason; whatever is not here is *not modelled*. */
import type { LeftOut } from "../lifted.ts";

export type Reason = Pick<LeftOut, "kind" | "why">;

function noEffect(why: string): Reason {
  return { kind: "no effect", why };
}

const code = noEffect("the consumer of the bench stands for the code");
const names = noEffect("names, tags and descriptions");
const permissions = noEffect("permissions");
const keys = noEffect("encryption");
const watched = noEffect("logs, traces, metrics and alarms");
const network = noEffect("the network: the bench's functions are in that of their database");
const deployment = noEffect("how the stack is deployed");
const sizes = noEffect("sizes: the bench's events are small");
const content = noEffect("the content of events: the bench has its own");
const delivered = noEffect("deliveries that fail for good: within an account they do not");
/** The path itself tells of them. */
export const ways = noEffect("the way of the event");
const filters: Reason = { kind: "every event passes", why: "every event of the spike passes" };
const coldStarts: Reason = { kind: "not modelled", why: "it decides cold starts alone" };
export const elsewhere: Reason = { kind: "elsewhere", why: "not on this path" };
export const ownDeadLetters = noEffect("the bench has a dead-letter queue of its own, and counts what comes to it");
export const notModelled: Reason = { kind: "not modelled", why: "the scenario has no setting for it" };

function each(reason: Reason, ...properties: string[]): Record<string, Reason> {
  return Object.fromEntries(properties.map((property) => [property, reason]));
}

const target = {
  ...each(ways, "Id", "Arn"),
  ...each(permissions, "RoleArn"),
  ...each(content, "Input", "InputPath", "InputTransformer", "HttpParameters"),
  ...each(delivered, "DeadLetterConfig", "RetryPolicy"),
};

/** By type, and by the property's keys with dots. */
export const propertiesLeftOut: Readonly<Record<string, Readonly<Record<string, Reason>>>> = {
  "AWS::Lambda::Function": {
    ...each(code, "Code", "Runtime", "Handler", "PackageType", "Layers", "ImageConfig", "Architectures", "Environment"),
    ...each(code, "EphemeralStorage", "FileSystemConfigs", "CodeSigningConfigArn", "RuntimeManagementConfig"),
    ...each(names, "FunctionName", "Description", "Tags"),
    ...each(permissions, "Role", "RecursiveLoop"),
    ...each(keys, "KmsKeyArn"),
    ...each(watched, "TracingConfig", "LoggingConfig"),
    ...each(network, "VpcConfig"),
    ...each(coldStarts, "SnapStart"),
    DeadLetterConfig: noEffect("where asynchronous invocations are given up to: this path has none"),
  },
  "AWS::SQS::Queue": {
    ...each(names, "QueueName", "Tags"),
    ...each(keys, "KmsMasterKeyId", "KmsDataKeyReusePeriodSeconds", "SqsManagedSseEnabled"),
    ...each(permissions, "RedriveAllowPolicy"),
    ...each(sizes, "MaximumMessageSize"),
    ...each(ways, "FifoQueue"),
    "RedrivePolicy.deadLetterTargetArn": ownDeadLetters,
  },
  "AWS::SNS::Topic": {
    ...each(names, "TopicName", "DisplayName", "Tags"),
    ...each(keys, "KmsMasterKeyId"),
    ...each(watched, "TracingConfig", "DeliveryStatusLogging"),
    ...each(content, "SignatureVersion", "DataProtectionPolicy"),
    ...each(ways, "Subscription", "FifoTopic"),
    ArchivePolicy: noEffect("an archive that is replayed on request"),
  },
  "AWS::SNS::Subscription": {
    ...each(ways, "TopicArn", "Protocol", "Endpoint", "Region"),
    ...each(filters, "FilterPolicy", "FilterPolicyScope"),
    ...each(delivered, "RedrivePolicy", "DeliveryPolicy"),
    ...each(permissions, "SubscriptionRoleArn"),
    ...each(content, "RawMessageDelivery"),
  },
  "AWS::Lambda::EventSourceMapping": {
    ...each(ways, "EventSourceArn", "FunctionName"),
    ...each(filters, "FilterCriteria"),
    ...each(keys, "KmsKeyArn"),
    ...each(names, "Tags"),
    ...each(ways, "Enabled"),
    ...each(watched, "MetricsConfig", "LoggingConfig"),
    ...each(
      noEffect("the place in the stream where it begins: a run's stream is new"),
      "StartingPosition",
      "StartingPositionTimestamp",
    ),
    "DestinationConfig.OnFailure": ownDeadLetters,
    TumblingWindowInSeconds: {
      kind: "not modelled",
      why: "a tumbling window holds batches together for its time, and no more than one at a time",
    },
  },
  "AWS::Lambda::EventInvokeConfig": {
    ...each(ways, "FunctionName", "Qualifier"),
    "DestinationConfig.OnFailure": ownDeadLetters,
    "DestinationConfig.OnSuccess": elsewhere,
  },
  "AWS::Events::Rule": {
    ...each(ways, "EventBusName", "Targets", "State"),
    ...each(names, "Name", "Description", "Tags"),
    ...each(permissions, "RoleArn"),
    ...each(filters, "EventPattern"),
    ...Object.fromEntries(Object.entries(target).map(([key, reason]) => [`Targets.${key}`, reason])),
  },
  "AWS::Events::EventBus": {
    ...each(names, "Name", "Description", "Tags", "EventSourceName"),
    ...each(keys, "KmsKeyIdentifier"),
    ...each(permissions, "Policy"),
    ...each(watched, "LogConfig"),
    ...each(delivered, "DeadLetterConfig"),
  },
  "AWS::Events::ApiDestination": {
    ...each(names, "Name", "Description"),
    ...each(ways, "ConnectionArn", "HttpMethod", "InvocationEndpoint"),
  },
  "AWS::Kinesis::Stream": {
    ...each(names, "Name", "Tags"),
    ...each(keys, "StreamEncryption"),
    ...each(watched, "DesiredShardLevelMetrics"),
    ...each(sizes, "MaxRecordSizeInKiB"),
  },
};

/** Whole resources, by their type; the first that fits. */
const resourcesLeftOut: readonly [RegExp, Reason][] = [
  [/^AWS::IAM::|::\w*(Policy|Permission|ResourcePolicy)$/, permissions],
  [/^AWS::(KMS|SecretsManager)::/, keys],
  [/^AWS::(Logs|CloudWatch|XRay|Synthetics|RUM|ApplicationInsights|Oam)::/, watched],
  [/^AWS::(EC2|ElasticLoadBalancing\w*)::/, network],
  [/^AWS::(CDK|CodeDeploy|CloudFormation|SSM|ServiceCatalog\w*|ResourceGroups)::|^Custom::/, deployment],
  [/^AWS::Lambda::(Version|Alias)$/, deployment],
  [/^AWS::Lambda::LayerVersion$|^AWS::Signer::/, code],
  [/^AWS::ApplicationAutoScaling::/, coldStarts],
];

export function resourceLeftOut(type: string): Reason {
  return resourcesLeftOut.find(([pattern]) => pattern.test(type))?.[1] ?? elsewhere;
}

export const switchedOff: Reason = {
  kind: "not modelled",
  why: "it is switched off; the scenario is as if it were on",
};

export const sharedReading: Reason = {
  kind: "not modelled",
  why: "an enhanced fan-out consumer gets its records within 70 ms; the scenario reads as a standard one, which polls once a second",
};

export const stoodFor: Reason = noEffect("the producer of the bench stands for it");

export const competes: Reason = {
  kind: "not modelled",
  why: "it takes a share of what this path has for itself here",
};

export const provisioned = coldStarts;
