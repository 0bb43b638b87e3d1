/** The adapter between a topic and a stream: puts each event that the topic delivers into the stream, for no topic can do so itself. */
import { parseEvent } from "./envelope.ts";
import { messageGroupingIn, messageGroupOf } from "./message-group.ts";
import type { CreateHandler, Handler, Ports } from "./ports.ts";
import { publish } from "./publishing.ts";
import { sinkIn } from "./sink.ts";

/**
 * Environment: the sink (`sink.ts`) and the message groups (`message-group.ts`), which are partition keys in a stream.
 *
 * Entries that the sink does not take are tried again. Throws when some are left, or hold no event of the bench, so that Lambda tries
 * the invocation again and then gives it up; an event that was taken before is then there twice.
 */
export const createAdapter = ((ports: Omit<Ports, "connect" | "queue" | "stream">): Handler => {
  const sink = sinkIn(ports.environment);
  const grouping = messageGroupingIn(ports.environment);

  return async (payload) => {
    const entries = parseEvent(payload).map((delivery) => {
      if ("problem" in delivery) throw new Error(`Record ${delivery.recordId} is no event: ${delivery.problem}.`);
      const { id, sentAt, runId } = delivery.event;
      const group = messageGroupOf(id, grouping);
      return {
        id: String(id),
        message: JSON.stringify({ id, sentAt, runId }),
        messageGroup: group === null ? null : String(group),
        deduplicationId: `${runId}:${id}`,
      };
    });
    const { taken, unreachable } = await publish(ports, sink, entries);
    if (taken < entries.length) {
      const why = unreachable === undefined ? "" : `: ${unreachable.message}`;
      throw new Error(`${entries.length - taken} of ${entries.length} events were not taken by the ${sink.kind}${why}`);
    }
  };
}) satisfies CreateHandler;
