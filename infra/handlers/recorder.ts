/** Writes each dead letter into the table under its own group, so that Postgres alone accounts for every event. */
import { Connection } from "./connection.ts";
import { parseEvent } from "./envelope.ts";
import { requiredText } from "./environment.ts";
import { groupsNamed } from "./group.ts";
import type { CreateHandler, Handler, Ports } from "./ports.ts";

/**
 * Environment: GROUP. A row keeps the id and `sent_at` of the original event.
 *
 * Throws after the last record when an insert failed, so that the letters come back. The ones that were written are then written
 * again, which is harmless because dead letters are counted by distinct id.
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
      if ("problem" in delivery) {
        // The letter is acknowledged. A dead-letter queue has no dead-letter queue of its own, so a refused letter would come back
        // until its retention ends, and its id could not be read then either. The log shows it, and its event counts as missing.
        ports.log(`Dead letter ${delivery.recordId} is dropped: ${delivery.problem}.`);
        continue;
      }
      const { id, sentAt, runId } = delivery.event;
      try {
        await downstream.insert({ id, sentAt, startedAt, groupId: groupOf(runId), batchId, cacheId });
      } catch (error) {
        failed.add(delivery.recordId);
        ports.log(`Dead letter ${delivery.recordId} failed: ${error instanceof Error ? error.message : String(error)}`);
      }
    }
    if (failed.size > 0) throw new Error(`${failed.size} dead letters were not recorded: ${[...failed].join(", ")}.`);
  };
}) satisfies CreateHandler;
