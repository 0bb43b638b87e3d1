/** Records of older versions are still read, and what they did not record is missing and never made up. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";
import { runRecordSchema } from "../../../src/records/schema.ts";
import { RecordStore } from "../../../src/records/store.ts";
import { upgraded } from "../../../src/records/versions.ts";
import { aRecord } from "./a-record.ts";

/** What the last version that wrote version 1 left of `run scenario-3 --events 12`, but for most of its stack events. */
const file = fileURLToPath(new URL("version-1.json", import.meta.url));
const version1 = JSON.parse(readFileSync(file, "utf8"));

it("reads a record of version 1, with all that it says", async () => {
  const record = await new RecordStore(join(file, "..")).load(file);
  const { schemaVersion, profile, modelHash, location, stack, metricsWindow, burst, details, ...rest } = record;
  expect({ schemaVersion, profile, modelHash, location, stack, metricsWindow }).toEqual({
    schemaVersion: 2,
    profile: null,
    modelHash: null,
    location: null,
    stack: null,
    metricsWindow: null,
  });
  const { schemaVersion: _, burst: burstBefore, details: detailsBefore, ...restBefore } = version1;
  expect(rest).toEqual(restBefore);
  expect(details).toEqual({ ...detailsBefore, batches: null });
  expect(burst).toEqual({ ...burstBefore, shards: [] });
});

it("reads one from before there were repeated runs", () => {
  const { uncertainty: _, ...older } = version1;
  expect(runRecordSchema.parse(upgraded(older)).uncertainty).toBeNull();
});

it("reads a record of version 2 from before there were lanes, whose shards followed each other", () => {
  const record = aRecord();
  const { producerReports: _, ...stack } = record.stack!;
  const shards = record.burst.shards.map(({ stride: _, failure: __, ...shard }) => shard);
  const older = { ...record, stack, burst: { ...record.burst, shards } };
  expect(runRecordSchema.safeParse(older).success).toBe(false);
  expect(runRecordSchema.parse(upgraded(older))).toEqual({ ...record, stack: { ...stack, producerReports: null } });
});

it("reads one of version 2 from before batches were counted and CloudWatch was asked more than once", () => {
  const record = aRecord();
  const { batches: _, ...details } = record.details;
  const { readAt: __, refusal: ___, ...metricsWindow } = record.metricsWindow!;
  expect(runRecordSchema.parse(upgraded({ ...record, details, metricsWindow }))).toEqual({
    ...record,
    details: { ...details, batches: null },
    metricsWindow: { ...metricsWindow, readAt: null, refusal: null },
  });
  expect(runRecordSchema.parse(upgraded({ ...record, details, metricsWindow: null })).metricsWindow).toBeNull();
});

it("leaves a record of today, and what is none, as it is", () => {
  const record = aRecord();
  expect(upgraded(record)).toBe(record);
  for (const other of [null, 1, "text", [], { schemaVersion: 3 }]) expect(upgraded(other)).toBe(other);
});

it("leaves it to the schema to refuse what lacks more", () => {
  const { summary: _, ...torn } = version1;
  expect(runRecordSchema.safeParse(upgraded(torn)).success).toBe(false);
  expect(runRecordSchema.safeParse(upgraded({ schemaVersion: 1 })).success).toBe(false);
});
