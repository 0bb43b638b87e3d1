/** Draws of the numbers that AWS does not publish. */
import { expect, it } from "vitest";
import { platform2026 } from "../../../src/emulator/platforms/2026.ts";
import { assumed, type Fact } from "../../../src/emulator/platforms/fact.ts";
import { drawConstants, drawFrom } from "../../../src/emulator/platforms/ranges.ts";

const seeds = Array.from({ length: 50 }, (_, index) => index + 1);

it("draws from the plausible ranges, the database's too, but never how many connections it takes", () => {
  for (const seed of seeds) {
    const drawn = drawConstants("2026", seed);
    expect(drawn["mapping.throttleBackoffCapMs"]).toBeGreaterThanOrEqual(1_000);
    expect(drawn["mapping.throttleBackoffCapMs"]).toBeLessThanOrEqual(20_000);
    expect(drawn["database.connectMs"]).toBeGreaterThanOrEqual(5);
    expect(drawn["database.connectMs"]).toBeLessThanOrEqual(60);
    for (const platform of ["2020", "2026"] as const) {
      expect(drawConstants(platform, seed)).not.toHaveProperty("database.maximumConnections");
    }
  }
});

it("draws a number whose interval is known from it, also a number of the database", () => {
  const intervals = { "mapping.throttleBackoffCapMs": [3_000, 3_100], "database.insertMedianMs": [18, 22] } as const;
  const drawn = seeds.map((seed) => drawConstants("2026", seed, intervals));
  for (const { "mapping.throttleBackoffCapMs": cap, "database.insertMedianMs": insert } of drawn) {
    expect(Math.abs(cap! - 3_050)).toBeLessThanOrEqual(50);
    expect(Math.abs(insert! - 20)).toBeLessThanOrEqual(2);
  }
  expect(new Set(drawn.map((one) => one["database.insertMedianMs"])).size).toBe(seeds.length);
});

it("draws every other number as before when one is added, wherever it stands, or taken away", () => {
  const facts: Record<string, Fact> = platform2026;
  const added = { "another.numberMs": assumed(1, [0, 2], "a test") };
  const [first] = Object.keys(facts);
  const { [first!]: _, ...withoutFirst } = facts;
  for (const seed of seeds) {
    const drawn = drawFrom(facts, seed);
    expect(Object.keys(drawn).length).toBeGreaterThan(20);
    expect(drawFrom({ ...added, ...facts }, seed)).toMatchObject(drawn);
    expect(drawFrom({ ...facts, ...added }, seed)).toMatchObject(drawn);
    expect(drawn).toMatchObject(drawFrom(withoutFirst, seed));
  }
});

it("draws whole numbers where there are no halves, each position of a switch as often", () => {
  const facts = { "a.throttlePolicy": assumed(0, [0, 1], "a test"), "a.Pollers": assumed(4, [2, 5], "a test") };
  const draws = seeds.flatMap((seed) => [drawFrom(facts, seed), drawFrom(facts, 1_000 + seed)]);
  for (const name of ["a.throttlePolicy", "a.Pollers"] as const) {
    expect(draws.every((draw) => Number.isInteger(draw[name]))).toBe(true);
  }
  const on = draws.filter((draw) => draw["a.throttlePolicy"] === 1).length;
  expect(Math.abs(on - 50)).toBeLessThan(20);
  expect(new Set(draws.map((draw) => draw["a.Pollers"]))).toEqual(new Set([2, 3, 4, 5]));
});

it("draws numbers independently of each other: no two go together over many seeds", () => {
  const many = Array.from({ length: 400 }, (_, index) => index + 1);
  const names = ["a.numberMs", "b.numberMs", "c.numberMs", "mapping.numberMs", "mapping.numbersMs"];
  const facts = Object.fromEntries(names.map((name) => [name, assumed(0.5, [0, 1], "a test")]));
  const draws = many.map((seed) => drawFrom(facts, seed));
  for (const name of names) {
    const mean = draws.reduce((sum, draw) => sum + draw[name]!, 0) / many.length;
    expect(Math.abs(mean - 0.5)).toBeLessThan(0.06);
    for (const other of names.filter((each) => each < name)) {
      const covariance = draws.reduce((sum, draw) => sum + (draw[name]! - 0.5) * (draw[other]! - 0.5), 0) / many.length;
      expect(Math.abs(covariance * 12)).toBeLessThan(0.2);
    }
  }
});
