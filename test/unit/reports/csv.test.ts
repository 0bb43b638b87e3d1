/** The timelines as CSV. */
import { describe, expect, it } from "vitest";
import type { RunRecord } from "../../../src/model.ts";
import { csv } from "../../../src/reports/formats/csv.ts";
import { row } from "../metrics/rows.ts";
import { aRecord, recordOf } from "../records/a-record.ts";

const render = (given: RunRecord[]) => csv.text(given, { columns: 80, colour: true, details: false }, "");

describe("the csv report", () => {
  it("has a line per second, the empty ones too", () => {
    const record = recordOf([row(1, 0), row(2, 2_400)], [row(3, 2_600)], { runId: "r" });
    expect(render([record]).split("\n")).toEqual([
      "scenario,run,second,inserts,deadLetters,overlap",
      "scenario-4,r,0,1,0,1",
      "scenario-4,r,1,0,0,0",
      "scenario-4,r,2,1,1,1",
    ]);
  });

  it("holds every second of several runs, each with its run", () => {
    const lines = render([aRecord({ runId: "a" }), aRecord({ runId: "b" })]).split("\n");
    expect(lines.filter((line) => line.startsWith("scenario-4,a,"))).toHaveLength(aRecord().timeline.length);
    expect(lines.filter((line) => line.startsWith("scenario-4,b,"))).toHaveLength(aRecord().timeline.length);
  });

  it("is its head alone without rows", () => {
    expect(render([recordOf([], [])])).toBe("scenario,run,second,inserts,deadLetters,overlap");
  });

  it("quotes a name that would break the line", () => {
    const record = recordOf([row(1, 0)], [], { scenario: 'my "own", one', runId: "r" });
    expect(render([record]).split("\n")[1]).toBe('"my ""own"", one",r,0,1,0,1');
  });
});
