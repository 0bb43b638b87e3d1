/** Publishes a batch of events to a sink, with the retries that show in the function's log. */
import type { Ports, PublishEntry } from "./ports.ts";
import type { Sink } from "./sink.ts";

/** A call is made at most this often. With the waits in between that takes about 11 s when the sink never answers. */
const maxAttempts = 8;
const firstRetryMs = 100;
const maxRetryMs = 5_000;

/** Resolves with how many entries were taken and, when the last attempt was rejected as a whole, why. */
export async function publish(
  ports: Pick<Ports, "publisher" | "clock" | "log">,
  sink: Sink,
  entries: PublishEntry[],
): Promise<{ taken: number; unreachable?: Error }> {
  let pending = entries;
  let taken = 0;
  for (let attempt = 1; ; attempt++) {
    let rejection: Error | undefined;
    try {
      const answered = await ports.publisher.publishBatch(sink, pending);
      if (answered.length === 0) return { taken: taken + pending.length };
      const failures = new Map(answered.map((failure) => [failure.id, failure]));
      for (const { id, code } of failures.values())
        ports.log(`Event ${id} was not taken at attempt ${attempt}: ${code}.`);
      taken += pending.filter(({ id }) => !failures.has(id)).length;
      pending = pending.filter(({ id }) => failures.get(id)?.senderFault === false);
    } catch (error) {
      rejection = error instanceof Error ? error : new Error(String(error));
      ports.log(`A batch of ${pending.length} was rejected at attempt ${attempt}: ${rejection.message}`);
    }
    if (pending.length === 0) return { taken };
    if (attempt === maxAttempts) return { taken, unreachable: rejection };
    await ports.clock.sleep(Math.min(maxRetryMs, firstRetryMs * 2 ** (attempt - 1)));
  }
}
