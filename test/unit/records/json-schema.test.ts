/** The published JSON Schema takes what the record's own schema takes, by a validator that nobody here wrote. */
import { readFileSync } from "node:fs";
import { Ajv2020 } from "ajv/dist/2020.js";
import addFormats from "ajv-formats";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { runRecordSchema } from "../../../src/records/schema.ts";
import { upgraded } from "../../../src/records/versions.ts";
import { aRecord, records } from "./a-record.ts";

const file = new URL("../../../infra/run-record.schema.json", import.meta.url);
const ajv = new Ajv2020({ allErrors: true });
addFormats.default(ajv);
const isRecord = ajv.compile(JSON.parse(readFileSync(file, "utf8")));
const version1 = JSON.parse(readFileSync(new URL("version-1.json", import.meta.url), "utf8"));

describe("the published JSON Schema", () => {
  it("takes a record that a run has left, and every one that the metrics make", () => {
    expect(isRecord(upgraded(version1)) || isRecord.errors).toBe(true);
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
