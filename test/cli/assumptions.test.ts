/** The downstream is the user's own: no number of it is hidden, and none that nobody asked for decides a run. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { RunRecord } from "../../src/model.ts";
import { openDatabase, type TestDatabase } from "../postgres/a-database.ts";
import { openWorkplace } from "./throttle-bench.ts";

let workplace: ReturnType<typeof openWorkplace>;
let database: TestDatabase;

beforeAll(async () => {
  workplace = openWorkplace();
  database = await openDatabase();
});
afterAll(async () => {
  workplace.remove();
  await database.close();
});

async function recordOf(...args: string[]): Promise<RunRecord> {
  const { status, stdout, stderr } = await workplace.run("run", ...args, "--json", "--database-url", database.url);
  expect(stderr).not.toContain("error:");
  expect(status).toBe(0);
  return (JSON.parse(stdout) as [RunRecord])[0];
}

describe("by default", () => {
  it("a short piece of work fits into a short timeout: no connection takes longer than it", async () => {
    const { summary, details } = await recordOf(
      ...["scenario-1", "--events", "100", "--set", "WorkMs=100", "--set", "ConsumerTimeout=3"],
    );
    expect(details.errors).toBe(0);
    expect(summary.eventsCompleted).toBe(100);
  });

  it("a burst without a throttle loses nothing to connections that nobody limited", async () => {
    const { summary, details } = await recordOf("scenario-1", "--rate", "100/s", "--events", "1000");
    expect(summary).toMatchObject({ eventsCompleted: 1_000, eventsFailed: 0 });
    expect(summary.maxConcurrency).toBeGreaterThan(97);
    expect(details.errors).toBe(0);
  });

  it("short work is bounded by the burst's pace and the mapping, not by an insert", async () => {
    const { summary } = await recordOf("scenario-5", "--set", "WorkMs=50");
    const { avg, max } = summary.insertsPerSecond;
    expect(max).toBeGreaterThanOrEqual(50);
    expect(max).toBeLessThanOrEqual(80);
    expect(avg).toBeGreaterThanOrEqual(30);
    expect(avg).toBeLessThanOrEqual(50);
  });

  it("a large backlog behind a large reservation drains without an error", async () => {
    const { summary, details } = await recordOf(
      ...[
        "scenario-5",
        "--events",
        "5000",
        "--rate",
        "max",
        "--set",
        "ReservedConcurrency=900",
        "--set",
        "WorkMs=5000",
      ],
      ...["--set", "ConsumerTimeout=30", "--set", "VisibilityTimeout=180", "--set", "MaxReceiveCount=5"],
    );
    expect(summary).toMatchObject({ eventsCompleted: 5_000, eventsFailed: 0 });
    expect(details).toMatchObject({ errors: 0, throttles: 0 });
    expect(summary.timeTakenSeconds).toBeLessThan(180);
  });
});
