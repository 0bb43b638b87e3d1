/** Watches the records of Kinesis data streams: each waits until a function has taken it, or its mapping has given it up. */
import { vi } from "vitest";
import type { StreamRecord } from "../../../src/emulator/account.ts";
import { StreamShard } from "../../../src/emulator/kinesis/shard.ts";
import type { Book } from "./book.ts";

interface InvocationRecord {
  eventSource?: string;
  kinesis?: { sequenceNumber: string };
}

export function watchStreams(book: Book): void {
  /** Sequence numbers ascend in a shard, and are of one length. */
  const records: { sequenceNumber: string; ids: number[] }[] = [];
  const keyOf = (sequenceNumber: string) => `record ${sequenceNumber}`;

  const put = StreamShard.prototype.put;
  vi.spyOn(StreamShard.prototype, "put").mockImplementation(function (this: StreamShard, entry) {
    const record: StreamRecord | null = put.call(this, entry);
    if (record !== null) {
      const { name } = (this as unknown as { owner: { name: string } }).owner;
      const ids = book.idsIn(Buffer.from(entry.data).toString());
      records.push({ sequenceNumber: record.sequenceNumber, ids });
      book.arrive(keyOf(record.sequenceNumber), name, ids);
    }
    return record;
  });

  // The message about records that a mapping gives up says where they are, and holds none of them.
  book.read((body) => {
    const { KinesisBatchInfo: info } = objectIn(body);
    if (info === undefined) return [];
    const { startSequenceNumber: first, endSequenceNumber: last } = info;
    const given = records.filter(({ sequenceNumber }) => sequenceNumber >= first && sequenceNumber <= last);
    for (const { sequenceNumber } of given) book.end(keyOf(sequenceNumber), "moved");
    return given.flatMap(({ ids }) => ids);
  });

  book.onSuccess((payload, answer) => {
    const numbers = sequenceNumbersIn(payload);
    const failed = new Set(failedIn(answer));
    const first = numbers.findIndex((number) => failed.has(number));
    for (const number of first < 0 ? numbers : numbers.slice(0, first)) book.end(keyOf(number), "consumed");
  });
}

function sequenceNumbersIn(payload: unknown): string[] {
  const { Records = [] } = (payload ?? {}) as { Records?: InvocationRecord[] };
  return Records.flatMap(({ kinesis }) => kinesis?.sequenceNumber ?? []);
}

function failedIn(payload: unknown): string[] {
  const { batchItemFailures = [] } = (payload ?? {}) as { batchItemFailures?: { itemIdentifier: string }[] };
  return batchItemFailures.map(({ itemIdentifier }) => itemIdentifier);
}

function objectIn(body: string): { KinesisBatchInfo?: { startSequenceNumber: string; endSequenceNumber: string } } {
  try {
    return JSON.parse(body) ?? {};
  } catch {
    return {};
  }
}
