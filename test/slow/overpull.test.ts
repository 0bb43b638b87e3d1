/** Overpull with a hundred thousand events: a reservation loses some of them, and MaximumConcurrency loses none. */
import { afterAll, beforeAll, expect, it } from "vitest";
import { openWorkbench, type Workbench } from "../scenarios/bench.ts";
import { overpull } from "../scenarios/overpull.ts";

let workbench: Workbench;

beforeAll(async () => {
  workbench = await openWorkbench();
});

afterAll(() => workbench?.close());

it("loses hundreds of 100,000 events behind a reservation, and none with MaximumConcurrency", async () => {
  const set = [
    "ReservedConcurrency=2",
    "PublishRate=500",
    "ConsumerTimeout=10",
    "VisibilityTimeout=10",
    "MaxReceiveCount=3",
  ];
  const { reservation, maximumConcurrency } = await overpull(workbench, 100_000, set);
  expect(reservation.summary.eventsFailed).toBeGreaterThan(100);
  expect(reservation.summary.eventsMissing).toBe(0);
  expect(maximumConcurrency.summary).toMatchObject({ eventsCompleted: 100_000, eventsFailed: 0, eventsMissing: 0 });
}, 600_000);
