/**
 * How often a comparison is wrong: false alarms between runs of one thing, and planted slow-downs that it misses. The runs are
 * recorded: single runs of the local model, 400 events each, every one with a seed of its own. `test:slow` makes such runs anew.
 */
import { describe, expect, it } from "vitest";
import { compare, defaultOptions, regressionsOf } from "../../src/metrics/compare.ts";
import type { Side } from "../../src/metrics/sides.ts";
import type { Summary } from "../../src/model.ts";
import { aSide } from "../unit/metrics/a-side.ts";
import recorded from "./recorded-runs.json" with { type: "json" };

const pairs = 20;
const repeats = 10;
/** One pair in twenty is 5%. */
const mostFalseAlarms = 1;
const fewestFound = 19;

type Recording = (typeof recorded)["same"];

/** Samples of ten runs, none of which is in two of them. */
function samplesOf({ scenario, events, workMs, runs }: Recording): Side[] {
  const settings = { WorkMs: String(workMs) };
  return Array.from({ length: runs.length / repeats }, (_, index) => {
    const own = runs.slice(index * repeats, (index + 1) * repeats);
    const seeds = own.map(([seed]) => seed!);
    return aSide(
      own.map((run) => summaryOf(run, events)),
      { scenario, totalEvents: events, seeds, settings },
    );
  });
}

function summaryOf(run: number[], totalEvents: number): Summary {
  const [, eventsCompleted, eventsFailed, eventsMissing, duplicates, timeTakenSeconds, maxConcurrency, avg, max, min] =
    run as [number, number, number, number, number, number, number, number, number, number];
  const insertsPerSecond = { avg, max, min };
  return {
    totalEvents,
    eventsCompleted,
    eventsFailed,
    eventsMissing,
    duplicates,
    timeTakenSeconds,
    maxConcurrency,
    insertsPerSecond,
  };
}

describe.each([
  ["as it is by default", 0.01],
  ["without a minimum effect, so that the rank test alone decides", 0],
])("a comparison %s", (_, minimumEffect) => {
  const options = { ...defaultOptions, minimumEffect };

  it(`raises at most ${mostFalseAlarms} false alarm in ${pairs} pairs of samples of the same thing`, () => {
    const samples = samplesOf(recorded.same);
    const comparisons = Array.from({ length: pairs }, (_, pair) =>
      compare(samples[2 * pair]!, samples[2 * pair + 1]!, options),
    );
    for (const { method, differences, figures } of comparisons) {
      expect({ method, differences }).toEqual({ method: "rank-test", differences: [] });
      expect(figures.some(({ difference }) => difference !== 0)).toBe(true);
    }
    // Any figure that is called certainly other is a false alarm, also one that is called better.
    const isAlarm = (verdict: string) => ["better", "worse", "changed"].includes(verdict);
    const alarms = comparisons.filter(({ figures }) => figures.some(({ verdict }) => isAlarm(verdict)));
    expect(alarms.length).toBeLessThanOrEqual(mostFalseAlarms);
  });

  it(`finds at least ${fewestFound} of ${pairs} slow-downs of a tenth of the work`, () => {
    const [before, slower] = [samplesOf(recorded.before), samplesOf(recorded.slower)];
    const found = before.filter((base, pair) =>
      regressionsOf(compare(base, slower[pair]!, options)).some(({ figure }) => figure === "timeTakenSeconds"),
    );
    expect(before).toHaveLength(pairs);
    expect(found.length).toBeGreaterThanOrEqual(fewestFound);
  });
});

it("raises false alarms among the same pairs when it is told to take more risk, so that none are not for want of noise", () => {
  const samples = samplesOf(recorded.same);
  const reckless = { ...defaultOptions, alpha: 0.9, minimumEffect: 0 };
  const alarms = Array.from({ length: pairs }, (_, pair) =>
    compare(samples[2 * pair]!, samples[2 * pair + 1]!, reckless).figures.some(({ verdict }) =>
      ["better", "worse"].includes(verdict),
    ),
  );
  expect(alarms.filter(Boolean).length).toBeGreaterThan(3);
});
