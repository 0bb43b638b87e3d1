/** The sink that the producer publishes to: the one topic, queue, stream or event bus that its environment names. */

const kinds = { TOPIC_ARN: "topic", QUEUE_URL: "queue", STREAM_NAME: "stream", EVENT_BUS_NAME: "bus" } as const;

export type SinkKind = (typeof kinds)[keyof typeof kinds];

/** The environment variables of which the producer has exactly one. */
export const sinkVariables = Object.keys(kinds) as (keyof typeof kinds)[];

export interface Sink {
  kind: SinkKind;
  /** the topic's ARN, the queue's URL, the name of the stream or the bus */
  address: string;
}

/** The `source` and `detail-type` of what the producer puts on a bus, for a rule's pattern. */
export const busEventSource = "throttle-bench";
export const busEventType = "Event";

/** Throws when the environment names none, or more than one. */
export function sinkIn(environment: Record<string, string | undefined>): Sink {
  const named = sinkVariables.filter((name) => environment[name]);
  const [name, other] = named;
  if (name === undefined) {
    throw new Error(
      `The environment names no sink; the function's template has to set one of ${sinkVariables.join(", ")}.`,
    );
  }
  if (other !== undefined) {
    throw new Error(`The environment variables ${name} and ${other} both name a sink; the producer has one.`);
  }
  return { kind: kinds[name], address: environment[name]! };
}

/** A FIFO topic or queue, which takes no entry without a message group. AWS ends their names so, and no others'. */
export function isFifo({ kind, address }: Sink): boolean {
  return (kind === "topic" || kind === "queue") && address.endsWith(".fifo");
}
