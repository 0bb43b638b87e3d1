/** The parts of a batch that SNS and SQS have in common. */
import type { PublishEntry, PublishFailure } from "../../ports.ts";
import { isFifo, type Sink } from "../../sink.ts";

/** Only a FIFO topic or queue takes a deduplication id. */
export function groupOf({ messageGroup, deduplicationId }: PublishEntry, sink: Sink) {
  return {
    MessageGroupId: messageGroup ?? undefined,
    MessageDeduplicationId: isFifo(sink) ? deduplicationId : undefined,
  };
}

interface Failed {
  Id?: string;
  Code?: string;
  SenderFault?: boolean;
}

export function failuresOf(failed: readonly Failed[] = []): PublishFailure[] {
  return failed.map(({ Id = "", Code = "Unknown", SenderFault = false }) => ({
    id: Id,
    code: Code,
    senderFault: SenderFault,
  }));
}
