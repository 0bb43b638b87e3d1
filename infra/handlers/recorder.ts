/** Writes each dead letter into the table under its own group, so that Postgres alone accounts for every event. */
import { Connection } from "./connection.ts";
import { type Delivery, messageIn, namesOf, parseEvent } from "./envelope.ts";
import { requiredText } from "./environment.ts";
import { groupsNamed } from "./group.ts";
import type { CreateHandler, Handler, Ports, StreamPlace } from "./ports.ts";

/**
 * Environment: GROUP. A row keeps the id and `sent_at` of the original event. A letter that only says where records of a stream are
 * is written as the events that these records hold.
 *
 * Throws after the last record when an insert or the reading of a stream failed, so that the letters come back. The ones that were
 * written are then written again, which is harmless because dead letters are counted by distinct id.
 */
export const createRecorder = ((ports: Omit<Ports, "publisher" | "queue">): Handler => {
  const groupOf = groupsNamed(requiredText(ports.environment, "GROUP"));
  const cacheId = ports.newId();
  const connection = new Connection(ports);

  return async (event) => {
    const startedAt = ports.clock.now();
    const batchId = ports.newId();
    const deliveries = parseEvent(event);
    const downstream = connection.opened ?? (await connection.open());

    const failed = new Set<string>();
    for (const delivery of deliveries) {
      try {
        for (const content of await contentsOf(delivery, ports)) {
          if ("problem" in content) {
            // The letter is acknowledged. A dead-letter queue has no dead-letter queue of its own, so a refused letter would come back
            // until its retention ends, and its id could not be read then either. The log shows it, and its event counts as missing.
            ports.log(`Dead letter ${delivery.recordId} is dropped: ${content.problem}.`);
            continue;
          }
          const { id, sentAt, runId } = content.event;
          await downstream.insert({ id, sentAt, startedAt, groupId: groupOf(runId), batchId, cacheId });
        }
      } catch (error) {
        failed.add(delivery.recordId);
        ports.log(`Dead letter ${delivery.recordId} failed: ${error instanceof Error ? error.message : String(error)}`);
      }
    }
    if (failed.size > 0) throw new Error(`${failed.size} dead letters were not recorded: ${namesOf(failed)}.`);
  };
}) satisfies CreateHandler;

/** The messages of a letter: its own, or those of the records to which it points. */
async function contentsOf(delivery: Delivery, ports: StreamPorts): Promise<ReturnType<typeof messageIn>[]> {
  if (!("place" in delivery) || delivery.place === undefined) return [delivery];
  const records = await recordsAt(delivery.place, ports);
  return records.length > 0 ? records.map(messageIn) : [{ problem: "the stream no longer has its records" }];
}

type StreamPorts = Pick<Ports, "stream" | "clock" | "log">;

/** A shard is read five times a second at most, by everybody together, so that a call may have to wait for its turn. */
const maxAttempts = 6;
const firstRetryMs = 250;

async function recordsAt(place: StreamPlace, ports: StreamPorts): Promise<string[]> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await ports.stream.recordsAt(place);
    } catch (error) {
      if (attempt === maxAttempts) throw error;
      ports.log(`The records at ${place.startSequenceNumber} were not read at attempt ${attempt}: ${String(error)}`);
    }
    await ports.clock.sleep(firstRetryMs * 2 ** (attempt - 1));
  }
}
