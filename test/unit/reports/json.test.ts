/** The JSON report is the record. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { runRecordSchema } from "../../../src/records/schema.ts";
import { reports } from "../../../src/reports/reports.ts";
import { aRecord, records } from "../records/a-record.ts";

const options = { columns: 80, colour: true, details: false };

describe("the json report", () => {
  it("is the record itself for one run, indented by two spaces", () => {
    const record = aRecord();
    expect(reports.json.render([record], options)).toBe(JSON.stringify(record, null, 2));
  });

  it("is an array for several runs and for none, in the order given", () => {
    const both = [aRecord({ runId: "b" }), aRecord({ runId: "a" })];
    expect(JSON.parse(reports.json.render(both, options))).toEqual(both);
    expect(reports.json.render([], options)).toBe("[]");
  });

  it("validates against the record's schema", () => {
    fc.assert(
      fc.property(records, (record) => {
        expect(runRecordSchema.parse(JSON.parse(reports.json.render([record], options)))).toEqual(record);
      }),
      { numRuns: 30 },
    );
  });
});
