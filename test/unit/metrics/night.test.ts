/** A night is good or has faults, and it is held against the newest good night of the same model. */
import { describe, expect, it } from "vitest";
import { defaultOptions } from "../../../src/metrics/compare.ts";
import { failedNight, judgeNight } from "../../../src/metrics/night.ts";
import type { RunRecord, Summary } from "../../../src/model.ts";
import { aRecord } from "../records/a-record.ts";
import { ofSeeds } from "./a-side.ts";

const judge = (tonight: RunRecord, earlier: RunRecord[], accept = false) =>
  judgeNight(tonight, earlier, accept, defaultOptions);

const good = aRecord({ runId: "good" });
const tonight = aRecord({ runId: "tonight" });

function withSummary(record: RunRecord, summary: Partial<Summary>): RunRecord {
  return { ...record, summary: { ...record.summary, ...summary } };
}

const slower = withSummary(tonight, { timeTakenSeconds: good.summary.timeTakenSeconds! * 2 });

describe("a night", () => {
  it("is good without a baseline, and compared with nothing", () => {
    expect(judge(tonight, [])).toMatchObject({ faults: [], baseline: null, comparison: null, otherModel: null });
  });

  it("is compared with the newest earlier night of its scenario", () => {
    const earlier = [aRecord({ runId: "other", scenario: "scenario-5" }), good, aRecord({ runId: "older" })];
    const night = judge(tonight, earlier);
    expect(night).toMatchObject({ faults: [], baseline: "good" });
    expect(night.comparison!.base.name).toBe("good");
  });

  it("is at fault with a regression, unless that is accepted", () => {
    expect(judge(slower, [good])).toMatchObject({ faults: [{ code: "regression" }], isAccepted: false });
    expect(judge(slower, [good], true)).toMatchObject({ faults: [], isAccepted: true });
    expect(judge(tonight, [good], true).isAccepted).toBe(false);
  });

  it("is at fault with missing events in any of its runs, also when it is accepted", () => {
    const { summary } = tonight;
    const runs = [summary, { ...summary, eventsMissing: 2 }, { ...summary, eventsMissing: 1 }];
    const repeated = { ...tonight, uncertainty: ofSeeds(0, runs) };
    const seeds = [
      { seed: 1, count: 2 },
      { seed: 2, count: 1 },
    ];
    const fault = { code: "events-missing", missing: 3, outcome: "drained", seeds };
    expect(judge(repeated, []).faults).toEqual([fault]);
    expect(judge(repeated, [], true).faults).toEqual([fault]);
  });

  it("is at fault when no event was completed, although all are accounted for by dead letters", () => {
    const nothing = withSummary(tonight, { eventsCompleted: 0, eventsFailed: 12, timeTakenSeconds: null });
    expect(judge(nothing, []).faults).toEqual([{ code: "nothing-completed" }]);
  });

  it("is at fault when something that was asked of it is broken, and not when nobody judged it", () => {
    const verdict = { ...tonight.verdict!, broken: ["loss" as const] };
    expect(judge({ ...tonight, verdict }, []).faults).toEqual([{ code: "expectation-broken" }]);
    expect(judge({ ...tonight, verdict: null }, []).faults).toEqual([]);
    expect(judge(tonight, [{ ...good, verdict }]).baseline).toBeNull();
  });

  it("is not at fault for a run without completions beside others", () => {
    const { summary } = tonight;
    const one = { ...tonight, uncertainty: ofSeeds(0, [summary, { ...summary, eventsCompleted: 0 }]) };
    expect(judge(one, []).faults).toEqual([]);
  });

  it("says all of itself, and of one that failed its fault and what was measured all the same", () => {
    expect(judge(tonight, [])).toEqual({
      scenario: tonight.scenario,
      record: tonight,
      comparison: null,
      baseline: null,
      otherModel: null,
      faults: [],
      isAccepted: false,
      isBaseline: false,
    });
    const fault = { code: "failed" as const, message: "It failed." };
    const nothing = { comparison: null, baseline: null, otherModel: null, isAccepted: false, isBaseline: false };
    expect(failedNight("mine", fault)).toEqual({ scenario: "mine", record: null, faults: [fault], ...nothing });
    expect(failedNight("mine", fault, tonight)).toMatchObject({ record: tonight, faults: [fault] });
  });

  it("of a model that nobody names was made by another, even when neither is named", () => {
    const unnamed = aRecord({ runId: "unnamed", modelHash: null });
    expect(judge({ ...tonight, modelHash: null }, [unnamed])).toMatchObject({
      baseline: null,
      otherModel: {
        runId: "unnamed",
        difference: { what: "numbers of the model", base: "unknown", candidate: "unknown" },
      },
    });
  });
});

describe("an earlier night", () => {
  it("is no baseline when it misses events or completed none", () => {
    const incomplete = withSummary(good, { eventsMissing: 1 });
    const nothing = withSummary(good, { eventsCompleted: 0 });
    expect(judge(tonight, [incomplete, nothing])).toMatchObject({ baseline: null, otherModel: null });
  });

  it.each<[string, Partial<RunRecord>, string, string]>([
    ["throttle-bench", { versions: { ...good.versions, throttleBench: "0.0.9" } }, "0.0.9", "0.1.0"],
    ["platform", { platform: "2020" }, "2020", "2026"],
    ["numbers of the model", { modelHash: "0".repeat(64) }, "0".repeat(12), "fedcba987654"],
    ["numbers of the model", { modelHash: null }, "unknown", "fedcba987654"],
    ["target", { target: "aws", kind: "measurement", platform: null, modelHash: null }, "aws", "local"],
    ["kind", { kind: "measurement", platform: null, modelHash: null }, "measurement", "prediction"],
  ])("is no baseline when its %s is another", (what, unlike, base, candidate) => {
    const other = aRecord({ runId: "other", ...unlike });
    const difference = { what, base, candidate };
    expect(judge(slower, [other])).toMatchObject({
      faults: [],
      baseline: null,
      comparison: null,
      otherModel: { runId: "other", difference },
    });
  });

  it("is passed over for an older one that the same model made", () => {
    const other = aRecord({ runId: "other", platform: "2020" });
    expect(judge(tonight, [other, good])).toMatchObject({ baseline: "good", otherModel: null });
  });

  it("is a baseline when both were measured, by whichever version", () => {
    const measured = { target: "aws", kind: "measurement", platform: null, seed: null, modelHash: null } as const;
    const base = aRecord({ runId: "good", ...measured, versions: { ...good.versions, throttleBench: "0.0.9" } });
    expect(judge(aRecord(measured), [base])).toMatchObject({ baseline: "good" });
  });
});
