/** When CloudWatch's points of a run are taken for all that there are, and how long they are waited for. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { BenchError } from "../../../src/errors.ts";
import type { MetricPoint, MetricSeries } from "../../../src/model.ts";
import { evidenceInRows, isComplete, type Reading, readWhenComplete } from "../../../src/steps/completeness.ts";
import { openLocal } from "../../../src/targets/local.ts";
import { aStack } from "./a-table.ts";
import { cloudWatchWith, type Points } from "./cloudwatch-answers.ts";

const minute = 60_000;
const start = Date.UTC(2026, 0, 1);
const end = start + 3 * minute + 20_000;
const latestEnd = start + 4 * minute + 900_000;

function reading(at: number, ...invocations: number[]): Reading {
  const points = invocations.map((value, index) => ({ timestamp: start + index * minute, value }));
  return { at, series: [{ name: "consumer.Invocations", statistic: "Sum", points }] };
}

describe("evidence", () => {
  it("is the batches of the rows, up to the last row", () => {
    const of = (batches: number, timeTakenSeconds: number | null) =>
      evidenceInRows({ timeTakenSeconds }, { batches }, { start, end });
    expect(of(7, 61.5)).toEqual({ invocations: 7, until: start + 61_500 });
    expect(of(0, null)).toEqual({ invocations: 0, until: end });
  });
});

describe("isComplete, of a reading", () => {
  const evidence = { invocations: 10, until: start + 2 * minute + 5_000 };
  const at = start + 5 * minute;

  it.each<[what: string, now: Reading, earlier: Reading | null, complete: boolean]>([
    [
      "that shows all and says what one of a minute before said",
      reading(at, 5, 0, 5),
      reading(at - minute, 5, 0, 5),
      true,
    ],
    ["that shows more than there must be", reading(at, 5, 9, 5), reading(at - minute, 5, 9, 5), true],
    ["that is the first", reading(at, 5, 0, 5), null, false],
    ["that says more than the one before", reading(at, 5, 0, 6), reading(at - minute, 5, 0, 5), false],
    ["that comes too soon after the one before", reading(at, 5, 0, 5), reading(at - minute + 1, 5, 0, 5), false],
    ["that shows too little, twice", reading(at, 5, 0, 4), reading(at - minute, 5, 0, 4), false],
    [
      "that shows enough only with what began after the last row",
      reading(at, 5, 0, 4, 9),
      reading(at - minute, 5, 0, 4, 9),
      false,
    ],
    ["that shows nothing, twice", reading(at), reading(at - minute), false],
    ["that shows all when nothing more is expected", reading(latestEnd, 5, 0, 5), null, true],
    ["that shows all just before that", reading(latestEnd - 1, 5, 0, 5), null, false],
    ["that shows too little when nothing more is expected", reading(latestEnd, 5, 0, 4), null, false],
  ])("%s", (_what, now, earlier, complete) => {
    expect(isComplete(now, earlier, evidence, end)).toBe(complete);
  });
});

describe("isComplete, of a reading where nothing came through,", () => {
  const none = { invocations: 0, until: end };
  const throttled = (at: number, ...throttles: number[]): Reading => {
    const points = throttles.map((value, index) => ({ timestamp: start + index * minute, value }));
    return { at, series: [{ name: "consumer.Throttles", statistic: "Sum", points }] };
  };
  const at = start + 6 * minute;

  it.each<[what: string, now: Reading, earlier: Reading, complete: boolean]>([
    ["that shows the throttles twice", throttled(at, 9, 4), throttled(at - minute, 9, 4), true],
    ["that shows more throttles than before", throttled(at, 9, 4, 2), throttled(at - minute, 9, 4), false],
    ["that shows nothing, twice", throttled(at), throttled(at - minute), false],
    ["that shows failed invocations twice", reading(at, 3), reading(at - minute, 3), true],
  ])("%s", (_what, now, earlier, complete) => {
    expect(isComplete(now, earlier, none, end)).toBe(complete);
  });
});

describe("the wait", () => {
  interface Waiting {
    points: Points;
    invocations?: number;
    interruptAfterMs?: number;
  }

  /** How the wait for a run ended that began with the target's clock and took 3 min 20 s; times are since that. */
  async function waited({ points, invocations = 10, interruptAfterMs }: Waiting) {
    const target = await openLocal({ databaseUrl: null, platform: "2026", seed: 1 });
    const begunAt = target.clock.now();
    const end = begunAt + 200_000;
    await target.clock.sleep(200_000);
    const controller = new AbortController();
    const countdown: number[] = [];
    const clients = cloudWatchWith(target.clients, points);
    try {
      const { reading, complete } = await readWhenComplete(
        { ...target, clients },
        aStack,
        { start: begunAt, end },
        { invocations, until: end },
        controller.signal,
        (update) => {
          if (update.phase !== "metrics") return;
          countdown.push(update.remainingMs);
          if (target.clock.now() - begunAt >= (interruptAfterMs ?? Infinity))
            controller.abort(new Error("interrupted"));
        },
      );
      const shown = reading.series.find(({ name }: MetricSeries) => name === "consumer.Invocations")!.points;
      return { complete, countdown, shown: shown.map(({ value }) => value), afterMs: target.clock.now() - begunAt };
    } finally {
      await target.close();
    }
  }

  const ofInvocations =
    (answers: MetricPoint[][]): Points =>
    ({ name, asked }) =>
      name === "Invocations" ? (answers[asked - 1] ?? answers.at(-1)!) : [];
  const minutes = (...values: number[]): MetricPoint[] =>
    values.map((value, index) => ({ timestamp: start + index * minute, value }));

  it("begins when the last minute is over, and ends when two readings a minute apart say the same", async () => {
    const { complete, afterMs, countdown } = await waited({ points: ofInvocations([minutes(4, 6)]) });
    expect({ complete, afterMs }).toEqual({ complete: true, afterMs: 300_000 });
    expect(countdown[0]).toBe(940_000);
    expect(countdown).toEqual([...countdown].sort((a, b) => b - a));
  });

  it("goes on while points come, first an under-count, then the full sum", async () => {
    const points = ofInvocations([[], minutes(4), minutes(4), minutes(4, 3), minutes(4, 6), minutes(4, 7)]);
    expect(await waited({ points })).toMatchObject({ complete: true, shown: [4, 7], afterMs: 240_000 + 6 * minute });
  });

  it("ends without evidence when nothing more is expected, and gives what there is", async () => {
    expect(await waited({ points: ofInvocations([minutes(4)]) })).toMatchObject({
      complete: false,
      shown: [4],
      afterMs: 240_000 + 900_000,
    });
  });

  it("ends with an interruption, and gives what there is then", async () => {
    const points = ofInvocations([minutes(4), minutes(4, 5)]);
    expect(await waited({ points, interruptAfterMs: 210_000 })).toMatchObject({ complete: false, shown: [4] });
    expect(await waited({ points, interruptAfterMs: 310_000 })).toMatchObject({ complete: false, shown: [4, 5] });
  });

  it("keeps what it has read when CloudWatch is lost, and says so when it never had any", async () => {
    const lostAfter =
      (readings: number): Points =>
      (metric) => {
        if (metric.asked > readings) throw new BenchError("target-failed", "lost");
        return ofInvocations([minutes(4)])(metric);
      };
    expect(await waited({ points: lostAfter(1) })).toMatchObject({ complete: false, shown: [4] });
    await expect(waited({ points: lostAfter(0) })).rejects.toThrow("lost");
  });

  it("never ends complete before the sum is what the rows prove, however the points come", async () => {
    const answers = fc.array(fc.array(fc.integer({ min: 0, max: 6 }), { maxLength: 4 }), {
      minLength: 1,
      maxLength: 16,
    });
    await fc.assert(
      fc.asyncProperty(answers, async (all) => {
        const { complete, shown } = await waited({ points: ofInvocations(all.map((values) => minutes(...values))) });
        const sum = shown.reduce((total, value) => total + value, 0);
        if (complete) expect(sum).toBeGreaterThanOrEqual(10);
        const last = all.at(-1)!.reduce((total, value) => total + value, 0);
        if (all.length < 15 && last >= 10) expect(complete).toBe(true);
      }),
      { numRuns: 30 },
    );
  });
});
