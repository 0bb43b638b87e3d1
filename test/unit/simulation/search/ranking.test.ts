import fc from "fast-check";
import { expect, it } from "vitest";
import type { CandidateFigures } from "../../../../src/simulation/search/answer.ts";
import { shareAtMost } from "../../../../src/simulation/search/judging.ts";
import { frontierOf, type Rankable, rankedOf } from "../../../../src/simulation/search/ranking.ts";

const nothing: CandidateFigures = {
  peakCalls: null,
  lost: null,
  waitOldestMs: null,
  waitP95Ms: null,
  drainedMs: null,
  costPerMonth: null,
  costPerMillionEvents: null,
  throttles: null,
  outOfOrder: null,
  duplicates: null,
  maxConcurrency: null,
};
const exactly = (value: number) => ({ median: value, low: value, high: value });

function aCandidate(
  key: string,
  wait: number,
  cost: number,
  movingParts: number,
  rest: Partial<Rankable> = {},
): Rankable {
  const figures = {
    ...nothing,
    waitOldestMs: exactly(wait),
    costPerMonth: exactly(cost),
    peakCalls: exactly(1),
    lost: exactly(0),
  };
  return { key, standing: "keeps", distance: 0, movingParts, figures, ...rest };
}

const standing = fc.constantFrom("keeps", "doubtful", "breaks" as const);
const candidates = fc
  .uniqueArray(fc.string({ minLength: 1, maxLength: 3 }), { minLength: 1, maxLength: 12 })
  .chain((keys) =>
    fc.tuple(
      ...keys.map((key) =>
        fc
          .tuple(fc.integer({ min: 0, max: 5_000 }), fc.integer({ min: 0, max: 40 }), fc.nat(5), standing)
          .map(([wait, cost, parts, standing]) =>
            aCandidate(key, wait, cost, parts, { standing, distance: standing === "breaks" ? wait / 5_000 + 0.5 : 0 }),
          ),
      ),
    ),
  );

it("The order of candidates does not depend on how they came", () => {
  fc.assert(
    fc.property(candidates, fc.nat(), (given, by) => {
      const shuffled = given
        .map((each, index) => ({ each, at: (index * 7_919 + by) % 31 }))
        .sort((a, b) => a.at - b.at)
        .map(({ each }) => each);
      const keys = rankedOf(given).map(({ key }) => key);
      expect(rankedOf(shuffled).map(({ key }) => key)).toEqual(keys);
      expect(keys.toSorted()).toEqual(given.map(({ key }) => key).toSorted());
    }),
  );
});

it("What keeps everything comes before what breaks something, whatever it costs", () => {
  const dear = aCandidate("dear", 90_000, 400, 9);
  const broken = aCandidate("broken", 10, 0, 1, { standing: "breaks", distance: 1 });
  expect(rankedOf([broken, dear])[0]).toBe(dear);
});

it("A needless part does not win by a wait or a bill that is alike", () => {
  const simple = aCandidate("simple", 1_100_000, 0.9, 2);
  const limiter = aCandidate("limiter", 980_000, 0.4, 4);
  expect(rankedOf([limiter, simple])[0]).toBe(simple);
  const dear = aCandidate("dear", 1_000_000, 11, 1);
  expect(rankedOf([dear, simple])[0]).toBe(simple);
});

it("A wait that is far shorter wins, whatever parts it takes", () => {
  const slow = aCandidate("slow", 1_000_000, 0.1, 1);
  const fast = aCandidate("fast", 100_000, 12, 4);
  expect(rankedOf([slow, fast])[0]).toBe(fast);
});

it("Nothing on the frontier is beaten by another candidate, and whatever is not, is", () => {
  fc.assert(
    fc.property(candidates, (given) => {
      const frontier = frontierOf(given);
      const beats = (one: Rankable, other: Rankable) =>
        one.figures.waitOldestMs!.median <= other.figures.waitOldestMs!.median &&
        one.figures.costPerMonth!.median <= other.figures.costPerMonth!.median;
      expect(frontier.length).toBeGreaterThan(0);
      for (const each of given)
        if (!frontier.includes(each)) expect(frontier.some((other) => beats(other, each))).toBe(true);
      const waits = frontier.map(({ figures }) => figures.waitOldestMs!.median);
      expect(waits).toEqual(waits.toSorted((one, other) => one - other));
    }),
  );
});

it("None of 200 means at most 1.5% at 95%, by the rule of three, and more broken runs mean more", () => {
  expect(shareAtMost(0, 200)).toBe(0.015);
  expect(shareAtMost(1, 200)).toBeCloseTo(0.0235, 3);
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 300 }), fc.nat(299), (of, broken) => {
      const most = shareAtMost(Math.min(broken, of), of);
      expect(most).toBeGreaterThanOrEqual(Math.min(broken, of) / of);
      expect(most).toBeLessThanOrEqual(1);
    }),
  );
});
