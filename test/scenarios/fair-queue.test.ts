/** The fair queue's scenario: whom it spares, what it costs the others, and where it does nothing. */
import { expect, it } from "vitest";
import type { RunRecord } from "../../src/model.ts";
import { findScenario } from "../../src/scenarios/catalogue.ts";
import { simulateRecord } from "../../src/simulation/simulate.ts";
import { aRequest } from "./a-request.ts";

/** `isFair`: false, and the queue never finds a noisy tenant, as if its messages had no groups. */
function simulated(isFair: boolean, ...set: string[]): Promise<RunRecord> {
  const constants: Record<string, number> = isFair ? {} : { "sqs.noisyDetectionMs": 1_000_000_000 };
  return simulateRecord({
    request: aRequest(findScenario("fair-queue"), { runId: "fair", events: 1_000, set }),
    model: { platform: "2026", seed: 1, profile: null, ranges: false, constants },
  });
}

/** The wait within which 95% of the events of a tenant are done, in seconds: the noisy one's, and the quiet ones' mean. */
function waits({ details }: RunRecord): { noisy: number; quiet: number } {
  const [noisy, ...quiet] = details.messageGroups!.listed.toSorted((a, b) => a.messageGroup - b.messageGroup);
  const seconds = quiet.map(({ waitMs }) => waitMs!.p95! / 1_000);
  return { noisy: noisy!.waitMs!.p95! / 1_000, quiet: seconds.reduce((sum, wait) => sum + wait, 0) / seconds.length };
}

it("has quiet tenants wait for less than half as long, and takes no longer and loses nothing for it", async () => {
  const [fair, plain] = [await simulated(true), await simulated(false)];
  const [fairly, plainly] = [waits(fair), waits(plain)];
  expect(plainly.quiet).toBeGreaterThan(0.9 * plainly.noisy);
  expect(fairly.quiet).toBeLessThan(plainly.quiet / 2);
  expect(fairly.noisy).toBeLessThan(1.1 * plainly.noisy);
  expect(fair.summary).toEqual(plain.summary);
  expect(fair.summary.eventsCompleted).toBe(1_000);
});

it("does nothing with twenty messages at a time, as it did on AWS", async () => {
  const few = "MaximumConcurrency=20";
  const [fair, plain] = [await simulated(true, few), await simulated(false, few)];
  expect(fair.details).toEqual(plain.details);
  expect(waits(fair).quiet).toBeGreaterThan(0.8 * waits(fair).noisy);
});
