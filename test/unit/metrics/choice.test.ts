/** Two ways beside each other: the verdict decides which serves the limit better, and neither is a regression of the other. */
import { describe, expect, it } from "vitest";
import { compare, defaultOptions, isRegression } from "../../../src/metrics/compare.ts";
import { callsOf } from "../../../src/metrics/limit.ts";
import { sideOf } from "../../../src/metrics/sides.ts";
import type { ClaimName, RunRecord } from "../../../src/model.ts";
import { choiceText } from "../../../src/reports/comparisons/choice.ts";
import { compareTable } from "../../../src/reports/comparisons/table.ts";
import { conclusionText, methodText } from "../../../src/reports/comparisons/words.ts";
import { widthOf } from "../../../src/reports/text.ts";
import { aRecord } from "../records/a-record.ts";
import { aSide, aSummary, tenRuns } from "./a-side.ts";

const limit = { limit: "1/s", toleranceMs: 100, origin: "scenario" } as const;

interface Run {
  everyMs?: number;
  failed?: number;
  seconds?: number;
  claims?: ClaimName[];
  settings?: RunRecord["settings"];
  totalEvents?: number;
  cost?: number;
}

/** A run of twelve events, whose calls began so far apart. */
function aRun(scenario: string, { everyMs = 1_000, failed = 0, seconds = 12, claims = [], ...rest }: Run = {}) {
  const { settings = {}, totalEvents = 12, cost = 4 } = rest;
  const began = Array.from({ length: 12 }, (_, index) => index * everyMs);
  const record = aRecord({
    scenario,
    runId: scenario,
    settings,
    summary: aSummary(seconds, { totalEvents, eventsCompleted: totalEvents - failed, eventsFailed: failed }),
    calls: callsOf(began, "rows", limit),
    expected: { limit, maxLoss: null, maxWait: null, claims },
  });
  return sideOf([{ ...record, cost: { ...record.cost!, perMillionEvents: cost } }]);
}

const told = (base: Run, candidate: Run) => choiceText(compare(aRun("a", base), aRun("b", candidate)).choice!);

describe("a choice between two ways", () => {
  it.each<[string, Run, Run, string]>([
    [
      "who loses less",
      { failed: 3 },
      {},
      "b serves 1/s better: it keeps it and loses nothing; a keeps it and loses 3 of 12.",
    ],
    [
      "who keeps the limit, however fast the other one is",
      { everyMs: 100, seconds: 2 },
      { failed: 2 },
      "b serves 1/s better: it keeps it and loses 2 of 12; a exceeds it in 2 seconds, with 9 calls at its peak, and loses nothing.",
    ],
    [
      "who exceeds it less",
      { everyMs: 500 },
      { everyMs: 100 },
      "Neither keeps 1/s; a comes closer: it exceeds it in 6 seconds, with 2 calls at its peak, and loses nothing; b exceeds it in 2 seconds, with 9 calls at its peak, and loses nothing.",
    ],
    [
      "who drains sooner, and costs less",
      { seconds: 1_200 },
      { seconds: 900, cost: 6 },
      "b serves 1/s better: both keep it and lose nothing, and it drains in 15 min, a in 20 min. a costs less: 4 USD per million events, not 6 USD.",
    ],
    [
      "nothing",
      { seconds: 1_200 },
      { seconds: 1_201 },
      "a and b serve 1/s alike: both keep it and lose nothing, and drain in about 20 min.",
    ],
  ])("is decided by %s", (_, base, candidate, sentence) => {
    expect(told(base, candidate)).toBe(sentence);
  });

  it("names the same way first, whichever side it is on", () => {
    expect(told({ failed: 3 }, {})).toMatch(/^b serves 1\/s better/);
    expect(told({}, { failed: 3 })).toMatch(/^a serves 1\/s better/);
  });

  it("does not count a time that chance may have made", () => {
    const side = (scenario: string, seconds: number, seeds: number[]) =>
      aSide([aSummary(seconds)], { scenario, seeds });
    expect(compare(side("scenario-4", 1_098, [1]), side("scenario-5", 1_105, [2])).choice).toMatchObject({
      better: null,
      by: null,
    });
  });

  it("says so where no limit is known", () => {
    const text = choiceText(compare(aSide([aSummary(260)]), aSide([aSummary(50)], { scenario: "mine" })).choice!);
    expect(text).toBe(
      "mine does better, as far as can be told without the limit: it loses nothing, and drains in 50 s; scenario-5 loses nothing, and drains in 4.3 min.",
    );
  });
});

describe("the comparison of two ways", () => {
  const worse = compare(aRun("a"), aRun("b", { everyMs: 100, failed: 3, seconds: 30, cost: 9 }));

  it("is no regression, though the limit is exceeded and events are lost", () => {
    expect(worse.verdicts.turned).toEqual([]);
    expect(isRegression(worse)).toBe(false);
    expect(conclusionText(worse)).not.toMatch(/[Rr]egression|Better:/);
  });

  it("is one where a threshold was given and is broken", () => {
    const thresholds = { timeTakenSeconds: { share: 0.1 } };
    const held = compare(aRun("a"), aRun("b", { seconds: 30 }), { ...defaultOptions, thresholds });
    expect(isRegression(held)).toBe(true);
    expect(conclusionText(held)).toContain("Beyond the threshold in b: Time Taken +150.0%.");
    expect(isRegression(compare(aRun("a"), aRun("b", { seconds: 14 }), { ...defaultOptions, thresholds }))).toBe(true);
    expect(isRegression(compare(aRun("a"), aRun("b"), { ...defaultOptions, thresholds }))).toBe(false);
  });

  it("holds each way to its own claims, and both to the second one's limit", () => {
    const both = compare(aRun("a", { failed: 1 }), aRun("b", { failed: 1, claims: ["loses-nothing"] }));
    expect(both.verdicts.base).toMatchObject({ claims: [], limit: { limit: "1/s", status: "kept" } });
    expect(both.verdicts.candidate.claims).toMatchObject([{ claim: "loses-nothing", status: "broken" }]);
  });

  it("names as unlike what comes to the ways, and not what they are", () => {
    const one = { WorkMs: "1150", VisibilityTimeout: "30", MaxReceiveCount: "2" };
    const other = { WorkMs: "800", VisibilityTimeout: "120", ReservedConcurrency: "1" };
    const { differences } = compare(aRun("a", { settings: one }), aRun("b", { settings: other, totalEvents: 20 }));
    expect(differences).toEqual([
      { what: "WorkMs", base: "1150", candidate: "800" },
      { what: "events", base: "12", candidate: "20" },
    ]);
  });

  it("compares wait, throttles and cost, too", () => {
    const figures = compare(aRun("a"), aRun("b", { cost: 9 })).figures.map(({ figure }) => figure);
    expect(figures).toEqual(expect.arrayContaining(["waitOldestMs", "throttles", "costPerMillionEvents"]));
  });

  it("says the answer first, then both verdicts with their costs, then differences that are called neither better nor worse", () => {
    const text = compareTable([worse], { columns: 200, colour: false, details: false });
    const order = ["a serves 1/s better", "a: Limit 1/s kept", "Cost: 4 USD", "b: Limit 1/s exceeded", "Cost: 9 USD"];
    const places = [...order, "│ Events Completed"].map((part) => text.indexOf(part));
    expect(places).toEqual(places.toSorted((one, other) => one - other));
    expect(places[0]).toBeGreaterThan(0);
    expect(text).not.toMatch(/changed|not judged/);
  });

  it.each([60, 80, 100, 160])("fits %i columns, with both ways in sight", (columns) => {
    const side = (scenario: string) => aSide(tenRuns(260 + scenario.length), { scenario });
    const options = { columns, colour: false, details: false };
    for (const comparison of [compare(side("sqs-reserved-1-short"), side("a-limiter-of-ones-own")), worse]) {
      const text = compareTable([comparison], options);
      expect(widthOf(text)).toBeLessThanOrEqual(columns);
      expect(text).toMatch(/│ Time Taken +│ +\d+(\.\d)? s │ +\d+(\.\d)? s │/);
    }
  });

  it("tests repeats, and allows single runs the spread of either", () => {
    const ten = (scenario: string, seconds: number) => aSide(tenRuns(seconds), { scenario });
    expect(compare(ten("a", 260), ten("b", 300)).method).toBe("rank-test");
    expect(methodText(compare(aRun("a"), aRun("b")))).toMatch(/^Single runs, .*--repeat 5 or more/);
    const single = (scenario: string) => aSide([aSummary(260)], { scenario, seeds: [1] });
    const noise = (base: string, candidate: string) => {
      const { method, figures } = compare(single(base), single(candidate));
      return [method, figures.find(({ figure }) => figure === "timeTakenSeconds")!.noise];
    };
    expect(noise("scenario-1", "scenario-5")).toEqual(noise("scenario-5", "scenario-1"));
    expect(noise("scenario-1", "scenario-5")[0]).toBe("known-spread");
  });
});
