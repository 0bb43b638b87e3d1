/** A run whose rows stay in memory needs no database, and comes to the same as one whose rows go to Postgres. */
import { afterAll, beforeAll, expect, it } from "vitest";
import { openWorkbench, type Workbench } from "./bench.ts";
import { expectSameEitherWay, runWithRows } from "./rows-either-way.ts";

let workbench: Workbench;

beforeAll(async () => {
  workbench = await openWorkbench();
});
afterAll(() => workbench.close());

it.each(["scenario-1", "scenario-5", "kinesis-one-shard"])(
  "has the same rows and record of %s, byte for byte, and accounts for every event",
  (name) => expectSameEitherWay(name, workbench.databaseUrl),
);

it("has the same rows, calls and record with settings of the downstream, byte for byte", async () => {
  const limited = ["DownstreamLimit=2/s", "WhenRefused=return", "MaxReceiveCount=100"];
  const failing = ["WorkMsMax=2000", "FailureRate=0.1", "PoisonRate=0.02", "SlowRate=0.1", "SlowFactor=2"];
  const set = [...limited, ...failing, "DuplicateRate=0.1", "HoldMs=1200", "ConsumerTimeout=20"];
  const inMemory = await runWithRows("scenario-5", null, set);
  const inPostgres = await runWithRows("scenario-5", workbench.databaseUrl, set);
  expect(inMemory.rows).toBe(inPostgres.rows);
  expect(inMemory.record).toBe(inPostgres.record);
  expect(JSON.stringify(inMemory.calls)).toBe(JSON.stringify(inPostgres.calls));
  const outcomes = new Set(inMemory.calls.map(({ outcome }) => outcome));
  expect([...outcomes].sort()).toEqual(["accepted", "failed", "refused"]);
});
