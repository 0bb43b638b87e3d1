/** The runs as JUnit test cases, read with an XML parser as a CI reads them. */
import { XMLParser, XMLValidator } from "fast-xml-parser";
import { describe, expect, it } from "vitest";
import type { RunRecord } from "../../../src/model.ts";
import { junit } from "../../../src/reports/formats/junit.ts";
import { aRecord } from "../records/a-record.ts";

const render = (given: RunRecord[]) => junit.text(given, { columns: 80, colour: true, details: false }, "");

function parse(given: RunRecord[]) {
  const parser = new XMLParser({
    ignoreAttributes: false,
    attributeNamePrefix: "",
    isArray: (name) => name === "testcase",
  });
  return parser.parse(render(given)).testsuites.testsuite;
}

function missing(two: RunRecord): RunRecord {
  return { ...two, outcome: "quiet", summary: { ...two.summary, eventsMissing: 2 } };
}

describe("the junit report", () => {
  it("has a test case per scenario, with its time", () => {
    const suite = parse([aRecord(), aRecord({ scenario: "scenario-5" })]);
    expect(suite).toMatchObject({ tests: "2", failures: "0", time: "24.600" });
    expect(suite.testcase).toMatchObject([
      { classname: "throttle-bench.local.2026", name: "scenario-4", time: "12.300" },
      { classname: "throttle-bench.local.2026", name: "scenario-5" },
    ]);
  });

  it("fails the one that misses events, and says why", () => {
    const suite = parse([missing(aRecord()), aRecord({ scenario: "scenario-5" })]);
    expect(suite.failures).toBe("1");
    expect(suite.testcase[0].failure).toMatchObject({
      type: "events-missing",
      message: expect.stringMatching(/^2 events reached neither the database nor a dead-letter queue/),
    });
    expect(suite.testcase[1]).not.toHaveProperty("failure");
  });

  it("does not fail a run whose events are all accounted for by dead letters", () => {
    expect(aRecord().summary.eventsFailed).toBe(2);
    expect(parse([aRecord()]).failures).toBe("0");
  });

  it("tells the runs of one scenario apart", () => {
    const suite = parse([aRecord({ runId: "a" }), aRecord({ runId: "b" })]);
    expect(suite.testcase.map(({ name }: { name: string }) => name)).toEqual(["scenario-4 (a)", "scenario-4 (b)"]);
  });

  it("says PREDICTION and the figures in the output", () => {
    const output: string = parse([aRecord()]).testcase[0]["system-out"];
    expect(output).toContain("PREDICTION (local, platform 2026, seed 1)");
    expect(output).toContain("Time Taken: 12.3 s");
  });

  it("is well-formed whatever a template is called", () => {
    const odd = aRecord({ scenario: `<a & "b'>\u0000\u001b[31m\ud800`, cleanUp: "]]> & <x>" });
    expect(XMLValidator.validate(render([missing(odd)]))).toBe(true);
    for (const character of ["\u0000", "\u001b", "\ud800"]) expect(render([odd])).not.toContain(character);
    expect(XMLValidator.validate(render([]))).toBe(true);
  });
});
