/** The record's schema takes records, and refuses everything else. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { runRecordSchema } from "../../../src/records/schema.ts";
import { aRecord, published, records } from "./a-record.ts";

describe("runRecordSchema", () => {
  it("takes every record that the metrics make, and changes nothing in it", () => {
    fc.assert(
      fc.property(records, (record) => {
        expect(runRecordSchema.parse(JSON.parse(JSON.stringify(record)))).toEqual(record);
      }),
    );
  });

  it.each<[what: string, record: object]>([
    ["another schema version", { ...aRecord(), schemaVersion: 4 }],
    ["an unknown key", { ...aRecord(), databaseUrl: "postgres://…" }],
    ["an unknown key further in", { ...aRecord(), summary: { ...aRecord().summary, total: 1 } }],
    ["a missing key", (({ seed: _, ...rest }) => rest)(aRecord())],
    ["a figure that is text", { ...aRecord(), summary: { ...aRecord().summary, eventsCompleted: "10" } }],
    [
      "a figure that is left out instead of null",
      { ...aRecord(), details: { ...aRecord().details, errors: undefined } },
    ],
    ["an unknown caveat", { ...aRecord(), caveats: [{ code: "unheard-of" }] }],
    ["an unknown target", { ...aRecord(), target: "azure" }],
    ["a run id that leads out of the directory", { ...aRecord(), runId: "../x" }],
    ["a start that is no time", { ...aRecord(), startedAt: "yesterday" }],
    ["a published result of another shape", { ...aRecord(), published: { ...published, timeTakenSeconds: null } }],
  ])("refuses %s", (_what, record) => {
    expect(runRecordSchema.safeParse(aRecord()).success).toBe(true);
    expect(runRecordSchema.safeParse(record).success).toBe(false);
  });
});
