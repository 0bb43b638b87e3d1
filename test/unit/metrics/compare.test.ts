/** A comparison's conclusions from repeats, single runs, the same seeds and thresholds. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  type CompareOptions,
  compare,
  defaultOptions,
  isRegression,
  regressionsOf,
} from "../../../src/metrics/compare.ts";
import { nothingGiven } from "../../../src/metrics/expectations.ts";
import { type Figure, figures, measuredFigures, readFigures } from "../../../src/metrics/figures.ts";
import { knownSpread, provenance } from "../../../src/metrics/known-spread.ts";
import { callsOf } from "../../../src/metrics/limit.ts";
import type { Side } from "../../../src/metrics/sides.ts";
import type { Expectations, Summary } from "../../../src/model.ts";
import { aRecord } from "../records/a-record.ts";
import { aSide, aSummary, tenRuns } from "./a-side.ts";

function figureOf(figure: Figure, base: Side, candidate: Side, options: Partial<CompareOptions> = {}) {
  const { figures } = compare(base, candidate, { ...defaultOptions, ...options });
  return figures.find((one) => one.figure === figure)!;
}

const before = aSide(tenRuns(260));

describe("between repeats", () => {
  it("names the figure that is certainly slower, with the difference and its interval", () => {
    const comparison = compare(before, aSide(tenRuns(286)));
    expect(comparison.method).toBe("rank-test");
    expect(regressionsOf(comparison).map(({ figure }) => figure)).toEqual(["timeTakenSeconds"]);
    const [time] = regressionsOf(comparison);
    expect(time).toMatchObject({ base: 260, candidate: 286, difference: 26, relative: 0.1, verdict: "worse" });
    expect(time!.p).toBeLessThan(0.001);
    expect(time!.interval!.low).toBeGreaterThan(25);
    expect(time!.interval!.high).toBeLessThan(27);
  });

  it("tells of an improvement, which is no regression", () => {
    const time = figureOf("timeTakenSeconds", before, aSide(tenRuns(240)));
    expect(time).toMatchObject({ verdict: "better", isRegression: false });
  });

  it("takes overlapping runs for noise, and equal ones for the same", () => {
    const { figures } = compare(before, aSide(tenRuns(260.1)));
    const verdicts = Object.fromEntries(figures.map(({ figure, verdict }) => [figure, verdict]));
    expect(verdicts).toMatchObject({ timeTakenSeconds: "noise", eventsCompleted: "same", maxConcurrency: "same" });
  });

  it("raises no alarm for a certain difference that is smaller than the minimum effect", () => {
    const candidate = aSide(tenRuns(262));
    expect(figureOf("timeTakenSeconds", before, candidate)).toMatchObject({ verdict: "small", isRegression: false });
    const strict = { minimumEffect: 0.005 };
    expect(figureOf("timeTakenSeconds", before, candidate, strict)).toMatchObject({
      verdict: "worse",
      isRegression: true,
    });
  });

  it("corrects p for the number of figures that vary", () => {
    const varied = (seconds: number, failed: number) =>
      tenRuns(seconds).map((run, index) => ({ ...run, eventsFailed: failed + index }));
    const alone = figureOf("timeTakenSeconds", before, aSide(tenRuns(261)));
    const together = figureOf("timeTakenSeconds", aSide(varied(260, 7)), aSide(varied(261, 7)));
    expect(together.p! / alone.p!).toBeCloseTo(2, 10);
  });

  it("says when so few runs could not have shown anything", () => {
    const five = (seconds: number) => aSide(tenRuns(seconds).slice(0, 5));
    const at = (alpha: number) => compare(five(260), five(300), { ...defaultOptions, alpha });
    expect(at(0.05)).toMatchObject({ method: "rank-test", isTooFewRuns: false });
    expect(at(0.001)).toMatchObject({ method: "rank-test", isTooFewRuns: true });
  });

  it("has no verdict on a figure that a run lacks", () => {
    const candidate = aSide([...tenRuns(300).slice(1), aSummary(null)]);
    expect(figureOf("timeTakenSeconds", before, candidate)).toMatchObject({
      verdict: "unknown",
      candidate: null,
      isRegression: false,
    });
  });

  it("has no verdict on a figure that a side does not know, as a published one does not know all", () => {
    const base = aSide(tenRuns(260));
    base.runs = base.runs.map((run) => ({ ...run, duplicates: null }));
    const candidate = aSide(tenRuns(260.05, { duplicates: 9 }));
    expect(figureOf("duplicates", base, candidate)).toMatchObject({
      base: null,
      verdict: "unknown",
      isRegression: false,
    });
  });

  it("finds the opposite when the sides change places", () => {
    const opposite = { better: "worse", worse: "better" } as Record<string, string>;
    const sides = fc.array(fc.integer({ min: 100, max: 140 }), { minLength: 5, maxLength: 12 });
    fc.assert(
      fc.property(sides, sides, (a, b) => {
        const [one, other] = [a, b].map((times, salt) =>
          aSide(
            times.map((seconds) => aSummary(seconds)),
            { seeds: times.map((_, index) => salt * 100 + index) },
          ),
        ) as [Side, Side];
        // Without a minimum effect, which is a share of the base and so depends on which side that is.
        const options = { minimumEffect: 0 };
        const forth = figureOf("timeTakenSeconds", one, other, options);
        const back = figureOf("timeTakenSeconds", other, one, options);
        expect(back.verdict).toBe(opposite[forth.verdict] ?? forth.verdict);
        expect(back.difference! + forth.difference!).toBe(0);
        expect([forth.p, back.p].map((p) => p?.toFixed(9))).toEqual([forth.p, forth.p].map((p) => p?.toFixed(9)));
      }),
      { numRuns: 50 },
    );
  });
});

describe("between runs of the same seeds of one model", () => {
  const seeds = [1];

  it("takes every difference for exact, even a single run's", () => {
    const comparison = compare(aSide([aSummary(260)], { seeds }), aSide([aSummary(263)], { seeds, version: "0.2.0" }));
    expect(comparison.method).toBe("exact");
    expect(comparison.differences).toEqual([{ what: "version", base: "0.1.0", candidate: "0.2.0" }]);
    expect(regressionsOf(comparison)).toMatchObject([
      { figure: "timeTakenSeconds", difference: 3, p: null, noise: null },
    ]);
  });

  it.each([
    ["other settings", { settings: { WorkMs: "1100" } }],
    ["another platform", { platform: "2020" }],
    ["another template", { templateHash: "f".repeat(64) }],
    ["other seeds", { seeds: [2] }],
    ["another account's numbers", { profile: "an-account (0123abcd)" }],
  ])("does not do so for %s", (_, rest) => {
    expect(compare(aSide([aSummary(260)], { seeds }), aSide([aSummary(263)], { seeds, ...rest })).method).toBe(
      "known-spread",
    );
  });
});

const anAccount = { origin: "aws", kind: "measurement", seeds: null, platform: null } as const;

describe("between a prediction and a measurement", () => {
  const measured = (seconds: number | null, rest = {}) => aSide([aSummary(seconds, rest)], anAccount);
  const verdictOn = (seconds: number | null, prediction = before) =>
    figureOf("timeTakenSeconds", prediction, measured(seconds));

  it("asks whether the measured figure lies in the predicted interval, and calls nothing a regression", () => {
    expect(verdictOn(260.3)).toMatchObject({ verdict: "inside", predicted: { median: 260 }, p: null, noise: null });
    expect(verdictOn(300)).toMatchObject({ verdict: "outside", difference: 40, isRegression: false });
    expect(verdictOn(200)).toMatchObject({ verdict: "outside", isRegression: false });
    expect(verdictOn(261)).toMatchObject({ verdict: "small" });
    expect(figureOf("eventsCompleted", before, measured(260))).toMatchObject({ verdict: "same" });
  });

  it("does so whichever side is which", () => {
    const reversed = figureOf("timeTakenSeconds", measured(300), before);
    expect(reversed).toMatchObject({ verdict: "outside", difference: -40, base: 300, candidate: 260 });
    expect(figureOf("timeTakenSeconds", measured(260.3), before)).toMatchObject({ verdict: "inside" });
  });

  it("takes a run against a served model for a prediction, beside an account and beside a run of the local model", () => {
    const served = aSide(tenRuns(260), { origin: "aws", seeds: null });
    expect(compare(served, measured(300)).method).toBe("prediction");
    expect(compare(measured(300), served).method).toBe("prediction");
    expect(compare(before, served).method).toBe("rank-test");
  });

  it("judges nothing by a single prediction, or by too few", () => {
    for (const runs of [1, 4]) {
      const few = aSide(tenRuns(260).slice(0, runs));
      expect(compare(few, measured(300)).method).toBe("prediction");
      expect(verdictOn(300, few)).toMatchObject({ verdict: "unknown", predicted: null, p: null, isRegression: false });
    }
    expect(verdictOn(null)).toMatchObject({ verdict: "unknown", difference: null });
  });

  it("holds the prediction to a threshold in both directions, however few its runs", () => {
    const thresholds = { timeTakenSeconds: { share: 0.05 } };
    const one = aSide([aSummary(260)]);
    for (const [seconds, isBeyond] of [
      [262, false],
      [300, true],
      [220, true],
    ] as const) {
      expect(figureOf("timeTakenSeconds", one, measured(seconds), { thresholds }).isRegression).toBe(isBeyond);
    }
  });

  it("names unlike settings, but not the target and platform that make a prediction one", () => {
    const prediction = aSide(tenRuns(260), { profile: "an-account (0123abcd)", ranges: true });
    const other = aSide([aSummary(260)], { ...anAccount, settings: { WorkMs: "900" } });
    expect(compare(prediction, other).differences).toEqual([{ what: "WorkMs", base: "1000", candidate: "900" }]);
  });

  it("takes the middle of the predicted figures for predicted, and twice the highest not, whatever they are", () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 5_000 }), { minLength: 5, maxLength: 40 }), (times) => {
        const prediction = aSide(times.map((seconds) => aSummary(seconds)));
        const sorted = times.toSorted((a, b) => a - b);
        const middle = sorted[Math.floor(sorted.length / 2)]!;
        expect(["inside", "same"]).toContain(verdictOn(middle, prediction).verdict);
        expect(verdictOn(sorted.at(-1)! * 2, prediction).verdict).toBe("outside");
      }),
    );
  });
});

describe("between single runs", () => {
  it("takes a difference for noise that the seed alone makes between runs of the model", () => {
    const base = aSide([aSummary(259)]);
    const near = figureOf("timeTakenSeconds", base, aSide([aSummary(260)]));
    expect(near).toMatchObject({ verdict: "noise", p: null, interval: null });
    expect(near.noise).toBeGreaterThan(1);
    expect(figureOf("timeTakenSeconds", base, aSide([aSummary(285)]))).toMatchObject({
      verdict: "worse",
      isRegression: true,
    });
    expect(provenance).toMatchObject({ runs: 30, events: 1_000 });
  });

  it("judges only figures with a threshold where no spread is known", () => {
    const mine = { scenario: "mine" };
    const [base, candidate] = [aSide([aSummary(100)], mine), aSide([aSummary(150)], mine)];
    expect(compare(base, candidate).method).toBe("none");
    expect(figureOf("timeTakenSeconds", base, candidate)).toMatchObject({ verdict: "unknown", isRegression: false });
    const thresholds = { timeTakenSeconds: { share: 0.1 } };
    expect(figureOf("timeTakenSeconds", base, candidate, { thresholds })).toMatchObject({
      verdict: "unknown",
      isRegression: true,
    });
  });
});

describe("the noise of single runs", () => {
  const single = (seconds: number, rest: Partial<Side> = {}) => aSide([aSummary(seconds)], rest);
  const time = (base: Side, candidate: Side) => figureOf("timeTakenSeconds", base, candidate);
  const spread = knownSpread(single(1))!.timeTakenSeconds!;

  it("is the range of the model's runs, and grows with a base that is above their median", () => {
    const noise = (seconds: number) => time(single(seconds), single(seconds + 1)).noise;
    expect(noise(spread.median / 2)).toBeCloseTo(spread.range, 6);
    expect(noise(spread.median * 3)).toBeCloseTo(spread.range * 3, 6);
    const { eventsFailed } = knownSpread(single(1))!;
    expect(eventsFailed!.median).toBe(0);
    const failed = (count: number) => aSide([aSummary(260, { eventsFailed: count })], { seeds: [count] });
    expect(figureOf("eventsFailed", failed(9), failed(8)).noise).toBe(eventsFailed!.range);
  });

  it("is passed by what is more than it alone", () => {
    const at = (difference: number) => time(single(spread.median), single(spread.median + difference)).verdict;
    expect([at(spread.range + 1), at(spread.range - 0.001)]).toEqual(["worse", "noise"]);
  });

  it("is not known of other numbers of events, of other scenarios, or where one side lacks the figure", () => {
    const other = single(260, { totalEvents: 999 });
    expect(compare(other, single(300)).method).toBe("none");
    expect(compare(single(260), single(300, { totalEvents: 999 })).method).toBe("none");
    expect(compare(single(260, { scenario: "mine" }), single(300)).method).toBe("none");
    expect(compare(single(260), single(300, { scenario: "mine" })).method).toBe("none");
    const lacking = aSide([aSummary(null)]);
    for (const [base, candidate] of [
      [single(260), lacking],
      [lacking, single(260)],
    ] as const) {
      expect(time(base, candidate)).toMatchObject({ verdict: "unknown", noise: null, isRegression: false });
    }
    const measured = single(260, anAccount);
    expect(compare(measured, single(261, anAccount)).method).toBe("known-spread");
  });

  it("of two ways is that of the noisier one", () => {
    const noisy = { scenario: "scenario-1" };
    const own = knownSpread(single(1, noisy))!.timeTakenSeconds!;
    const between = time(single(spread.median), single(own.median, noisy));
    expect(between.noise).toBeCloseTo(Math.max(spread.range, own.range), 6);
  });

  it("is asked for unless both sides have repeats", () => {
    const repeated = aSide(tenRuns(260));
    expect(compare(repeated, single(260)).method).toBe("known-spread");
    expect(compare(single(260), repeated).method).toBe("known-spread");
    const few = compare(single(260), single(260));
    expect(few.isTooFewRuns).toBe(false);
  });

  it("stands for an account's, whose two runs are never the same run", () => {
    expect(compare(single(260, anAccount), single(270, anAccount)).method).toBe("known-spread");
  });
});

describe("what is certain between repeats", () => {
  it("is a figure that does not vary, and differs between no two runs", () => {
    const lost = (eventsFailed: number) => aSide(tenRuns(260).map((run) => ({ ...run, eventsFailed })));
    expect(
      figureOf("eventsFailed", lost(3), aSide(tenRuns(261).map((run) => ({ ...run, eventsFailed: 3 })))),
    ).toMatchObject({ verdict: "same", p: null, isRegression: false });
  });

  it("counts the smallest p that so many figures could have had", () => {
    const five = (seconds: number, failed: number) =>
      aSide(
        tenRuns(seconds)
          .slice(0, 5)
          .map((run, index) => ({ ...run, eventsFailed: failed + index })),
      );
    // The p of five and five runs without ties is at least 2/252, and two figures vary.
    const at = (alpha: number) => compare(five(260, 0), five(300, 0), { ...defaultOptions, alpha }).isTooFewRuns;
    expect([at(4 / 252 - 1e-9), at(4 / 252 + 1e-9)]).toEqual([true, false]);
  });
});

describe("a figure", () => {
  const seeds = [1];
  const one = (rest: Partial<Summary>) => aSide([aSummary(260, rest)], { seeds });

  it("that neither side has is the same, and has no share of a base of 0", () => {
    const without = aSide([aSummary(null)], { seeds });
    expect(figureOf("timeTakenSeconds", without, without)).toMatchObject({
      verdict: "same",
      base: null,
      candidate: null,
      difference: null,
      relative: null,
      isRegression: false,
    });
    expect(figureOf("eventsFailed", one({ eventsFailed: 0 }), one({ eventsFailed: 2 }))).toMatchObject({
      difference: 2,
      relative: null,
      verdict: "worse",
    });
  });

  it("with a threshold got worse where it lies beyond, and not where it got better by as much", () => {
    const thresholds = { timeTakenSeconds: { amount: 5 } };
    const at = (seconds: number) =>
      figureOf("timeTakenSeconds", aSide([aSummary(260)], { seeds }), aSide([aSummary(seconds)], { seeds }), {
        thresholds,
      }).isRegression;
    expect([at(250), at(265), at(265.001), at(270)]).toEqual([false, false, true, true]);
  });

  it("that passes its threshold matters, however small a share of the base that is", () => {
    const thresholds = { timeTakenSeconds: { amount: 1 } };
    const [base, candidate] = [260, 262].map((seconds) => aSide([aSummary(seconds)], { seeds }));
    expect(figureOf("timeTakenSeconds", base!, candidate!, { thresholds }).verdict).toBe("worse");
    expect(figureOf("timeTakenSeconds", base!, candidate!).verdict).toBe("small");
    const share = { timeTakenSeconds: { share: 0.1 } };
    const [hundred, more] = [100, 110].map((seconds) => aSide([aSummary(seconds)], { seeds }));
    expect(figureOf("timeTakenSeconds", hundred!, more!, { thresholds: share }).isRegression).toBe(false);
  });

  it("is as predicted at the very ends of its interval", () => {
    const prediction = aSide([100, 100, 100, 100, 100].map((seconds) => aSummary(seconds)));
    const [low, high] = [aSide([90, 90, 100, 110, 110].map((seconds) => aSummary(seconds))), prediction];
    const measured = (seconds: number) => aSide([aSummary(seconds)], anAccount);
    const interval = figureOf("timeTakenSeconds", low, measured(100)).predicted!;
    for (const end of [interval.low, interval.high]) {
      expect(figureOf("timeTakenSeconds", low, measured(end)).verdict).toBe("inside");
    }
    expect(figureOf("timeTakenSeconds", high, measured(100)).verdict).toBe("same");
  });
});

describe("two ways", () => {
  const way = (scenario: string, rest: Partial<Side> = {}, seconds = 260) =>
    aSide([aSummary(seconds)], { scenario, seeds: [1], ...rest });

  it("are unlike in settings that both could be asked to bear, and in nothing that they are", () => {
    const { differences } = compare(
      way("a", { templateHash: "a".repeat(64), settings: { MessageGroups: "5", BatchSize: "1", FailureRate: "0.1" } }),
      way("b", { templateHash: "b".repeat(64), settings: { MessageGroups: "6", BatchSize: "2" } }),
    );
    expect(differences.map(({ what }) => what)).toEqual(["MessageGroups", "FailureRate"]);
    const grouping = compare(way("a", { settings: { MessageGroups: "5" } }), way("b", { settings: {} }));
    expect(grouping.differences).toEqual([]);
    const edition = compare(way("a", { templateHash: "a".repeat(64) }), way("a", { templateHash: "b".repeat(64) }));
    expect(edition.differences.map(({ what }) => what)).toEqual(["template"]);
  });

  it("take the same time where chance may have made the difference, or where it is small", () => {
    const choice = (base: number, candidate: number, minimumEffect = 0.01) =>
      compare(way("scenario-4", {}, base), way("scenario-5", { seeds: [2] }, candidate), {
        ...defaultOptions,
        minimumEffect,
      }).choice!;
    expect(choice(260, 260)).toMatchObject({ better: null, by: null });
    expect(choice(1_000, 100)).toMatchObject({ better: "candidate", by: "timeTakenSeconds" });
    expect(choice(100, 1_000)).toMatchObject({ better: "base", by: "timeTakenSeconds" });
    // Without a known spread nobody can tell, so that the share decides: at 1% it is the same, above not.
    const mine = (base: number, candidate: number) => compare(way("a", {}, base), way("b", {}, candidate)).choice!;
    expect([mine(100, 101).better, mine(100, 102).better, mine(101, 100).better]).toEqual([null, "base", null]);
  });

  it("hold the published result to no limit, because nobody published when calls began", () => {
    const expected: Expectations = {
      limit: { limit: "1/s", toleranceMs: 100, origin: "scenario" },
      maxLoss: null,
      maxWait: null,
      claims: null,
    };
    const publishedSide = way("a", { origin: "published", kind: "measurement", expected });
    const { verdicts } = compare(publishedSide, way("a", { expected }));
    expect([verdicts.base.limit, verdicts.candidate.limit?.limit]).toEqual([null, "1/s"]);
  });
});

describe("a threshold", () => {
  const slower = aSide(tenRuns(280));

  it("lets a figure get worse up to it, and names the one that goes beyond", () => {
    const allowed = (share: number) =>
      figureOf("timeTakenSeconds", before, slower, { thresholds: { timeTakenSeconds: { share } } });
    expect(allowed(0.1)).toMatchObject({ verdict: "worse", isRegression: false });
    expect(allowed(0.05)).toMatchObject({ verdict: "worse", isRegression: true });
  });

  it("as an amount is in the figure's own unit", () => {
    const [none, three] = [aSide(tenRuns(260)), aSide(tenRuns(260.05, { eventsFailed: 3, eventsCompleted: 997 }))];
    const failed = (amount: number) =>
      figureOf("eventsFailed", none, three, { thresholds: { eventsFailed: { amount } } });
    expect(failed(0).isRegression).toBe(true);
    expect(failed(3).isRegression).toBe(false);
  });

  it("makes a regression of a figure without a better way, in either direction", () => {
    const at = (maxConcurrency: number, thresholds = {}) =>
      figureOf("maxConcurrency", before, aSide(tenRuns(260.05, { maxConcurrency })), { thresholds });
    expect(at(9)).toMatchObject({ verdict: "changed", isRegression: false });
    for (const changed of [9, 2]) expect(at(changed, { maxConcurrency: { amount: 1 } }).isRegression).toBe(true);
  });

  it("raises no alarm about noise", () => {
    const thresholds = { timeTakenSeconds: { amount: 0 } };
    expect(figureOf("timeTakenSeconds", before, aSide(tenRuns(260.1)), { thresholds })).toMatchObject({
      verdict: "noise",
      isRegression: false,
    });
  });
});

describe("every figure of a record", () => {
  const seeds = [1];
  const run = readFigures({
    summary: aSummary(100),
    details: aRecord().details,
    cost: { perMillionEvents: 4.7, month: 0.4 },
  });
  const sideWith = (figure: Figure, value: number) => ({
    ...aSide([aSummary(100)], { seeds }),
    runs: [{ ...run, [figure]: value }],
  });

  it.each(measuredFigures)("is compared on request, and %s is judged by its direction", (figure) => {
    const { verdict } = figureOf(figure, sideWith(figure, 100), sideWith(figure, 200), { details: true });
    expect(verdict).toBe(
      { higher: "better", lower: "worse", neither: "changed", given: "" }[figures[figure].betterWhen],
    );
  });

  it.each(measuredFigures)("can have a threshold, and %s is compared for it without being asked for", (figure) => {
    const thresholds = { [figure]: { share: 0.5 } };
    const change = figures[figure].betterWhen === "higher" ? 49 : 151;
    expect(figureOf(figure, sideWith(figure, 100), sideWith(figure, change), { thresholds })).toMatchObject({
      threshold: { share: 0.5 },
      isRegression: true,
    });
    expect(figureOf(figure, sideWith(figure, 100), sideWith(figure, 149), { thresholds }).isRegression).toBe(false);
  });

  it("is left out where nobody asks for it, because each tested figure makes the others harder to show", () => {
    const { figures: compared } = compare(sideWith("throttles", 1), sideWith("throttles", 2));
    expect(compared.map(({ figure }) => figures[figure].place)).not.toContain("details");
    expect(compared).toHaveLength(9);
  });
});

describe("a verdict that turns", () => {
  const held: Expectations = {
    limit: { limit: "1/s", toleranceMs: 100, origin: "scenario" },
    maxLoss: null,
    maxWait: null,
    claims: [],
  };
  /** A side of one run, whose calls are so far apart. */
  const calling = (gapMs: number, rest: Partial<Summary> = {}, side: Partial<Side> = {}): Side => {
    const summary = aSummary(260, rest);
    const calls = callsOf([0, gapMs, 2 * gapMs], "rows", held.limit);
    return aSide([summary], {
      expected: held,
      judged: [{ outcome: "drained", summary, details: null, calls }],
      ...side,
    });
  };

  it("is a regression from kept to exceeded and from none lost to some, although no figure got worse", () => {
    const comparison = compare(calling(1_000), calling(200, { eventsCompleted: 1_000, eventsFailed: 1 }));
    expect(comparison.verdicts).toMatchObject({
      base: { limit: { status: "kept" }, loss: { lostIn: 0 } },
      candidate: { limit: { status: "exceeded" }, loss: { failed: 1 } },
      turned: ["limit", "loss"],
    });
    expect(isRegression(comparison)).toBe(true);
    expect(regressionsOf(compare(calling(1_000), calling(200)))).toEqual([]);
    expect(isRegression(compare(calling(1_000), calling(200)))).toBe(true);
    expect(isRegression(compare(calling(200), calling(1_000)))).toBe(false);
  });

  it("is judged on both sides by the candidate's limit, or by the one that is given", () => {
    const given = { ...nothingGiven, limit: { value: "5/s", by: "flag" as const } };
    const options = { ...defaultOptions, given };
    expect(compare(calling(1_000), calling(200), options).verdicts).toMatchObject({
      base: { limit: { limit: "5/s", status: "kept" } },
      candidate: { limit: { limit: "5/s", status: "kept" }, broken: [] },
      turned: [],
    });
  });

  it("is no regression between a prediction and a measurement, of which nothing changed", () => {
    const measured = { kind: "measurement", origin: "aws", seeds: null, platform: null } as const;
    const comparison = compare(calling(1_000), calling(200, {}, measured));
    expect(comparison.verdicts.turned).toEqual([]);
    expect(isRegression(comparison)).toBe(false);
  });
});
