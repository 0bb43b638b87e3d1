/** The consumer under test: for every event it works for WORK_MS, then inserts one row. */
import { connectOnce } from "./connection.ts";
import { parseEvent } from "./envelope.ts";
import { nonNegativeInteger, requiredText } from "./environment.ts";
import { groupsNamed } from "./group.ts";
import type { CreateHandler, Handler, Ports } from "./ports.ts";

/**
 * Environment: WORK_MS (ms), GROUP, REPORT_BATCH_ITEM_FAILURES. Throws when one is missing or malformed.
 *
 * The handler takes the messages one after the other, also after one has failed. If some failed and REPORT_BATCH_ITEM_FAILURES is
 * true, it answers an SQS partial batch response that names them; otherwise it throws, so that the whole batch comes back: https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-errorhandling.html
 */
export const createConsumer = ((ports: Omit<Ports, "publisher">): Handler => {
  const workMs = nonNegativeInteger(ports.environment, "WORK_MS");
  const groupOf = groupsNamed(requiredText(ports.environment, "GROUP"));
  const reportsItemFailures = ports.environment.REPORT_BATCH_ITEM_FAILURES === "true";
  const cacheId = ports.newId();
  const connected = connectOnce(ports);

  return async (event) => {
    // Read before connecting, because the event spends the wait for a connection in the handler.
    let startedAt = ports.clock.now();
    const batchId = ports.newId();
    const deliveries = parseEvent(event);
    const rows = await connected();

    const failed = new Set<string>();
    for (const delivery of deliveries) {
      try {
        if ("problem" in delivery) throw new Error(delivery.problem);
        const { id, sentAt, runId } = delivery.event;
        await ports.clock.sleep(workMs);
        await rows.insert({ id, sentAt, startedAt, groupId: groupOf(runId), batchId, cacheId });
      } catch (error) {
        failed.add(delivery.recordId);
        ports.log(`Record ${delivery.recordId} failed: ${error instanceof Error ? error.message : String(error)}`);
      }
      startedAt = ports.clock.now();
    }

    if (reportsItemFailures && deliveries.every(({ source }) => source === "sqs")) {
      return { batchItemFailures: [...failed].map((itemIdentifier) => ({ itemIdentifier })) };
    }
    if (failed.size > 0) throw new Error(`${failed.size} of the records failed: ${[...failed].join(", ")}.`);
  };
}) satisfies CreateHandler;
