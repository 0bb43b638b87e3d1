/** The durations that rows show, of rows whose durations can be counted on one hand. */
import { expect, it } from "vitest";
import { observationsOf } from "../../../src/calibration/observations.ts";
import type { Row } from "../../../src/model.ts";

function row(startedAt: number, batchId: string, cacheId: string, rest: Partial<Row> = {}): Row {
  return { id: 1, sentAt: 0, startedAt, groupId: "run/consumer", batchId, cacheId, createdAt: startedAt + 5, ...rest };
}

it("sees inserts within a batch, but not in an instance's first step, which waits for the connection", () => {
  const rows = [
    ...[100, 900, 910].map((startedAt) => row(startedAt, "first", "one")),
    ...[1_000, 1_012, 1_023].map((startedAt) => row(startedAt, "second", "one")),
  ];
  expect(observationsOf({ batches: rows }).batches!.insertMs).toEqual([10, 12, 11]);
});

it("sees gaps from each batch's last event to the next batch but one, once the queue is full and the instances are connected", () => {
  const batches: [instance: string, startedAt: number][] = [
    ["one", 100],
    ["two", 150],
    ["one", 5_000],
    ["two", 5_040],
    ["one", 5_100],
    ["two", 5_145],
    ["one", 5_200],
  ];
  const rows = batches.map(([instance, startedAt], index) => row(startedAt, `batch-${index}`, instance));
  expect(observationsOf({ batches: rows }).batches!.gapMs).toEqual([105, 100]);
});

it("sees one call of the publisher to the next, however many events it publishes", () => {
  const rows = [0, 0, 0, 25, 25, 51].map((sentAt, index) => row(1_000 + index, "batch", "one", { sentAt }));
  expect(observationsOf({ batches: rows }).batches!.publishMs).toEqual([25, 26]);
});

it("sees the way of each event but an instance's first", () => {
  const rows = [
    row(700, "a", "one"),
    row(1_080, "b", "one", { sentAt: 1_000 }),
    row(2_900, "c", "two", { sentAt: 2_000 }),
  ];
  expect(observationsOf({ trickle: rows }).trickle).toEqual({ latencyMs: [80] });
});

it("keeps an instance's first event apart from the others", () => {
  const rows = [
    row(400, "a", "one", { sentAt: 0, createdAt: 5_400 }),
    row(6_060, "b", "one", { sentAt: 6_000, createdAt: 10_070 }),
  ];
  expect(observationsOf({ instances: rows }).instances).toEqual({
    firstLatencyMs: [400],
    latencyMs: [60],
    firstHandlingMs: [5_000],
    handlingMs: [4_010],
  });
});
