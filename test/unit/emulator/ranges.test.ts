/** Draws of the numbers that AWS does not publish. */
import { expect, it } from "vitest";
import { drawConstants } from "../../../src/emulator/platforms/ranges.ts";

const seeds = Array.from({ length: 50 }, (_, index) => index + 1);

it("draws from the plausible ranges, and leaves the user's database alone", () => {
  for (const seed of seeds) {
    const drawn = drawConstants("2026", seed);
    expect(drawn["mapping.throttleBackoffCapMs"]).toBeGreaterThanOrEqual(1_000);
    expect(drawn["mapping.throttleBackoffCapMs"]).toBeLessThanOrEqual(20_000);
    expect(Object.keys(drawn).filter((name) => name.startsWith("database."))).toEqual([]);
  }
});

it("draws what is known better from its interval, also of the database", () => {
  const intervals = { "mapping.throttleBackoffCapMs": [3_000, 3_100], "database.insertMedianMs": [18, 22] } as const;
  const drawn = seeds.map((seed) => drawConstants("2026", seed, intervals));
  for (const { "mapping.throttleBackoffCapMs": cap, "database.insertMedianMs": insert } of drawn) {
    expect(Math.abs(cap! - 3_050)).toBeLessThanOrEqual(50);
    expect(Math.abs(insert! - 20)).toBeLessThanOrEqual(2);
  }
  expect(new Set(drawn.map((one) => one["database.insertMedianMs"])).size).toBe(seeds.length);
});
