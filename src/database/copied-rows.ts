/** Takes rows out of what COPY sends. https://www.postgresql.org/docs/current/sql-copy.html#SQL-COPY-FILE-FORMATS */
import type { Columns } from "../rows/columns.ts";

/** The columns in the order in which they are taken; each is read as the server holds it, which costs neither side a text. */
export function copyOfGroup(groupLiteral: string): string {
  return `copy (select id, sent_at, started_at, batch_id, cache_id, created_at from invocations where group_id = ${groupLiteral})
          to stdout with (format binary)`;
}

/** The signature, the flags, and the length of an extension that follows. */
const headerBytes = 19;
/** Postgres counts microseconds from here. */
const epochMs = Date.UTC(2000, 0, 1);

/** Adds the rows to the columns while their bytes come. Text is UTF-8. */
export async function takeRows(chunks: AsyncIterable<Buffer>, columns: Columns): Promise<void> {
  let rest: Buffer = Buffer.alloc(0);
  let isInRows = false;
  for await (const chunk of chunks) {
    const bytes = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
    let at = 0;
    if (!isInRows) {
      const start = headerBytes + (bytes.length < headerBytes ? 0 : int32(bytes, headerBytes - 4));
      isInRows = bytes.length >= start;
      if (isInRows) at = start;
    }
    if (isInRows) at = takeWholeRows(bytes, at, columns);
    rest = bytes.subarray(at);
  }
}

const fields = 6;

/** Returns where the first row begins that is not whole yet, or the end of all of them. */
function takeWholeRows(bytes: Buffer, from: number, columns: Columns): number {
  let start = from;
  while (start + 2 <= bytes.length) {
    // The trailer has −1 in place of the number of fields.
    if (((bytes[start]! << 8) | bytes[start + 1]!) === 0xffff) return bytes.length;
    let at = start + 2;
    for (let field = 0; field < fields; field++) {
      if (at + 4 > bytes.length) return start;
      at += 4 + Math.max(0, int32(bytes, at));
    }
    if (at > bytes.length) return start;
    takeRow(bytes, start + 2, columns);
    start = at;
  }
  return start;
}

/** `at`: the length of its first field. */
function takeRow(bytes: Buffer, at: number, columns: Columns): void {
  const sent = after(bytes, at);
  const started = after(bytes, sent);
  const batch = after(bytes, started);
  const cache = after(bytes, batch);
  const created = after(bytes, cache);
  columns.add(
    int32(bytes, at) < 0 ? 0 : int32(bytes, at + 4),
    milliseconds(bytes, sent),
    milliseconds(bytes, started),
    columns.batches.numberOfBytes(bytes, batch + 4, Math.max(batch + 4, cache)),
    columns.caches.numberOfBytes(bytes, cache + 4, Math.max(cache + 4, created)),
    milliseconds(bytes, created),
  );
}

/** Where the field after the one at `at` begins. A length of −1 is that of null. */
function after(bytes: Buffer, at: number): number {
  return at + 4 + Math.max(0, int32(bytes, at));
}

function int32(bytes: Buffer, at: number): number {
  return (bytes[at]! << 24) | (bytes[at + 1]! << 16) | (bytes[at + 2]! << 8) | bytes[at + 3]!;
}

/** Whole milliseconds, without the microseconds of `now()`; NaN for null. It is exact, because the microseconds stay below 2^53. */
function milliseconds(bytes: Buffer, at: number): number {
  if (int32(bytes, at) < 0) return Number.NaN;
  const microseconds = int32(bytes, at + 4) * 2 ** 32 + (int32(bytes, at + 8) >>> 0);
  return epochMs + Math.floor(microseconds / 1_000);
}
