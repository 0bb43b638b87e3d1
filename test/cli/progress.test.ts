/** The line that a terminal shows while a run goes on. */
import { expect, it } from "vitest";
import { progressText, retryText, timeLeftText } from "../../src/cli/running/progress.ts";

const drain = { phase: "drain", elapsedMs: 725_900, total: 1000, completed: 310, dead: 2, backlog: 40 } as const;

it("tells the time of a local run as virtual", () => {
  expect(progressText(drain, "local")).toBe("12:05 virtual, 310 of 1000 completed, 2 dead, 40 queued");
  expect(progressText(drain, "aws")).toBe("12:05, 310 of 1000 completed, 2 dead, 40 queued");
});

it("leaves out a backlog that is not known", () => {
  expect(progressText({ ...drain, backlog: null }, "aws")).toBe("12:05, 310 of 1000 completed, 2 dead");
});

it("tells how far a burst in shards is", () => {
  const fire = { phase: "fire", events: 1_000, published: 0, shards: 1, reported: 0 } as const;
  expect(progressText(fire, "aws")).toBe("publishing 1000 events");
  expect(progressText({ ...fire, events: 4_000, published: 1_200, shards: 4, reported: 1 }, "aws")).toBe(
    "publishing 4000 events in 4 shards, 1200 published, 1 shards done",
  );
});

it("names the resource that is being deployed", () => {
  const event = {
    timestamp: 0,
    logicalId: "Queue",
    resourceType: "AWS::SQS::Queue",
    status: "CREATE_COMPLETE",
    reason: null,
  };
  expect(progressText({ phase: "deploy", event }, "aws")).toBe("deploying, Queue CREATE_COMPLETE");
});

it("tells of a retry in the words of who refused, with one full stop at most", () => {
  const retry = { service: "Lambda", reason: "Slow down.", pauseMs: 500, attempt: 2, attempts: 8 };
  expect(retryText(retry)).toBe("Lambda: Slow down; trying again in 0.5 s (2 of 8)");
});

it.each([
  [10_000, 100, 400, ", about 40 s left"],
  [60_000, 10, 50, ", about 5 min left"],
  [600_000, 1, 10, ", about 1 h 40 min left"],
  [999, 100, 400, ""],
  [10_000, 0, 400, ""],
  [10_000, 400, 0, ""],
])("after %i ms and %i done, with %i to do, says of the time: %j", (elapsedMs, done, left, text) => {
  expect(timeLeftText(elapsedMs, done, left)).toBe(text);
});

it("counts the time down between two counts, and says nothing once it is over", () => {
  expect(timeLeftText(10_000, 1, 1, 4_000)).toBe(", about 6 s left");
  expect(timeLeftText(10_000, 1, 1, 12_000)).toBe("");
});
