/**
 * Max. Concurrency as emulated CloudWatch shows it, against the truth and against what the rows tell.
 *
 * The truth is the largest number of invocations that held Lambda's concurrency at once, cold starts included.
 *
 * - CloudWatch's figure is the largest of its samples, so it never says more than the truth and the pollers of a mapping that are
 *   between two invocations, which CloudWatch counts. It says less when the peak lies
 *   between two samples. Invocations that are shorter than the sampling interval may not be seen at all. When all last at least
 *   one interval, each invocation that runs at the peak is seen by the sample before it or by the sample after it, for it
 *   cannot begin after the one and end before the other. The two samples together see the whole peak, so the larger of them
 *   sees at least half. No better bound holds, however long the invocations last: half of the peak may begin just after a
 *   sample and the other half end just before the next.
 * - The rows' overlap counts invocations from their start of work to their last insert. Cold starts, failed invocations and
 *   the time after the insert are not in the rows, so it never says more than the truth either, but it may say less than
 *   CloudWatch or more.
 */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Emulator } from "../../src/emulator/emulator.ts";
import { constantsOf } from "../../src/emulator/platforms/platforms.ts";
import { invocationsOf, maxOverlap } from "../../src/metrics/overlap.ts";
import { columnsOf } from "../unit/metrics/rows.ts";
import { simulate } from "./simulation.ts";
import { system } from "./system.ts";

const parameters = {
  numRuns: Math.ceil(Number(process.env.FAST_CHECK_RUNS ?? 250) / 5),
  seed: Number(process.env.FAST_CHECK_SEED ?? 1),
};

const sampleMs = 1_000;

describe("Max. Concurrency", () => {
  it("is never above the true peak, neither in the rows nor, without a mapping's pollers, in CloudWatch", {
    timeout: 120_000,
  }, async () => {
    let apart = 0;
    await fc.assert(
      fc.asyncProperty(system, async (drawn) => {
        // Clocks of whole milliseconds see work of none as overlapping with its successor.
        const consumer = { ...drawn.consumer, leastMs: Math.max(1, drawn.consumer.leastMs) };
        const { ledger, rows, metrics } = await simulate({ ...drawn, consumer });
        const overlap = maxOverlap(invocationsOf(columnsOf(rows))) ?? 0;
        if (drawn.path === "topic to function") expect(metrics.ConcurrentExecutions).toBeLessThanOrEqual(ledger.peak);
        expect(metrics.ConcurrentExecutions > 0).toBe(ledger.peak > 0);
        expect(overlap).toBeLessThanOrEqual(ledger.peak);
        if (metrics.ConcurrentExecutions !== overlap) apart++;
      }),
      parameters,
    );
    expect(apart).toBeGreaterThan(0);
  });

  it("is at least half of the true peak in CloudWatch when no invocation is shorter than the sampling interval", {
    timeout: 120_000,
  }, async () => {
    let short = 0;
    await fc.assert(
      fc.asyncProperty(system, async (drawn) => {
        const consumer = { ...drawn.consumer, leastMs: Math.max(sampleMs, drawn.consumer.leastMs) };
        const { ledger, metrics } = await simulate({ ...drawn, ranges: false, consumer });
        expect(2 * metrics.ConcurrentExecutions).toBeGreaterThanOrEqual(ledger.peak);
        if (metrics.ConcurrentExecutions < ledger.peak) short++;
      }),
      parameters,
    );
    expect(short).toBeGreaterThan(0);
  });

  /** CloudWatch's maximum and the true peak of invocations that begin at given times and last so long. */
  async function seen(invocations: { at: number; lastsMs: number; times: number }[]) {
    let running = 0;
    let peak = 0;
    const emulator = new Emulator({
      start: 0,
      seed: 1,
      region: "eu-west-1",
      constants: constantsOf("2026", {
        "lambda.coldStartMedianMs": 0,
        "cloudwatch.concurrencySampleMs": sampleMs,
      }),
      insertRow() {},
      log() {},
      handlers: { index: (ports) => (lastsMs) => ports.clock.sleep(lastsMs as number) },
    });
    const { kernel, iam, lambda, cloudwatch } = emulator;
    const fn = lambda.create("consumer", { roleArn: iam.createRole("consumer", []).arn, timeoutMs: 60_000 }, "");
    for (const { at, lastsMs, times } of invocations) {
      kernel.at(at, () => {
        for (let time = 0; time < times; time++) {
          running++;
          peak = Math.max(peak, running);
          fn.invoke(lastsMs, () => running--);
        }
      });
    }
    await kernel.advanceTo(600_000);
    const dimensions = { FunctionName: "consumer" };
    const query = { namespace: "AWS/Lambda", name: "ConcurrentExecutions", dimensions, statistic: "Maximum" };
    const [point] = cloudwatch.query({ ...query, periodMs: 60_000, start: 0, end: 60_000 });
    return { cloudWatch: point!.value, peak };
  }

  it("is no more than that half when one half begins after a sample and the other ends before the next", async () => {
    const halves = [
      { at: 0, lastsMs: 5_000, times: 1 }, // is sampled at every whole second
      { at: 1, lastsMs: 2_998, times: 10 },
      { at: 2_001, lastsMs: 2_998, times: 10 },
    ];
    // Both halves run from 2.001 to 2.999 s; the samples at 2 and 3 s see one half each.
    expect(await seen(halves)).toEqual({ cloudWatch: 11, peak: 21 });
  });

  it("may miss all but one of any number of invocations that are shorter than the sampling interval", async () => {
    const burst = [
      { at: 0, lastsMs: 2_000, times: 1 },
      { at: 100, lastsMs: 800, times: 200 },
    ];
    expect(await seen(burst)).toEqual({ cloudWatch: 1, peak: 201 });
  });

  it("is exact for invocations that last for two samples", async () => {
    expect(await seen([{ at: 300, lastsMs: 2_000, times: 40 }])).toEqual({ cloudWatch: 40, peak: 40 });
  });
});
