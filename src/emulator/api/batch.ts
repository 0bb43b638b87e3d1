/** The rules that the batch operations of SNS and SQS share. */
import type { BatchFailure } from "../account.ts";
import { ServiceError } from "../service-error.ts";

interface BatchLimits {
  entries: number;
  idCharacters: number;
  /** All messages together. */
  bytes: number;
}

type BatchOutput<Success> = { Successful: Success[]; Failed: BatchFailure[] };

/**
 * Runs `run` for each entry; one that fails does not fail the others.
 * @throws ServiceError for a batch that is refused as a whole
 * https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SendMessageBatch.html#API_SendMessageBatch_Errors
 * https://docs.aws.amazon.com/sns/latest/api/API_PublishBatch.html#API_PublishBatch_Errors
 */
export function runBatch<Entry extends { Id: string }, Success extends { readonly Id: string }>(
  entries: readonly Entry[],
  limits: BatchLimits,
  bodyOf: (entry: Entry) => string,
  run: (entry: Entry) => Success,
): BatchOutput<Success> {
  checkBatch(entries, limits, bodyOf);
  const Successful: Success[] = [];
  const Failed: BatchFailure[] = [];
  for (const entry of entries) {
    try {
      Successful.push(run(entry));
    } catch (thrown) {
      if (!(thrown instanceof ServiceError)) throw thrown;
      const { code, message, statusCode } = thrown;
      Failed.push({ Id: entry.Id, Code: code, Message: message, SenderFault: statusCode < 500 });
    }
  }
  return { Successful, Failed };
}

function checkBatch<Entry extends { Id: string }>(
  entries: readonly Entry[],
  limits: BatchLimits,
  bodyOf: (entry: Entry) => string,
): void {
  if (entries.length === 0) {
    throw new ServiceError("EmptyBatchRequest", "The batch request doesn't contain any entries.");
  }
  if (entries.length > limits.entries) {
    throw new ServiceError(
      "TooManyEntriesInBatchRequest",
      `Maximum number of entries per request are ${limits.entries}. You have sent ${entries.length}.`,
    );
  }
  const ids = new Set<string>();
  for (const { Id } of entries) {
    if (!/^[A-Za-z0-9_-]+$/.test(Id) || Id.length > limits.idCharacters) {
      throw new ServiceError(
        "InvalidBatchEntryId",
        `A batch entry id can only contain alphanumeric characters, hyphens and underscores. It can be at most ${limits.idCharacters} letters long.`,
      );
    }
    if (ids.has(Id)) throw new ServiceError("BatchEntryIdsNotDistinct", `Id ${Id} repeated.`);
    ids.add(Id);
  }
  const bytes = entries.reduce((sum, entry) => sum + Buffer.byteLength(bodyOf(entry)), 0);
  if (bytes > limits.bytes) {
    throw new ServiceError(
      "BatchRequestTooLong",
      `Batch requests cannot be longer than ${limits.bytes} bytes. You have sent ${bytes} bytes.`,
    );
  }
}
