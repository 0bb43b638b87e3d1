/** The JSON report is the record. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { RunRecord } from "../../../src/model.ts";
import { runRecordSchema } from "../../../src/records/schema.ts";
import { json } from "../../../src/reports/formats/json.ts";
import { aRecord, records } from "../records/a-record.ts";

const render = (given: RunRecord[]) => json.text(given, { columns: 80, colour: true, details: false }, "");

describe("the json report", () => {
  it("is an array of the records as they are, indented by two spaces, for one run as well", () => {
    const record = aRecord();
    expect(render([record])).toBe(JSON.stringify([record], null, 2));
  });

  it("is an array for several runs and for none, in the order given", () => {
    const both = [aRecord({ runId: "b" }), aRecord({ runId: "a" })];
    expect(JSON.parse(render(both))).toEqual(both);
    expect(render([])).toBe("[]");
  });

  it("validates against the record's schema", () => {
    fc.assert(
      fc.property(records, (record) => {
        expect(runRecordSchema.array().parse(JSON.parse(render([record])))).toEqual([record]);
      }),
      { numRuns: 30 },
    );
  });
});
