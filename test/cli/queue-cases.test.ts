/** Runs of a queue with a mapping, as a user makes them, whose course AWS documents or others measured. */
import { describe, expect, it } from "vitest";
import type { RunRecord } from "../../src/model.ts";
import { aWorkplace, onDatabase } from "./throttle-bench.ts";

const patient = ["ConsumerTimeout=30", "VisibilityTimeout=180", "MaxReceiveCount=5"];

async function recordOf(settings: readonly string[], ...args: string[]): Promise<RunRecord> {
  const flags = settings.flatMap((setting) => ["--set", setting]);
  const { stdout } = await aWorkplace().run("run", "scenario-5", ...args, ...flags, ...(await onDatabase()), "--json");
  return (JSON.parse(stdout) as [RunRecord])[0];
}

describe("a mapping with a backlog of 5000 events of 5 s", () => {
  it("grows by 300 a minute without jumps until they are drained, and no event fails", async () => {
    const { summary, details, timeline } = await recordOf(
      ["ReservedConcurrency=900", "WorkMs=5000", ...patient],
      ...["--events", "5000", "--rate", "max"],
    );
    expect(summary).toMatchObject({ eventsCompleted: 5_000, eventsFailed: 0 });
    expect(details).toMatchObject({ errors: 0, throttles: 0 });
    // 300 more a minute with 5.1 s each: the rate rises by one a second each second.
    const inserts = (from: number) =>
      timeline
        .filter(({ second }) => second >= from && second < from + 10)
        .reduce((sum, each) => sum + each.inserts, 0);
    for (let from = 10; from <= 70; from += 10) {
      const more = inserts(from + 10) - inserts(from);
      expect(more).toBeGreaterThan(50);
      expect(more).toBeLessThan(150);
    }
  });
});

describe("a batching window of 1 s with little traffic", () => {
  const settings = ["BatchSize=10", "MaximumBatchingWindow=1", "WorkMs=10", ...patient];

  it("does not end the batch of a single event: a long poll of 20 s does", async () => {
    const { summary } = await recordOf(settings, "--events", "1");
    expect(summary.timeTakenSeconds).toBeGreaterThan(19.5);
    expect(summary.timeTakenSeconds).toBeLessThan(20.9);
  });

  it("ends a batch with an event a second when the next event comes to its poller", async () => {
    const { summary, details } = await recordOf(settings, "--events", "20", "--rate", "1/s");
    expect(summary.eventsCompleted).toBe(20);
    expect(summary.timeTakenSeconds).toBeLessThan(20 + 20 + 1);
    // Five pollers take turns, and each ends its batch with its second event.
    expect(details.batches).toBeLessThanOrEqual(12);
  });
});
