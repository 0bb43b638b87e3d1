/** The consumer under test: for every event it calls the downstream, works for WORK_MS, then inserts one row. */
import { passLimiter } from "./admission.ts";
import { Connection } from "./connection.ts";
import { comesInOrder, namesOf, parseEvent } from "./envelope.ts";
import { nonNegativeInteger, requiredText } from "./environment.ts";
import { groupsNamed } from "./group.ts";
import type { CreateHandler, Downstream, Handler, InvocationContext, Ports } from "./ports.ts";
import { isScheduled, pull } from "./pull.ts";
import { giveBack, Refused } from "./refusal.ts";
import { type Service, serviceOf } from "./service.ts";
import { answerOf, forbidden, hasKey, isUrlRequest } from "./url.ts";

/**
 * Environment: WORK_MS (ms), GROUP, REPORT_BATCH_ITEM_FAILURES, QUEUE_URL (of the queue that it reads, if it reads one), and the
 * settings of the downstream (`service.ts`). Throws when one is missing or malformed.
 *
 * The handler takes the messages one after the other, also after one has failed. If some failed and REPORT_BATCH_ITEM_FAILURES is
 * true, it answers a partial batch response that names them; otherwise it throws, so that the whole batch comes back. From a source
 * that keeps an order it stops at the first message that fails, and all after it count as failed, too, so that none of them overtakes
 * it: https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-errorhandling.html
 *
 * WHEN_REFUSED says what becomes of an event that a limiter or the downstream refuses. `throw`: the invocation fails at once, so
 * that the whole batch comes back. `report`: the event fails as any other does. `wait`: the handler sleeps until the limit has room,
 * and asks again. `return`: the event fails, and its message is visible again as soon as the limit has room; without a queue that is
 * `report`. From a source that keeps an order all that is left of the batch is given back so.
 *
 * A request to the function's URL has to carry URL_KEY, or it is refused without any work. It is answered with 200, with 500 when its
 * event failed, and with 429 and Retry-After when it was refused. A schedule's event is a pull of PULL_COUNT messages from QUEUE_URL.
 *
 * A limiter is asked first, and the downstream is called after its grant. A reserved turn that comes within the time that the function
 * has left is slept until, whatever WHEN_REFUSED says.
 */
export const createConsumer = ((ports: Omit<Ports, "publisher" | "stream">): Handler => {
  const workMs = nonNegativeInteger(ports.environment, "WORK_MS");
  const groupOf = groupsNamed(requiredText(ports.environment, "GROUP"));
  const reportsItemFailures = ports.environment.REPORT_BATCH_ITEM_FAILURES === "true";
  const service = serviceOf(ports);
  const cacheId = ports.newId();
  const connection = new Connection(ports);

  const work = async (event: unknown, context: InvocationContext, batchId: string): Promise<unknown> => {
    const isRequest = isUrlRequest(event);
    if (isRequest && !hasKey(event, ports.environment.URL_KEY)) return forbidden;
    // Read before connecting, because the event spends the wait for a connection in the handler.
    let startedAt = ports.clock.now();
    const deliveries = parseEvent(event);
    const downstream = connection.opened ?? (await connection.open());

    const isOrdered = comesInOrder(event);
    // Made when one fails, because each set takes time.
    let failed: Set<string> | null = null;
    let failure: unknown = null;
    for (let index = 0; index < deliveries.length; index++) {
      const delivery = deliveries[index]!;
      const calledAt = service === null ? 0 : ports.clock.now();
      let refusal: Refused | null = null;
      try {
        if ("problem" in delivery) throw new Error(delivery.problem);
        const { id, sentAt, runId } = delivery.event;
        if (service === null) await ports.clock.sleep(workMs);
        else {
          // Each event that is left of the batch gets its share of the time that is left.
          const leftMs = () => context.getRemainingTimeInMillis() / (deliveries.length - index);
          await passLimiter(id, runId, service, leftMs, downstream, ports);
          await callFor(id, runId, service, downstream, ports);
        }
        await downstream.insert({ id, sentAt, startedAt, groupId: groupOf(runId), batchId, cacheId });
      } catch (error) {
        failure = error;
        const back = isOrdered ? deliveries.slice(index) : [delivery];
        failed ??= new Set();
        for (const { recordId } of back) failed.add(recordId);
        ports.log(`Record ${delivery.recordId} failed: ${error instanceof Error ? error.message : String(error)}`);
        if (error instanceof Refused) {
          refusal = error;
          if (service?.whenRefused === "return")
            for (const { recordId } of back) await giveBack(recordId, refusal, event, ports);
        }
      }
      if (service !== null) {
        const leftMs = calledAt + service.holdMs - ports.clock.now();
        if (leftMs > 0) await ports.clock.sleep(leftMs);
        if (refusal !== null && service.whenRefused === "throw" && !isRequest) throw refusal;
      }
      if (isOrdered && failed !== null) break;
      startedAt = ports.clock.now();
    }

    if (isRequest) return answerOf(deliveries, failure);
    if (reportsItemFailures && deliveries.every(({ source }) => source !== "sns" && source !== "bus")) {
      return { batchItemFailures: [...(failed ?? [])].map((itemIdentifier) => ({ itemIdentifier })) };
    }
    if (failed !== null) throw new Error(`${failed.size} of the records failed: ${namesOf(failed)}.`);
  };

  // Not asynchronous itself, because each promise takes time.
  return (event, context) => {
    const batchId = ports.newId();
    return isScheduled(event) ? pull(ports, (pulled) => work(pulled, context, batchId)) : work(event, context, batchId);
  };
}) satisfies CreateHandler;

/** Calls the downstream for one event, and works for it. */
async function callFor(
  id: number,
  runId: string,
  service: Service,
  downstream: Downstream,
  { clock }: Pick<Ports, "clock">,
): Promise<void> {
  const fails = service.fails(id);
  for (;;) {
    const { limit, countsRefused } = service;
    const { refused, retryAfterMs } = await downstream.call({ runId, id, fails, limit, countsRefused });
    if (!refused) break;
    if (service.whenRefused !== "wait") throw downstreamRefuses(id, retryAfterMs);
    await clock.sleep(retryAfterMs);
  }
  await clock.sleep(service.workMs(id));
  if (fails) throw new Error(`The downstream failed the call for event ${id}.`);
}

function downstreamRefuses(id: number, retryAfterMs: number): Refused {
  const message = `The downstream refused the call for event ${id}: its limit has room again in ${retryAfterMs} ms.`;
  return new Refused(message, Math.ceil(retryAfterMs / 1_000));
}
