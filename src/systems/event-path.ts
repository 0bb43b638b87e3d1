/** An event path: one way of an event through somebody's system, from where it enters to the function that works it. */
import type { Place, TemplatePath } from "../template/template.ts";

/**
 * How the function gets its events.
 * - `queue`, `stream`: an event source mapping reads it
 * - `asynchronous`: a topic, a rule or a bucket invokes it, or anybody else does
 * - `pull`: a schedule invokes it, and it takes messages from a queue by itself
 * - `API destination`: a rule sends it requests at a rate
 */
export type PathKind = "queue" | "stream" | "asynchronous" | "pull" | "API destination";

/** A station's service as topologies name it. */
export type ServiceName =
  | "SNS"
  | "SNS FIFO"
  | "SQS"
  | "SQS FIFO"
  | "Kinesis"
  | "EventBridge"
  | "S3"
  | "API destination"
  | "Lambda";

/** A resource that an event comes through. */
export interface Station {
  service: ServiceName;
  /** in the system's template; null: it is outside of it, such as a queue that is named by its ARN */
  logicalId: string | null;
  /** as the user calls it; an ARN or a function as it is written where it is outside */
  name: string;
  /** of its declaration; of what refers to it where it is outside */
  place: Place;
}

/** It leads an event on to the next station: a subscription, a rule's target, a bucket's notification, an event source mapping. */
export interface Link {
  /** of the resource that declares it */
  logicalId: string;
  /** to its properties in the system's template, such as `["Resources", "Rule", "Properties", "Targets", 0]` */
  path: TemplatePath;
}

export interface EventPath {
  kind: PathKind;
  /** in the order of an event: the first is where it enters, the last the function (or the API destination) */
  stations: readonly Station[];
  /** as many as there are stations less one: the first leads from the first station to the second */
  links: readonly Link[];
  /** the flags that choose it among the others of the system, such as `["--function", "Worker"]`; empty where it is the only one */
  choose: readonly string[];
}

/** A source that feeds a function and is none that throttle-bench models. */
export interface UnmodelledSource {
  /** the function, as the user calls it; null: it is none of the template */
  functionName: string | null;
  place: Place;
  /** a sentence without a full stop: what it is, and the nearest that is modelled */
  message: string;
}

/** `SNS Orders → SQS Jobs → Lambda Worker`. */
export function pathInWords({ stations }: Pick<EventPath, "stations">): string {
  return stations.map(({ service, name }) => `${service} ${name}`).join(" → ");
}
