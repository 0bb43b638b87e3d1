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
 * Runs `run` for each entry, and tells it the bytes of the entry's body; one that fails does not fail the others.
 * @throws ServiceError for a batch that is refused as a whole
 * https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SendMessageBatch.html#API_SendMessageBatch_Errors
 * https://docs.aws.amazon.com/sns/latest/api/API_PublishBatch.html#API_PublishBatch_Errors
 */
export function runBatch<Entry extends { Id: string }, Success extends { readonly Id: string }>(
  entries: readonly Entry[],
  limits: BatchLimits,
  bodyOf: (entry: Entry) => string,
  run: (entry: Entry, bytes: number) => Success,
): BatchOutput<Success> {
  const bytes = entries.map((entry) => Buffer.byteLength(bodyOf(entry)));
  checkBatch(entries, bytes, limits);
  const Successful: Success[] = [];
  const Failed: BatchFailure[] = [];
  for (let index = 0; index < entries.length; index++) {
    const entry = entries[index]!;
    try {
      Successful.push(run(entry, bytes[index]!));
    } catch (thrown) {
      if (!(thrown instanceof ServiceError)) throw thrown;
      const { code, message, statusCode } = thrown;
      Failed.push({ Id: entry.Id, Code: code, Message: message, SenderFault: statusCode < 500 });
    }
  }
  return { Successful, Failed };
}

function checkBatch(entries: readonly { Id: string }[], bytesOf: readonly number[], limits: BatchLimits): void {
  if (entries.length === 0) {
    throw new ServiceError("EmptyBatchRequest", "The batch request doesn't contain any entries.");
  }
  if (entries.length > limits.entries) {
    throw new ServiceError(
      "TooManyEntriesInBatchRequest",
      `Maximum number of entries per request are ${limits.entries}. You have sent ${entries.length}.`,
    );
  }
  for (let index = 0; index < entries.length; index++) {
    const { Id } = entries[index]!;
    if (!entryId.test(Id) || Id.length > limits.idCharacters) {
      throw new ServiceError(
        "InvalidBatchEntryId",
        `A batch entry id can only contain alphanumeric characters, hyphens and underscores. It can be at most ${limits.idCharacters} letters long.`,
      );
    }
    // There are so few that a set of them would take longer.
    for (let earlier = 0; earlier < index; earlier++) {
      if (entries[earlier]!.Id === Id) throw new ServiceError("BatchEntryIdsNotDistinct", `Id ${Id} repeated.`);
    }
  }
  let bytes = 0;
  for (let index = 0; index < bytesOf.length; index++) bytes += bytesOf[index]!;
  if (bytes > limits.bytes) {
    throw new ServiceError(
      "BatchRequestTooLong",
      `Batch requests cannot be longer than ${limits.bytes} bytes. You have sent ${bytes} bytes.`,
    );
  }
}

const entryId = /^[A-Za-z0-9_-]+$/;
