/** A template that is not one of ours, tried as a new user would: overpull by a reservation, none by MaximumConcurrency. */
import { afterAll, beforeAll, expect, it } from "vitest";
import { openWorkbench, type Workbench } from "./bench.ts";
import { overpull } from "./overpull.ts";

let workbench: Workbench;

beforeAll(async () => {
  workbench = await openWorkbench();
});

afterAll(() => workbench?.close());

const set = ["ReservedConcurrency=2", "WorkMs=5000", "ConsumerTimeout=15", "VisibilityTimeout=15", "MaxReceiveCount=3"];

it("loses nothing either way with 10 events, but only the reservation throttles", async () => {
  const { reservation, maximumConcurrency } = await overpull(workbench, 10, set);
  expect(reservation.published).toBeNull();
  expect(reservation.summary).toMatchObject({ eventsCompleted: 10, eventsFailed: 0 });
  expect(reservation.details.throttles).toBeGreaterThan(0);
  expect(maximumConcurrency.summary).toMatchObject({ eventsCompleted: 10, eventsFailed: 0 });
  expect(maximumConcurrency.details.throttles).toBe(0);
});

it("loses events to the dead-letter queue with 1000 events behind a reservation, and none with MaximumConcurrency", async () => {
  const { reservation, maximumConcurrency } = await overpull(workbench, 1_000, set);
  expect(reservation.summary.eventsFailed).toBeGreaterThan(10);
  expect(reservation.summary.eventsMissing).toBe(0);
  expect(reservation.summary.maxConcurrency).toBe(2);
  expect(maximumConcurrency.summary).toMatchObject({ eventsCompleted: 1_000, eventsFailed: 0, maxConcurrency: 2 });
  expect(maximumConcurrency.details.throttles).toBe(0);
});
