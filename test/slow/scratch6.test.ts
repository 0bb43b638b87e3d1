import { it } from "vitest";
import { bench } from "../../src/bench.ts";
import { Invocations } from "../../src/database/invocations.ts";
import { openEmbeddedPostgres } from "../../src/database/embedded.ts";
import { findScenario } from "../../src/scenarios/catalogue.ts";
import { settingsOf } from "../../src/scenarios/settings.ts";
import { openLocal } from "../../src/targets/local.ts";
import { probes } from "../../src/calibration/probes.ts";
import * as O from "../../src/calibration/observations.ts";
import { estimates } from "../../src/calibration/estimates.ts";

const accounts: Record<string, Record<string, number>> = {
  own: {},
  planted: { "mapping.overheadMs": 150, "lambda.coldStartMedianMs": 400, "database.insertMedianMs": 60, "database.connectMs": 900, "mapping.throttleBackoffBaseMs": 300 },
  fast: { "mapping.overheadMs": 60, "lambda.coldStartMedianMs": 180, "lambda.coldStartSigma": 0.4, "database.insertMedianMs": 12, "database.connectMs": 60, "database.sigma": 0.4, "sns.publishMs": 12, "sns.deliveryMedianMs": 25, "sns.deliverySigma": 0.7, "lambda.asyncDispatchMs": 80, "mapping.throttleBackoffCapMs": 10000, "mapping.troubledPollers": 2, "lambda.asyncThrottleJitter": 0.5 },
};
it("scratch", { timeout: 600_000 }, async () => {
  const postgres = await openEmbeddedPostgres({ directory: "/tmp/h6/pg" });
  for (const [name, constants] of Object.entries(accounts)) {
    const rows: Record<string, any> = {};
    for (const probe of probes) {
      const began = Date.now();
      const target = await openLocal({ databaseUrl: postgres.url, platform: "2026", seed: 7, constants });
      const scenario = findScenario(probe.scenario);
      const record = await bench(target, { scenario, settings: settingsOf(scenario, probe.overrides), events: probe.events, runId: `s-${Date.now()}-${probe.name}`, timeoutMs: 21_600_000, waitForMetrics: true, keep: false, versions: { throttleBench: "t", node: "t" }, wallClock: () => "2026-01-01T00:00:00.000Z", signal: new AbortController().signal }, () => {});
      await target.close();
      const inv = await Invocations.open(postgres.url);
      rows[probe.name] = await inv.rows(record.groupId);
      await inv.close();
      const inflight = record.metrics.find((m) => m.name === "queue.ApproximateNumberOfMessagesNotVisible")?.points.map((p) => p.value);
      console.log(name, probe.name, Date.now() - began, "ms", record.outcome, JSON.stringify(record.summary), "throttles", record.details.throttles, "instances", record.details.instancesStarted, inflight?.join(","));
    }
    const found = estimates({ batches: O.batchObservations(rows.batches), trickle: O.trickleObservations(rows.trickle), instances: O.instanceObservations(rows.instances) });
    for (const [c, e] of Object.entries(found)) console.log("   ", c, e.value.toFixed(2), `[${e.low.toFixed(2)}, ${e.high.toFixed(2)}]`, "n", e.n, "true", constants[c] ?? "platform");
  }
  await postgres.close();
});
