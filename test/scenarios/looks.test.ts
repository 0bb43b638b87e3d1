/** The rows of a long burst are looked at while it is fired, so that no later look has to read them all. */
import { expect, it } from "vitest";
import { bench } from "../../src/bench.ts";
import { findScenario } from "../../src/scenarios/catalogue.ts";
import { openLocal } from "../../src/targets/local.ts";
import type { Target } from "../../src/targets/target.ts";
import { aContext, aRequest } from "./a-request.ts";

it("reads each row for two minutes at most, from the first shard to the end", async () => {
  const target = await openLocal({ databaseUrl: null, platform: "2026", seed: 1 });
  const { rows } = target;
  let read = 0;
  let most = 0;
  const watched: Target["rows"] = {
    ensureTable: () => rows.ensureTable(),
    columns: (groupId) => rows.columns(groupId),
    calls: (runId) => rows.calls(runId),
    async newSince(groups, since) {
      const arrivals = await rows.newSince(groups, since);
      const some = arrivals.completed.length + arrivals.dead.length;
      read += some;
      most = Math.max(most, some);
      return arrivals;
    },
  };
  try {
    // A shard takes ten minutes at most, so that there are two.
    const request = aRequest(findScenario("scenario-5"), { runId: "looks", events: 800, set: ["PublishRate=1"] });
    const { summary, burst } = await bench({ ...target, rows: watched }, request, aContext());
    expect(burst.shards).toHaveLength(2);
    expect(summary.eventsCompleted).toBe(800);
    expect(most).toBeLessThan(120);
    expect(read).toBeLessThan(10 * 800);
  } finally {
    await target.close();
  }
});
