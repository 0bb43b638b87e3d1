/** Records are read tolerantly: an unknown field is ignored, a missing one is null where it may be, anything else is refused. */
import { mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { expect, it, onTestFinished } from "vitest";
import type { RunRecord } from "../../../src/model.ts";
import { fitted } from "../../../src/records/reading.ts";
import { runRecordSchema } from "../../../src/records/schema.ts";
import { RecordStore } from "../../../src/records/store.ts";
import { aSummary, ofSeeds } from "../metrics/a-side.ts";
import { aRecord, records } from "./a-record.ts";

/** The record as it comes back from a file that holds this. */
function read(json: object): Promise<RunRecord> {
  const directory = mkdtempSync(join(tmpdir(), "reading-"));
  onTestFinished(() => rm(directory, { recursive: true }));
  const file = join(directory, "one.json");
  writeFileSync(file, JSON.stringify(json));
  return new RecordStore(directory).load(file);
}

const record = aRecord({ uncertainty: ofSeeds(1, [aSummary(10), aSummary(12)]) });

it("gives a record back as it was written, key for key", async () => {
  expect(JSON.stringify(await read(record))).toBe(JSON.stringify(record));
  fc.assert(
    fc.property(records, (any) => {
      expect(JSON.stringify(fitted(runRecordSchema, any))).toBe(JSON.stringify(any));
    }),
    { numRuns: 30 },
  );
});

it("ignores fields that it does not know, at every depth", async () => {
  const [caveat, ...caveats] = record.caveats;
  const later = {
    ...record,
    moonPhase: "full",
    summary: { ...record.summary, calls: 12 },
    details: { ...record.details, waitMs: { ...record.details.waitMs, p999: 1 } },
    timeline: record.timeline.map((point) => ({ ...point, calls: 1 })),
    caveats: [{ ...caveat, since: 3 }, ...caveats],
    uncertainty: { ...record.uncertainty!, intervals: { ...record.uncertainty!.intervals, calls: null } },
  };
  expect(await read(later)).toEqual(record);
});

it("takes an absent field for null where it may be null", async () => {
  const { profile: _, seed: __, details: ___, ...rest } = record;
  const { deadLetters: ____, ...details } = record.details;
  const runs = record.uncertainty!.runs.map(({ seed, summary }) => ({ seed, summary }));
  const { throttles: _____, ...intervals } = record.uncertainty!.intervals;
  const earlier = { ...rest, details, uncertainty: { ...record.uncertainty, runs, intervals } };
  expect(await read(earlier)).toEqual({
    ...record,
    profile: null,
    seed: null,
    details: { ...details, deadLetters: null },
  });
});

it("reads version 2, whose average was the throughput: the average anew by the timeline, of repetitions by none", async () => {
  const earlier = JSON.parse(readFileSync(new URL("left-by-a-run.json", import.meta.url), "utf8"));
  const { schemaVersion, template, summary, details, uncertainty } = await read(earlier);
  expect({ schemaVersion, template }).toEqual({ schemaVersion: 3, template: null });
  expect(earlier.summary.insertsPerSecond.avg).toBe(0.57);
  expect(details.throughputPerSecond).toBe(0.57);
  const { latencyMs, outOfOrderShare, slowest } = earlier.details;
  expect(details.waitMs).toEqual({ p50: latencyMs.p50, p95: latencyMs.p95, p99: latencyMs.p99, oldest: latencyMs.max });
  expect(details.order).toEqual({ outOfOrder: null, share: outOfOrderShare, worstDisplacement: null });
  expect(details.slowest.map(({ id, waitMs }) => ({ id, latencyMs: waitMs }))).toEqual(slowest);
  expect(details).toMatchObject({ deadLettersCompleted: null, backlogMax: null });
  expect(uncertainty!.intervals.waitOldestMs).toEqual(earlier.uncertainty.intervals.latencyMaxMs);
  expect(summary).toEqual({ ...earlier.summary, insertsPerSecond: { avg: 1, max: 1, min: 1 } });
  expect(uncertainty!.runs.map(({ summary }) => summary.insertsPerSecond.avg)).toEqual([1, null]);
  expect(uncertainty!.runs.map(({ details }) => details!.throughputPerSecond)).toEqual([0.57, 0.503]);
  expect(uncertainty!.intervals.insertsPerSecondAvg).toBeNull();
  expect(uncertainty!.intervals.throughputPerSecond).toEqual(earlier.uncertainty.intervals.insertsPerSecondAvg);
});

it.each<[what: string, json: object, place: RegExp]>([
  ["lacks what every run has", { ...record, summary: undefined }, /summary: /],
  [
    "lacks a number that is never null",
    { ...record, summary: { ...record.summary, duplicates: undefined } },
    /summary\.duplicates: /,
  ],
  ["has text for a number", { ...record, seed: "1" }, /seed: /],
  ["is of another version", { ...record, schemaVersion: 1 }, /schemaVersion: /],
  [
    "has a doubt that nobody can put into words",
    { ...record, caveats: [{ code: "unheard-of" }] },
    /caveats\.0\.code: /,
  ],
  ["is no object", [[]], /expected object/],
])("refuses a record that %s, and names the place", async (_, json, place) => {
  await expect(read(json)).rejects.toThrow(place);
});
