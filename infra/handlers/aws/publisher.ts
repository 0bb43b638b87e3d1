/** The publisher on AWS: one client a sink, of the SDK that the Node.js runtime brings along. */
import type { Publisher } from "../ports.ts";
import { type SinkKind, sinkIn } from "../sink.ts";

const publishers: Record<SinkKind, () => Promise<Publisher>> = {
  topic: async () => (await import("./sinks/topic.ts")).topic,
  queue: async () => (await import("./sinks/queue.ts")).queue,
  stream: () => Promise.reject(new Error("The producer cannot publish to a stream yet.")),
  bus: () => Promise.reject(new Error("The producer cannot publish to an event bus yet.")),
};

/** Loads the client of the function's one sink, and no other's, while Lambda starts the function. */
export function publisherIn(environment: Record<string, string | undefined>): Publisher {
  const publisher = publishers[sinkIn(environment).kind]();
  // The producer gets the rejection when it publishes.
  publisher.catch(() => {});
  return { publishBatch: async (sink, entries) => (await publisher).publishBatch(sink, entries) };
}
