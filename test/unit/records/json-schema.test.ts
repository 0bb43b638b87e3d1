/** The published JSON Schema takes what the record's own schema takes, by a validator that nobody here wrote. */
import { readFileSync } from "node:fs";
import { Ajv2020 } from "ajv/dist/2020.js";
import addFormats from "ajv-formats";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { figures, measuredFigures } from "../../../src/metrics/figures.ts";
import { fitted } from "../../../src/records/reading.ts";
import { runRecordSchema } from "../../../src/records/schema.ts";
import { inLatestVersion } from "../../../src/records/versions.ts";
import { aRecord, records } from "./a-record.ts";

const file = new URL("../../../infra/run-record.schema.json", import.meta.url);
const ajv = new Ajv2020({ allErrors: true });
addFormats.default(ajv);
const schema = JSON.parse(readFileSync(file, "utf8"));
const isRecord = ajv.compile(schema);
/** The record of version 2 that `run scenario-3 --events 12 --repeat 2` left, without most of its stack events and points. */
const earlier = JSON.parse(readFileSync(new URL("left-by-a-run.json", import.meta.url), "utf8"));
const left = fitted(runRecordSchema, inLatestVersion(earlier));

describe("the published JSON Schema", () => {
  it("describes every figure in a run and in repeated runs", () => {
    const { properties } = schema;
    const texts = JSON.stringify([properties.summary, properties.details, properties.cost]);
    const intervals = properties.uncertainty.anyOf[0].properties.intervals.properties;
    for (const figure of measuredFigures) {
      const { name, meaning } = figures[figure];
      expect(texts).toContain(JSON.stringify({ description: `${name}. ${meaning}` }).slice(1, -1));
      expect(intervals[figure].description).toBe(`${name}. ${meaning}`);
    }
  });

  it("takes a record that a run has left, and every one that the metrics make", () => {
    expect(isRecord(left) || isRecord.errors).toBe(true);
    fc.assert(
      fc.property(records, (record) => {
        expect(isRecord(JSON.parse(JSON.stringify(record))) || isRecord.errors).toBe(true);
      }),
    );
  });

  it.each<[what: string, record: object]>([
    ["another version", { ...aRecord(), schemaVersion: 1 }],
    ["an unknown key", { ...aRecord(), databaseUrl: "postgres://…" }],
    ["a missing key", (({ seed: _, ...rest }) => rest)(aRecord())],
    ["a figure that is text", { ...aRecord(), summary: { ...aRecord().summary, eventsCompleted: "10" } }],
    ["an unknown caveat", { ...aRecord(), caveats: [{ code: "unheard-of" }] }],
    ["a hash that is none", { ...aRecord(), templateHash: "abc" }],
    ["a start that is no time", { ...aRecord(), startedAt: "yesterday" }],
  ])("refuses %s, as the record's own schema does", (_what, record) => {
    expect(isRecord(record)).toBe(false);
    expect(runRecordSchema.safeParse(record).success).toBe(false);
  });
});
