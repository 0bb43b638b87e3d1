/** The files of an archive, by its directory alone. */
import fc from "fast-check";
import { zipSync } from "fflate";
import { expect, it } from "vitest";
import { filesIn } from "../../../src/emulator/lambda/archive.ts";

// The library that makes the archives takes a file of this name for an object's prototype.
const name = fc.string({ unit: "grapheme", minLength: 1, maxLength: 20 }).filter((text) => text !== "__proto__");

it("are those that were put into it, with their sizes", () => {
  const contents = fc.dictionary(name, fc.uint8Array({ maxLength: 50 }), { maxKeys: 8, noNullPrototype: true });
  fc.assert(
    fc.property(contents, fc.boolean(), (files, isStored) => {
      const zip = zipSync(files, { level: isStored ? 0 : 9 });
      const expected = Object.entries(files).map(([each, content]) => ({ name: each, bytes: content.length }));
      expect(filesIn(zip)).toEqual(expected);
    }),
  );
});

it("are listed without inflating any: one that is all zeros costs no more than another", () => {
  const zip = zipSync({ "zeros.js": new Uint8Array(50_000_000) });
  expect(zip.length).toBeLessThan(100_000);
  expect(filesIn(zip)).toEqual([{ name: "zeros.js", bytes: 50_000_000 }]);
});

it("are none of anything else, and no directory is read beyond the archive", () => {
  const zip = zipSync({ "a.js": new Uint8Array(10), "b.js": new Uint8Array(10) });
  const damage = fc.tuple(fc.nat(zip.length - 1), fc.nat(255));
  fc.assert(
    fc.property(fc.array(damage, { minLength: 1, maxLength: 8 }), fc.nat(zip.length), (damages, length) => {
      const damaged = zip.slice(0, length);
      for (const [at, byte] of damages) if (at < length) damaged[at] = byte;
      expect(filesIn(damaged)?.length ?? 0).toBeLessThanOrEqual(zip.length / 46);
    }),
  );
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
      expect(filesIn(bytes)?.length ?? 0).toBeLessThanOrEqual(bytes.length / 46);
    }),
  );
  expect(filesIn(new Uint8Array())).toBeNull();
});
