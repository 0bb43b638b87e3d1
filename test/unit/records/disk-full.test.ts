/** A record that has no room: the sentence says so, and gives no advice that would cost what was measured. */
import { existsSync } from "node:fs";
import { expect, it } from "vitest";
import { BenchError } from "../../../src/errors.ts";
import { isDiskFull, writeWhole } from "../../../src/records/whole-file.ts";

it.skipIf(!existsSync("/dev/full"))("tells a full disk from a directory that may not be written to", async () => {
  const refused = await writeWhole("/dev/full/run.json", {}, "The run's record", "make the directory writable").catch(
    (error) => error,
  );
  expect(refused).toBeInstanceOf(BenchError);
  expect(refused.message).toMatch(/; make the directory writable\.$/);
});

it.each([
  ["ENOSPC", true],
  ["EDQUOT", true],
  ["EACCES", false],
])("knows %s for a full disk: %s", (code, isFull) => {
  expect(isDiskFull(Object.assign(new Error("no"), { code }))).toBe(isFull);
});
