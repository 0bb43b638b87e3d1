/** The journal of a sweep: whatever moment its process was killed at, what is whole of it is read. */
import { appendFileSync, mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { expect, it, onTestFinished } from "vitest";
import { figuresOf } from "../../../src/metrics/repetitions.ts";
import { type Ending, openSweepJournal } from "../../../src/records/sweep-journal.ts";
import { aRecord } from "./a-record.ts";

function aDirectory(): string {
  const directory = mkdtempSync(join(tmpdir(), "throttle-bench-sweeps-"));
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
  return directory;
}

const { assumptions: _, ...figures } = figuresOf(aRecord());
const endings: Record<string, Ending> = {
  one: { figures },
  two: { refusal: "AWS would not — not even in ünicode." },
  three: { figures: { ...figures, seed: 3 } },
};

async function written(directory: string): Promise<string> {
  const journal = await openSweepJournal(directory, "a-sweep", false);
  for (const [key, ending] of Object.entries(endings)) await journal.append(key, ending);
  await journal.close();
  return journal.path;
}

async function read(directory: string, isFresh = false): Promise<Record<string, Ending>> {
  const journal = await openSweepJournal(directory, "a-sweep", isFresh);
  await journal.close();
  return Object.fromEntries(journal.known);
}

it("gives what was appended back", async () => {
  const directory = aDirectory();
  expect(await read(directory)).toEqual({});
  await written(directory);
  expect(await read(directory)).toEqual(endings);
});

it("gives every whole line back, wherever it was cut, and takes further ones behind the torn one", async () => {
  const directory = aDirectory();
  const path = await written(directory);
  const whole = readFileSync(path);
  await fc.assert(
    fc.asyncProperty(fc.integer({ min: 0, max: whole.length }), async (length) => {
      writeFileSync(path, whole);
      truncateSync(path, length);
      // A line that lacks nothing but its end is whole.
      const isWhole = (ends: number) => length >= ends;
      const ends = [...whole.entries()].filter(([, byte]) => byte === 0x0a).map(([at]) => at);
      const expected = Object.fromEntries(Object.entries(endings).filter((_, index) => isWhole(ends[index]!)));
      const journal = await openSweepJournal(directory, "a-sweep", false);
      expect(Object.fromEntries(journal.known)).toEqual(expected);
      await journal.append("four", endings.two!);
      await journal.close();
      expect(await read(directory)).toEqual({ ...expected, four: endings.two });
    }),
    { numRuns: 60 },
  );
});

it("passes over lines that are none of its own", async () => {
  const directory = aDirectory();
  const path = await written(directory);
  appendFileSync(path, 'null\n{"key":4,"refusal":"x"}\n{"key":"five","figures":7}\n\n[1]\nnot JSON\n');
  expect(await read(directory)).toEqual(endings);
});

it("is empty where it is begun afresh", async () => {
  const directory = aDirectory();
  await written(directory);
  expect(await read(directory, true)).toEqual({});
});

it("says what to do where it cannot be written", async () => {
  const directory = aDirectory();
  writeFileSync(join(directory, "file"), "");
  await expect(openSweepJournal(join(directory, "file"), "a-sweep", false)).rejects.toThrow(
    /The sweep's journal .* cannot be used .*; make its directory writable/,
  );
});
