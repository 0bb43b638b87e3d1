/** Fires the burst: publishes the numbered events of a run, as fast as it can or at a steady pace. */
import * as z from "zod/mini";
import { nonNegativeNumber, optionalShare } from "./environment.ts";
import { messageGroupingIn, messageGroupOf } from "./message-group.ts";
import type { CreateHandler, Handler, Ports, PublishEntry } from "./ports.ts";
import { publish } from "./publishing.ts";
import { longestRunId, runIdSchema } from "./run-id.ts";
import { isFifo, sinkIn } from "./sink.ts";

/** The most that SNS, SQS and EventBridge take: https://docs.aws.amazon.com/sns/latest/api/API_PublishBatch.html */
const maxEntriesPerCall = 10;

const maxId = 2 ** 31 - 1;
const count = z.int32().check(z.minimum(1));

/**
 * The producer does not wait for a start that is further away: the clock that named it has to be wrong, and the wait would use up the
 * function's time. It is twice the lead that the caller gives.
 */
const longestLeadMs = 20_000;

const invocation = z
  .object({
    runId: runIdSchema,
    events: count,
    firstId: z._default(count, 1),
    stride: z._default(count, 1),
    startAt: z.optional(z.int()),
  })
  .check(z.refine(({ events, firstId, stride }) => firstId + (events - 1) * stride <= maxId, { path: ["firstId"] }));

/** The answer to an invocation; times are ms since the epoch, `null` when nothing was published. */
export interface ProducerResult {
  published: number;
  failed: number;
  /** `sentAt` of the first and last event that the sink took */
  firstSentAt: number | null;
  lastSentAt: number | null;
}

/**
 * Environment: TOPIC_ARN, QUEUE_URL, STREAM_NAME or EVENT_BUS_NAME, PUBLISH_RATE (events per second; 0: as fast as it can),
 * DUPLICATE_RATE (the share of the events that are published a second time, at once; absent: none), and the message groups
 * (`message-group.ts`). Payload: `{ runId, events, firstId = 1, stride = 1, startAt }`.
 *
 * It publishes the ids firstId, firstId + stride, …: with a stride of n it is one of n lanes that publish side by side, and keeps
 * an n-th of the pace. `startAt` (ms since the epoch) is when the first event is due, so that the lanes begin together.
 *
 * One call is in flight at a time, in the order of the ids. Entries that fail on the sink's side, and calls that are rejected, are
 * tried again with the `sentAt` they were made with; a call that was rejected may have been carried out, so an event can be
 * published twice, which a FIFO topic or queue notices. Throws when the payload is malformed, when the pace does not fit into the
 * function's timeout, and when the sink takes nothing at all.
 */
export const createProducer = ((ports: Omit<Ports, "connect" | "queue" | "stream">): Handler => {
  const sink = sinkIn(ports.environment);
  const given = messageGroupingIn(ports.environment);
  // It takes no event without a group, and the order of all events is what it is for.
  const grouping = isFifo(sink) ? { ...given, groups: given.groups || 1 } : given;
  const publishRate = nonNegativeNumber(ports.environment, "PUBLISH_RATE");
  const duplicateRate = optionalShare(ports.environment, "DUPLICATE_RATE");

  return async (payload, context): Promise<ProducerResult> => {
    const { runId, events, firstId, stride, startAt } = parseInvocation(payload);
    const runIdJson = JSON.stringify(runId);
    const rate = publishRate / stride;
    const batchSize = batchSizeAt(rate);
    const leadMs = (startAt ?? 0) - ports.clock.now();
    if (leadMs > 0 && leadMs <= longestLeadMs) await ports.clock.sleep(leadMs);
    const startedAt = ports.clock.now();
    const lastDueMs = dueMs(Math.floor((events - 1) / batchSize) * batchSize, rate);
    if (lastDueMs >= context.getRemainingTimeInMillis()) {
      throw new Error(
        `${events} events at ${rate} per second take ${Math.ceil(lastDueMs / 1000)} s, more than the producer's timeout allows; raise PublishRate or send fewer events.`,
      );
    }

    const result: ProducerResult = { published: 0, failed: events, firstSentAt: null, lastSentAt: null };
    for (let before = 0; before < events; before += batchSize) {
      // Counted from the start and not from the batch before, so that time lost on a retry is made up and the mean pace holds.
      const waitMs = startedAt + dueMs(before, rate) - ports.clock.now();
      if (waitMs > 0) await ports.clock.sleep(waitMs);

      const sentAt = ports.clock.now();
      const entries: PublishEntry[] = [];
      for (let index = before; index < Math.min(before + batchSize, events); index++) {
        const id = firstId + index * stride;
        const group = messageGroupOf(id, grouping);
        entries.push({
          id: String(id),
          // As JSON.stringify writes it, which would take three times as long.
          message: `{"id":${id},"sentAt":${sentAt},"runId":${runIdJson}}`,
          messageGroup: group === null ? null : String(group),
          deduplicationId: `${runId}:${id}`,
        });
      }
      const { taken, unreachable } = await publish(ports, sink, entries);
      if (taken > 0) {
        result.published += taken;
        result.failed -= taken;
        result.firstSentAt ??= sentAt;
        result.lastSentAt = sentAt;
      }
      if (unreachable) {
        if (result.published === 0) throw new Error(`The ${sink.kind} takes no events: ${unreachable.message}`);
        break; // More calls to a sink that refuses for so long would only use up the function's time; the rest counts as failed.
      }
      if (duplicateRate > 0) {
        const again = entries.filter(() => ports.random("duplicate") < duplicateRate);
        // An event that the sink does not take again has no duplicate.
        if (again.length > 0) await publish(ports, sink, again);
      }
    }
    return result;
  };
}) satisfies CreateHandler;

function parseInvocation(payload: unknown): z.infer<typeof invocation> {
  const parsed = invocation.safeParse(payload);
  if (parsed.success) return parsed.data;
  const fields = new Set(parsed.error.issues.map((issue) => issue.path.join(".")));
  throw new Error(
    fields.has("")
      ? "The producer's payload has to be an object with runId, events and, where the ids are not 1, 2, 3, …, firstId and stride."
      : `The producer's payload is malformed in ${[...fields].join(", ")}: runId is a text of at most ${longestRunId} characters, events, firstId and stride are whole numbers from 1, startAt is in milliseconds, and no id is over ${maxId}.`,
  );
}

/**
 * Five calls a second until a call is full (at 50 events per second): a slow pace is then steady to a fifth of a second, where
 * calls of ten at 1 per second would be a burst every ten seconds.
 */
function batchSizeAt(rate: number): number {
  if (rate === 0) return maxEntriesPerCall;
  return Math.min(maxEntriesPerCall, Math.max(1, Math.ceil(rate / 5)));
}

/** The earliest time, after the start, at which an event with this many before it may be published. */
function dueMs(before: number, rate: number): number {
  return rate === 0 ? 0 : Math.ceil((before * 1000) / rate);
}
