/** Each test of chaos tells how much it tried and how much held, and a long run publishes it. */
import { readFileSync } from "node:fs";
import { expect, TestRunner } from "vitest";
import { isLong, seed } from "./pace.ts";
import { publish, type Tally } from "./published.ts";

/** A test's figures: `lost` and `left` are none unless it says so. */
export type Told = Omit<Tally, "lost" | "left"> & Partial<Tally>;

/** Prints what a test tried, publishes it in a long run, and fails unless all of it held. The test's time is counted until here. */
export function tell({ what, tried, held, lost = 0, left = 0 }: Told): void {
  const test = TestRunner.getCurrentTest();
  const startedAt = test?.result?.startTime;
  if (test === undefined || startedAt === undefined) throw new Error("Only a test that runs tells what it tried.");
  const seconds = Math.round((Date.now() - startedAt) / 1000);
  console.log(`${what}: ${tried} tried, ${held} held, ${lost} lost, ${left} left, in ${seconds} s (seed ${seed})`);
  if (isLong) {
    const { version } = JSON.parse(readFileSync("package.json", "utf8")) as { version: string };
    const date = new Date().toISOString().slice(0, 10);
    publish(test.file.name, { what, tried, held, lost, left, seconds, seed, version, date });
  }
  expect(tried, what).toBeGreaterThan(0);
  expect({ what, held, lost, left }).toEqual({ what, held: tried, lost: 0, left: 0 });
}
