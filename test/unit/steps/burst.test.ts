/** A burst is summed up also when some of its shards have not reported, or have failed. */
import { describe, expect, it } from "vitest";
import { Outcomes, type ShardOutcome, sumUp } from "../../../src/steps/burst.ts";
import type { PlannedShard } from "../../../src/steps/shards.ts";

const lanes: PlannedShard[] = [
  { firstId: 1, stride: 2, events: 50, dueMs: 0 },
  { firstId: 2, stride: 2, events: 50, dueMs: 0 },
  { firstId: 101, stride: 2, events: 10, dueMs: 1_000 },
];
const answer = (published: number, failed: number, firstSentAt: number | null, lastSentAt: number | null) => ({
  published,
  failed,
  firstSentAt,
  lastSentAt,
});

/** Every shard begun, and what is known of some. */
function outcomesWith(known: Record<number, ShardOutcome>): Outcomes {
  const outcomes = new Outcomes();
  for (const shard of lanes) outcomes.begin(shard);
  outcomes.note(Object.entries(known).map(([firstId, outcome]) => ({ firstId: Number(firstId), outcome })));
  return outcomes;
}

describe("a burst", () => {
  it("is the sum of its shards, from the first to the last that was sent", () => {
    const known = { 1: answer(50, 0, 1_005, 1_900), 2: answer(48, 2, 1_000, 1_890), 101: answer(10, 0, 2_000, 2_100) };
    expect(sumUp(lanes, outcomesWith(known))).toMatchObject({
      published: 108,
      failed: 2,
      firstSentAt: 1_000,
      lastSentAt: 2_100,
    });
  });

  it("counts what never reported as published, and then does not say when it began", () => {
    const { published, failed, firstSentAt, shards } = sumUp(lanes, outcomesWith({ 1: answer(50, 0, 1_005, 1_900) }));
    expect({ published, failed, firstSentAt }).toEqual({ published: 110, failed: 0, firstSentAt: null });
    expect(shards[1]).toEqual({ firstId: 2, stride: 2, events: 50, published: null, failed: null, failure: null });
  });

  it("knows when it began where only a later shard has not told", () => {
    const known = { 1: answer(50, 0, 1_005, 1_900), 2: answer(50, 0, 1_000, 1_890) };
    expect(sumUp(lanes, outcomesWith(known)).firstSentAt).toBe(1_000);
  });

  it("has the events of a shard as failed that published nothing, and leaves open those of one that was cut off", () => {
    const known = {
      1: { failure: "The producer failed: no.", mayHavePublished: false },
      2: { failure: "The producer failed: Task timed out.", mayHavePublished: true },
      101: answer(10, 0, 2_000, 2_100),
    };
    const burst = sumUp(lanes, outcomesWith(known));
    expect(burst).toMatchObject({ published: 60, failed: 50 });
    expect(burst.shards.map(({ published, failed, failure }) => [published, failed, failure])).toEqual([
      [0, 50, "The producer failed: no."],
      [null, null, "The producer failed: Task timed out."],
      [10, 0, null],
    ]);
  });
});

describe("what is known of the shards", () => {
  it("takes a report once, and only of a shard that was begun", () => {
    const outcomes = new Outcomes();
    outcomes.begin(lanes[0]!);
    outcomes.note([{ firstId: 2, outcome: answer(50, 0, 1, 2) }]);
    expect(outcomes).toMatchObject({ published: 0, areAllKnown: false });
    outcomes.note([{ firstId: 1, outcome: answer(50, 0, 1, 2) }]);
    outcomes.note([{ firstId: 1, outcome: answer(7, 43, 1, 2) }]);
    expect(outcomes).toMatchObject({ published: 50, reported: 1, areAllKnown: true, hasFailed: false });
  });

  it("says that nothing was published only when every shard that was begun says so", () => {
    const nothing = { failure: "no", mayHavePublished: false };
    expect(outcomesWith({ 1: nothing, 2: nothing }).isNothingPublished).toBe(false);
    expect(outcomesWith({ 1: nothing, 2: nothing, 101: nothing }).isNothingPublished).toBe(true);
    const cutOff = { ...nothing, mayHavePublished: true };
    expect(outcomesWith({ 1: nothing, 2: cutOff, 101: nothing }).isNothingPublished).toBe(false);
  });
});
