/** Settings of the user's own become candidates of a question. */
import { describe, expect, it } from "vitest";
import { namedCandidates, triedSettings } from "../../../src/cli/flags/tried.ts";
import { findScenarios } from "../../../src/scenarios/catalogue.ts";

const ways = findScenarios(["scenario-4", "sqs-fifo"]);
const named = (typed: string, own = null as (typeof ways)[number] | null) =>
  namedCandidates([triedSettings(typed, "--try")], ways, own);

describe("--try", () => {
  it("names a way by any of its names, and the user's own by none", () => {
    const expected = [{ way: "scenario-4", settings: { MaxReceiveCount: "9", WorkMs: "5" } }];
    expect(named("sqs-reserved-1:MaxReceiveCount=9,WorkMs=5")).toEqual(expected);
    expect(named("MaxReceiveCount=9,WorkMs=5", ways[0])).toEqual(expected);
  });

  it.each([
    ["sqs-fifo", /names no settings; write it as/],
    ["MaxReceiveCount=9", /says of no way/],
    ["sqs-fif:MaxReceiveCount=9", /did you mean sqs-fifo/],
    ["sqs-fifo:MaxReceives=9", /has no setting MaxReceives; did you mean MaxReceiveCount/],
    ["sqs-fifo:MaxReceiveCount=x", /is out of bounds/],
  ])("refuses %s", (typed, problem) => {
    expect(() => named(typed)).toThrowError(problem);
  });
});
