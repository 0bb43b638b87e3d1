/** The constants that the rows of the probes show. */
import { describe, expect, it } from "vitest";
import { estimates } from "../../../src/calibration/estimates.ts";
import { observationsOf } from "../../../src/calibration/observations.ts";
import { batchRows, instanceRows, type Numbers, numbers, trickleRows } from "./some-rows.ts";

/** A free slot is seen at once. */
const atOnce = () => 0;
const overheadSpread = { value: 0.2, range: [0, 0.5] } as const;

function estimatesOf(of: Numbers) {
  const rows = { batches: batchRows(of), trickle: trickleRows(of), instances: instanceRows(of) };
  return estimates(observationsOf(rows), overheadSpread, atOnce);
}

const truth: Record<string, number> = {
  "database.insertMedianMs": numbers.insertMs,
  "database.sigma": numbers.sigma,
  "mapping.overheadMs": numbers.overheadMs,
  "sns.publishMs": numbers.publishMs,
  "sns.deliveryMedianMs": numbers.deliveryMs,
  "sns.deliverySigma": numbers.deliverySigma,
  "lambda.asyncDispatchMs": numbers.dispatchMs,
  "lambda.coldStartMedianMs": numbers.coldStartMs,
  "lambda.coldStartSigma": numbers.coldStartSigma,
  "database.connectMs": numbers.connectMs,
};

describe("the estimates from rows", () => {
  const found = estimatesOf(numbers);

  it.each(Object.entries(truth))("have %s, made with %d, in its interval, and near", (name, value) => {
    const { low, high, value: estimate, observations } = found[name]!;
    expect(low).toBeLessThanOrEqual(value);
    expect(high).toBeGreaterThanOrEqual(value);
    expect(estimate).toBeGreaterThanOrEqual(low);
    expect(estimate).toBeLessThanOrEqual(high);
    expect(Math.abs(estimate - value)).toBeLessThan(0.35 * value);
    expect(observations).toBeGreaterThan(20);
  });

  it("are those and no others", () => {
    expect(Object.keys(found).sort()).toEqual(Object.keys(truth).sort());
  });

  it("are the same when the database's clock is wrong", () => {
    const late = estimatesOf({ ...numbers, offsetMs: 90_000 });
    for (const name of Object.keys(truth)) {
      for (const of of ["value", "low", "high"] as const) expect(late[name]![of]).toBeCloseTo(found[name]![of], 3);
    }
  });

  it("are absent when an estimate that they build on is absent", () => {
    const only = estimates(observationsOf({ instances: instanceRows(numbers) }), overheadSpread, atOnce);
    expect(Object.keys(only).sort()).toEqual([
      "database.connectMs",
      "lambda.coldStartMedianMs",
      "lambda.coldStartSigma",
    ]);
    expect(estimates(observationsOf({}), overheadSpread, atOnce)).toEqual({});
  });

  it("are absent when too few rows show them", () => {
    const few = observationsOf({
      batches: batchRows(numbers).slice(0, 3),
      trickle: trickleRows(numbers).slice(0, 5),
      instances: [],
    });
    expect(estimates(few, overheadSpread, atOnce)).toEqual({});
  });

  it("leave the spread open when a database is as fast as the rows' milliseconds", () => {
    const rows = { batches: batchRows({ ...numbers, insertMs: 3 }) };
    const fast = estimates(observationsOf(rows), overheadSpread, atOnce);
    expect(fast["database.insertMedianMs"]!.value).toBeCloseTo(3, 0);
    expect(fast["database.sigma"]).toBeUndefined();
  });
});

it("takes no spread for exact that whole milliseconds show as steps", () => {
  const { low, high } = estimates(
    observationsOf({ batches: batchRows({ ...numbers, insertMs: 10 }) }),
    overheadSpread,
    atOnce,
  )["database.sigma"]!;
  expect(low).toBeLessThan(numbers.sigma - 0.03);
  expect(high).toBeGreaterThan(numbers.sigma + 0.03);
});

describe("the overhead", () => {
  it("is found whichever poller's batch begins first, also when inserts are much faster than it", () => {
    for (const insertMs of [5, 60, 300]) {
      const { value } = estimates(
        observationsOf({ batches: batchRows({ ...numbers, insertMs }) }),
        overheadSpread,
        atOnce,
      )["mapping.overheadMs"]!;
      expect(Math.abs(value - numbers.overheadMs)).toBeLessThan(0.1 * numbers.overheadMs + 0.05 * insertMs);
    }
  });

  it("does not count a wait for messages", () => {
    const rows = batchRows(numbers).map((row) => {
      const isLate = Number(row.batchId.split("-")[1]) >= 40;
      return isLate ? { ...row, startedAt: row.startedAt + 60_000, createdAt: row.createdAt + 60_000 } : row;
    });
    const { value } = estimates(observationsOf({ batches: rows }), overheadSpread, atOnce)["mapping.overheadMs"]!;
    expect(Math.abs(value - numbers.overheadMs)).toBeLessThan(0.1 * numbers.overheadMs);
  });
});
