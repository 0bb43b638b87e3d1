/** The publisher on AWS: one client a sink, of the SDK that the Node.js runtime brings along. */
import type { Publisher } from "../ports.ts";
import { type SinkKind, sinkIn } from "../sink.ts";

const publishers: Record<SinkKind, () => Promise<Publisher>> = {
  topic: async () => (await import("./sinks/topic.ts")).topic,
  queue: async () => (await import("./sinks/queue.ts")).queue,
  stream: async () => (await import("./sinks/stream.ts")).stream,
  bus: async () => (await import("./sinks/bus.ts")).bus,
};

/** Loads the client of the function's one sink, and no other's, while Lambda starts the function. */
export function publisherIn(environment: Record<string, string | undefined>): Publisher {
  const publisher = publishers[sinkIn(environment).kind]();
  // The producer gets the rejection when it publishes.
  publisher.catch(() => {});
  return { publishBatch: async (sink, entries) => (await publisher).publishBatch(sink, entries) };
}
