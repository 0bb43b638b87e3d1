/** Rows as columns: what goes in comes out, whatever the texts and however many there are. */
import fc from "fast-check";
import { expect, it } from "vitest";
import { takeRows } from "../../../src/database/copied-rows.ts";
import { Columns } from "../../../src/rows/columns.ts";
import { Texts } from "../../../src/rows/texts.ts";
import { columnsOf, row } from "../metrics/rows.ts";

it("gives equal texts one number and each text back, as strings and as bytes", () => {
  const text = fc.oneof(fc.string({ unit: "grapheme" }), fc.constantFrom("", "a", "é", "b".repeat(3_000)));
  fc.assert(
    fc.property(fc.array(fc.tuple(text, fc.boolean()), { maxLength: 300, size: "max" }), (some) => {
      const texts = new Texts();
      const known = new Map<string, number>();
      for (const [one, isBytes] of some) {
        const bytes = Buffer.from(`<${one}>`);
        const number = isBytes ? texts.numberOfBytes(bytes, 1, bytes.length - 1) : texts.numberOf(one);
        expect(number).toBe(known.get(one) ?? known.size);
        known.set(one, number);
      }
      expect(texts.size).toBe(known.size);
      for (const [one, number] of known) expect(texts.text(number)).toBe(one);
    }),
  );
});

it("keeps a hundred thousand texts apart", () => {
  const texts = new Texts();
  for (let turn = 0; turn < 2; turn++) {
    for (let number = 0; number < 100_000; number++) {
      if (texts.numberOf(`instance-${number}`) !== number) expect.fail(`instance-${number} has another number`);
    }
  }
  expect(texts.size).toBe(100_000);
});

it("gives rows back by time, then id", () => {
  const given = [row(3, 20), row(2, 10), row(1, 20)];
  expect(columnsOf(given).toRows()).toEqual([given[1], given[2], given[0]]);
  expect(new Columns("none").toRows()).toEqual([]);
});

it("reads a COPY that is cut after every byte, as one that comes at once", async () => {
  const field = (bytes: Buffer | null) => {
    const length = Buffer.alloc(4);
    length.writeInt32BE(bytes?.length ?? -1);
    return bytes === null ? length : Buffer.concat([length, bytes]);
  };
  const number = (value: number) => {
    const bytes = Buffer.alloc(4);
    bytes.writeInt32BE(value);
    return bytes;
  };
  const time = (ms: number) => {
    const bytes = Buffer.alloc(8);
    bytes.writeBigInt64BE(BigInt(ms - Date.UTC(2000, 0, 1)) * 1_000n + 999n);
    return bytes;
  };
  const tuple = (fields: (Buffer | null)[]) => Buffer.concat([Buffer.from([0, fields.length]), ...fields.map(field)]);
  const [one, other] = [row(1, 10), row(-7, 20)];
  // A header with an extension of three bytes, as a later server may send it.
  const header = Buffer.concat([Buffer.from("PGCOPY\n\xff\r\n\0", "latin1"), number(0), number(3), Buffer.from("abc")]);
  const rows = [one, other].map(({ id, sentAt, startedAt, batchId, cacheId, createdAt }) =>
    tuple([number(id), time(sentAt), time(startedAt), Buffer.from(batchId), Buffer.from(cacheId), time(createdAt)]),
  );
  const nulls = tuple([null, null, null, null, null, null]);
  const whole = Buffer.concat([header, ...rows, nulls, Buffer.from([0xff, 0xff])]);
  for (const size of [1, 2, 7, 50, whole.length]) {
    const columns = new Columns("run/consumer");
    async function* chunks() {
      for (let at = 0; at < whole.length; at += size) yield whole.subarray(at, at + size);
    }
    await takeRows(chunks(), columns);
    expect(columns.toRows().filter(({ id }) => id !== 0)).toEqual([one, other]);
    expect(columns.length).toBe(3);
    expect(columns.createdAt[2]).toBeNaN();
  }
});
