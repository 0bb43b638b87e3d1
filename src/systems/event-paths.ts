/** Finds the ways of an event through somebody's system: from where it enters to the function that works it. */

import { valueAt } from "../template/references.ts";
import { textWith } from "../template/substitution.ts";
import { placeOf, type TemplatePath, type TemplateResource, type TemplateValue } from "../template/template.ts";
import type { EventPath, Link, ServiceName, Station, UnmodelledSource } from "./event-path.ts";
import { sourceOfMapping } from "./mapping-source.ts";
import { Referring } from "./referring.ts";
import type { System } from "./system.ts";

const functionType = "AWS::Lambda::Function";
const queueType = "AWS::SQS::Queue";
const streamType = "AWS::Kinesis::Stream";
const topicType = "AWS::SNS::Topic";
const ruleType = "AWS::Events::Rule";
const busType = "AWS::Events::EventBus";
const bucketType = "AWS::S3::Bucket";
const destinationType = "AWS::Events::ApiDestination";
const mappingType = "AWS::Lambda::EventSourceMapping";

/** The lists of a bucket's notifications, and the keys that name who gets them: CloudFormation's, and those of S3's API. */
const notificationLists: Readonly<Record<string, readonly [list: string, key: string][]>> = {
  [queueType]: [
    ["QueueConfigurations", "Queue"],
    ["QueueConfigurations", "QueueArn"],
  ],
  [topicType]: [
    ["TopicConfigurations", "Topic"],
    ["TopicConfigurations", "TopicArn"],
  ],
  [functionType]: [
    ["LambdaConfigurations", "Function"],
    ["LambdaFunctionConfigurations", "LambdaFunctionArn"],
  ],
};

/** A path without the flags that choose it. */
type Found = Omit<EventPath, "choose">;

/** The beginning of a path, up to a queue, a stream or a function. */
interface Approach {
  stations: Station[];
  links: Link[];
}

/** Every event path of the system that can be lifted, in the order of the template. */
export function eventPathsIn(system: System): EventPath[] {
  const found = new Discovery(system).paths();
  return found.map((path) => ({ ...path, choose: flagsOf(path, found) }));
}

/** Every source of a function that cannot be lifted, in the order of the template. */
export function unmodelledSourcesIn(system: System): UnmodelledSource[] {
  return new Discovery(system).unmodelled();
}

/** The asynchronous invocations of a function that nothing in the template feeds. Null: there is no such function. */
export function invocationOf(system: System, functionName: string): EventPath | null {
  const discovery = new Discovery(system);
  const fn = discovery.functions().find(({ station }) => isNamed(discovery.referring, station, functionName));
  if (fn === undefined) return null;
  return { kind: "asynchronous", stations: [fn.station], links: [], choose: ["--function", fn.station.name] };
}

/** The names of the functions of the template, as the user calls them. */
export function functionNamesIn(system: System): string[] {
  return new Discovery(system).functions().map(({ station }) => station.name);
}

/** True where a path is the one that is asked for. `queueName` is that of any station before the function. */
export function isChosen(
  system: System,
  { stations }: Pick<EventPath, "stations">,
  { functionName, queueName }: { functionName?: string; queueName?: string },
): boolean {
  const referring = new Referring(system);
  const named = (name: string) => (station: Station) => isNamed(referring, station, name);
  return (
    (functionName === undefined || named(functionName)(stations.at(-1)!)) &&
    (queueName === undefined || stations.slice(0, -1).some(named(queueName)))
  );
}

/** By its logical ID, the end of a construct's path or an ARN, or the name that AWS knows it by. */
function isNamed(referring: Referring, { logicalId, name }: Station, wanted: string): boolean {
  // CDK ends a logical ID with eight digits of its own making.
  if ([logicalId, name, logicalId?.replace(/[0-9A-F]{8}$/, "")].includes(wanted)) return true;
  if (["/", ":", "."].some((mark) => name.endsWith(mark + wanted))) return true;
  const resource = logicalId === null ? null : referring.resource(logicalId);
  return resource !== null && referring.givenName(resource) === wanted;
}

/** The fewest flags that choose a path among all. */
function flagsOf(path: Found, all: readonly Found[]): string[] {
  if (all.length === 1) return [];
  const fn = path.stations.at(-1)!.name;
  const ofFunction = all.filter(({ stations }) => stations.at(-1)!.name === fn);
  if (ofFunction.length === 1) return ["--function", fn];
  const distinct = path.stations
    .slice(0, -1)
    .toReversed()
    .find(({ name }) => ofFunction.filter(({ stations }) => stations.some((each) => each.name === name)).length === 1);
  return ["--function", fn, ...(distinct === undefined ? [] : ["--queue", distinct.name])];
}

class Discovery {
  readonly referring: Referring;

  constructor(private readonly system: System) {
    this.referring = new Referring(system);
  }

  /** Each way once, however many notifications or subscriptions lead along it. */
  paths(): Found[] {
    const found = [
      ...this.#mappingPaths(),
      ...this.#invocationPaths(),
      ...this.#pullPaths(),
      ...this.#apiDestinationPaths(),
    ];
    const wayOf = ({ kind, stations }: Found) => JSON.stringify([kind, stations.map(({ name }) => name)]);
    const ways = found.map(wayOf);
    const distinct = found.filter((_, index) => ways.indexOf(ways[index]!) === index);
    const fed = new Set(distinct.map(({ stations }) => stations.at(-1)!.logicalId));
    const unfed = [...this.#configuredInvocations()].filter(({ stations: [fn] }) => !fed.has(fn!.logicalId));
    return [...distinct, ...unfed];
  }

  /** Functions that say what becomes of their asynchronous invocations, or to which another sends its results. */
  *#configuredInvocations(): Iterable<Found> {
    const configs = this.referring.ofType("AWS::Lambda::EventInvokeConfig");
    const configured = configs.map(({ properties }) => this.referring.named(properties.FunctionName, functionType));
    const destinations = configs.flatMap(({ properties }) =>
      ["OnSuccess", "OnFailure"].map((end) =>
        this.referring.named(valueAt(properties, "DestinationConfig", end, "Destination"), functionType),
      ),
    );
    for (const { resource, station } of this.functions()) {
      const isAsynchronous =
        resource.properties.DeadLetterConfig !== undefined || [...configured, ...destinations].includes(resource);
      if (isAsynchronous) yield { kind: "asynchronous", stations: [station], links: [] };
    }
  }

  functions(): { resource: TemplateResource; station: Station }[] {
    return this.referring.ofType(functionType).map((resource) => ({ resource, station: this.#station(resource) }));
  }

  unmodelled(): UnmodelledSource[] {
    return this.referring.ofType(mappingType).flatMap((mapping): UnmodelledSource[] => {
      const source = sourceOfMapping(mapping, this.referring);
      if (source.kind !== "unmodelled") return [];
      const fn = this.referring.named(mapping.properties.FunctionName, functionType);
      return [
        {
          functionName: fn === null ? null : this.#nameOf(fn),
          place: this.#placeOf(mapping, "EventSourceArn"),
          message: source.message,
        },
      ];
    });
  }

  *#mappingPaths(): Iterable<Found> {
    for (const mapping of this.referring.ofType(mappingType)) {
      const source = sourceOfMapping(mapping, this.referring);
      if (source.kind === "unmodelled") continue;
      const fn = this.#functionStation(mapping, "FunctionName");
      const link = { logicalId: mapping.logicalId, path: propertiesPath(mapping) };
      const station = source.resource
        ? this.#station(source.resource)
        : this.#outside(mapping, "EventSourceArn", source.kind === "stream" ? "Kinesis" : queueService(source.text));
      const approaches = source.resource && source.kind === "queue" ? this.#approachesTo(source.resource) : [];
      for (const { stations, links } of approaches.length > 0 ? approaches : [{ stations: [], links: [] }]) {
        yield { kind: source.kind, stations: [...stations, station, fn], links: [...links, link] };
      }
    }
  }

  /** Topics, rules and buckets that invoke a function. */
  *#invocationPaths(): Iterable<Found> {
    for (const { resource, station } of this.functions()) {
      for (const { stations, links } of this.#approachesTo(resource)) {
        yield { kind: "asynchronous", stations: [...stations, station], links };
      }
    }
  }

  /** A function that a schedule invokes, and that is told of a queue which no mapping reads. */
  *#pullPaths(): Iterable<Found> {
    const read = this.referring.ofType(mappingType).flatMap(({ properties }) => {
      const queue = this.referring.named(properties.EventSourceArn, queueType);
      return queue === null ? [] : [queue.logicalId];
    });
    for (const { path, rule, target } of this.#ruleTargets()) {
      if (rule.properties.ScheduleExpression === undefined) continue;
      const fn = this.referring.named(target.Arn, functionType);
      const environment = fn === null ? undefined : valueAt(fn.properties, "Environment", "Variables");
      if (fn === null || environment === undefined) continue;
      const queues = this.referring
        .referenced(environment)
        .filter(
          ({ type, logicalId }) => type === queueType && !read.includes(logicalId) && !this.#isDeadLetters(logicalId),
        );
      if (queues.length !== 1) continue;
      const approaches = this.#approachesTo(queues[0]!);
      const stations = [this.#station(queues[0]!), this.#station(fn)];
      const link = { logicalId: rule.logicalId, path };
      for (const each of approaches.length > 0 ? approaches : [{ stations: [], links: [] }]) {
        yield { kind: "pull", stations: [...each.stations, ...stations], links: [...each.links, link] };
      }
    }
  }

  *#apiDestinationPaths(): Iterable<Found> {
    for (const { path, rule, target } of this.#ruleTargets()) {
      const destination = this.referring.named(target.Arn, destinationType);
      if (destination === null || rule.properties.EventPattern === undefined) continue;
      const link = { logicalId: rule.logicalId, path };
      yield { kind: "API destination", stations: [this.#bus(rule), this.#station(destination)], links: [link] };
    }
  }

  /** Each way to a queue or a function by one step: a subscription, a rule with a pattern, a bucket's notification. */
  #approachesTo(resource: TemplateResource): Approach[] {
    return [...this.#subscriptionsOf(resource), ...this.#rulesOf(resource), ...this.#notificationsOf(resource)];
  }

  /** The ways to a topic, and on by one more link; the topic alone where nothing of the template publishes to it. */
  #throughTopic(topic: TemplateResource, link: Link): Approach[] {
    const station = this.#station(topic);
    const before = [...this.#rulesOf(topic), ...this.#notificationsOf(topic)];
    return (before.length > 0 ? before : [{ stations: [], links: [] }]).map(({ stations, links }) => ({
      stations: [...stations, station],
      links: [...links, link],
    }));
  }

  *#subscriptionsOf(resource: TemplateResource): Iterable<Approach> {
    const isWanted = (protocol: TemplateValue | undefined, endpoint: TemplateValue | undefined) =>
      protocol === (resource.type === queueType ? "sqs" : "lambda") &&
      this.referring.named(endpoint, resource.type) === resource;
    for (const subscription of this.referring.ofType("AWS::SNS::Subscription")) {
      const { Protocol, Endpoint, TopicArn } = subscription.properties;
      if (!isWanted(Protocol, Endpoint)) continue;
      const topic = this.referring.named(TopicArn, topicType);
      const link = { logicalId: subscription.logicalId, path: propertiesPath(subscription) };
      if (topic !== null) yield* this.#throughTopic(topic, link);
      else yield { stations: [this.#outside(subscription, "TopicArn", topicService(TopicArn))], links: [link] };
    }
    for (const topic of this.referring.ofType(topicType)) {
      const list = [topic.properties.Subscription ?? []].flat();
      for (const [index, each] of list.entries()) {
        if (!isWanted(valueAt(each, "Protocol"), valueAt(each, "Endpoint"))) continue;
        const path = [...propertiesPath(topic), "Subscription", index];
        yield* this.#throughTopic(topic, { logicalId: topic.logicalId, path });
      }
    }
  }

  *#rulesOf(resource: TemplateResource): Iterable<Approach> {
    for (const { path, rule, target } of this.#ruleTargets()) {
      if (rule.properties.EventPattern === undefined) continue;
      if (this.referring.named(target.Arn, resource.type) !== resource) continue;
      yield { stations: [this.#bus(rule)], links: [{ logicalId: rule.logicalId, path }] };
    }
  }

  /** A bucket tells of its objects. */
  *#notificationsOf(resource: TemplateResource): Iterable<Approach> {
    for (const { declaring, bucket } of this.#notifyingBuckets()) {
      for (const [list, key] of notificationLists[resource.type] ?? []) {
        const configurations = [valueAt(declaring.properties, "NotificationConfiguration", list) ?? []].flat();
        for (const [index, each] of configurations.entries()) {
          if (this.referring.named(valueAt(each, key), resource.type) !== resource) continue;
          const path = [...propertiesPath(declaring), "NotificationConfiguration", list, index];
          yield { stations: [bucket], links: [{ logicalId: declaring.logicalId, path }] };
        }
      }
    }
  }

  /** CDK declares the notifications in a resource of its own, in the words of S3's API. */
  *#notifyingBuckets(): Iterable<{ declaring: TemplateResource; bucket: Station }> {
    for (const bucket of this.referring.ofType(bucketType)) yield { declaring: bucket, bucket: this.#station(bucket) };
    for (const declaring of this.referring.ofType("Custom::S3BucketNotifications")) {
      const bucket = this.referring.named(declaring.properties.BucketName, bucketType);
      const station = bucket === null ? this.#outside(declaring, "BucketName", "S3") : this.#station(bucket);
      yield { declaring, bucket: station };
    }
  }

  *#ruleTargets(): Iterable<{ rule: TemplateResource; target: { [key: string]: TemplateValue }; path: TemplatePath }> {
    for (const rule of this.referring.ofType(ruleType)) {
      for (const [index, target] of [rule.properties.Targets ?? []].flat().entries()) {
        if (typeof target !== "object" || Array.isArray(target)) continue;
        yield { rule, target, path: [...propertiesPath(rule), "Targets", index] };
      }
    }
  }

  #bus(rule: TemplateResource): Station {
    const { EventBusName } = rule.properties;
    const bus = this.referring.named(EventBusName, busType);
    if (bus !== null) return this.#station(bus);
    if (EventBusName !== undefined) return this.#outside(rule, "EventBusName", "EventBridge");
    return { service: "EventBridge", logicalId: null, name: "default", place: this.#placeOf(rule) };
  }

  #isDeadLetters(queueId: string): boolean {
    return this.referring
      .ofType(queueType)
      .some(({ properties }) =>
        this.referring
          .referenced(valueAt(properties, "RedrivePolicy", "deadLetterTargetArn") ?? "")
          .some(({ logicalId }) => logicalId === queueId),
      );
  }

  #functionStation(mapping: TemplateResource, property: string): Station {
    const fn = this.referring.named(mapping.properties[property], functionType);
    return fn === null ? this.#outside(mapping, property, "Lambda") : this.#station(fn);
  }

  #station(resource: TemplateResource): Station {
    return {
      service: serviceOf(resource),
      logicalId: resource.logicalId,
      name: this.#nameOf(resource),
      place: this.#placeOf(resource),
    };
  }

  #outside(from: TemplateResource, property: string, service: ServiceName): Station {
    return {
      service,
      logicalId: null,
      name: nameOutside(from.properties[property]),
      place: this.#placeOf(from, property),
    };
  }

  #nameOf({ logicalId }: TemplateResource): string {
    return this.system.names.get(logicalId) ?? logicalId;
  }

  #placeOf({ logicalId }: TemplateResource, property?: string) {
    const path = ["Resources", logicalId];
    return placeOf(this.system.template, property === undefined ? path : [...path, "Properties", property]);
  }
}

function propertiesPath({ logicalId }: TemplateResource): TemplatePath {
  return ["Resources", logicalId, "Properties"];
}

function serviceOf({ type, properties }: TemplateResource): ServiceName {
  switch (type) {
    case queueType:
      return isTrue(properties.FifoQueue) ? "SQS FIFO" : "SQS";
    case topicType:
      return isTrue(properties.FifoTopic) ? "SNS FIFO" : "SNS";
    case streamType:
      return "Kinesis";
    case busType:
      return "EventBridge";
    case bucketType:
      return "S3";
    case destinationType:
      return "API destination";
    default:
      return "Lambda";
  }
}

function isTrue(value: TemplateValue | undefined): boolean {
  return String(value).toLowerCase() === "true";
}

function queueService(text: string | null): ServiceName {
  return text?.endsWith(".fifo") ? "SQS FIFO" : "SQS";
}

function topicService(value: TemplateValue | undefined): ServiceName {
  return value !== undefined && textWith(value)?.endsWith(".fifo") ? "SNS FIFO" : "SNS";
}

/** The name in an ARN, a parameter's name, or the function as it is written. */
function nameOutside(value: TemplateValue | undefined): string {
  if (value === undefined) return "unknown";
  const text = textWith(value);
  // The name of an export, or of whatever else a function asks for.
  if (text === null) return Object.values(value).find((each) => typeof each === "string") ?? JSON.stringify(value);
  const [, reference] = /^\$\{([^}]+)\}$/.exec(text) ?? [];
  if (reference !== undefined) return reference;
  return /^arn:/.test(text) ? (text.split(":").at(-1)!.split("/").at(-1) ?? text) : text;
}
