/** A burst that twenty producers publish at once, by the command line. A million events go the same way, in some minutes. */
import { expect, it } from "vitest";
import type { RunRecord } from "../../src/model.ts";
import { aWorkplace } from "../cli/throttle-bench.ts";

const events = 100_000;
/** There are as many instances as the database has connections for. */
const settings = ["WorkMs=0", "BatchSize=10", "ReservedConcurrency=90", "MaximumConcurrency=90"];

it("accounts for each of a hundred thousand events", { timeout: 600_000 }, async () => {
  const set = settings.flatMap((setting) => ["--set", setting]);
  const ended = await aWorkplace().run(
    "run",
    "scenario-5",
    "--events",
    String(events),
    "--rate",
    "max",
    ...set,
    "--json",
  );
  expect(ended.stderr).toMatch(/^Rows go to .*\nThe record of scenario-5 is .*\n$/);
  expect(ended.status).toBe(0);
  const [{ burst, summary, outcome }] = JSON.parse(ended.stdout) as [RunRecord];
  expect(burst).toMatchObject({ published: events, failed: 0 });
  expect(burst.shards.map(({ firstId }) => firstId)).toEqual(Array.from({ length: 20 }, (_, lane) => lane + 1));
  expect(burst.shards.every((shard) => shard.published === events / 20)).toBe(true);
  expect(outcome).toBe("drained");
  expect(summary).toMatchObject({ totalEvents: events, eventsCompleted: events, eventsMissing: 0, duplicates: 0 });
});
