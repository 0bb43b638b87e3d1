/** The answer of a calibration for each of the model's unpublished numbers. */
import { describe, expect, it } from "vitest";
import { fitAccount, type Model, type ProbeRecords } from "../../../src/calibration/account.ts";
import { throttlesWithin } from "../../../src/calibration/holds.ts";
import { observationsOf } from "../../../src/calibration/observations.ts";
import { type Probe, probes } from "../../../src/calibration/probes.ts";
import type { RunRecord } from "../../../src/model.ts";
import { findScenario } from "../../../src/scenarios/catalogue.ts";
import { settingsOf } from "../../../src/scenarios/settings.ts";
import { mappingBackoffMs, meanFreeSlotMs, unpublishedConstants } from "../../../src/targets/local.ts";
import { aRecord } from "../records/a-record.ts";
import { batchRows, numbers } from "./some-rows.ts";

const unpublished = unpublishedConstants("2026");

/** Figures of `retries` that tell of the growth, with a scatter that is not chance. */
function retries(growth: number, run: number): RunRecord {
  const latency = 100_000 * (2 - growth) + run * 500;
  return aRecord({
    details: {
      ...aRecord().details,
      throttles: 1_400 + run,
      waitMs: { p50: latency, p95: 3 * latency, p99: 4 * latency, oldest: 5 * latency },
    },
  });
}

const model: Model = {
  unpublished,
  backoffMs: mappingBackoffMs,
  freeSlotMs: (busyMs) => meanFreeSlotMs("2026", busyMs),
  simulate: async (_probe, constants) =>
    constants.map((values) => [1, 2, 3].map((run) => retries(values["lambda.asyncReadGrowthPerSecond"]!, run))),
};

function recordsOf(throttles: Partial<Record<string, number | null>>): ProbeRecords {
  return Object.fromEntries(
    Object.entries(throttles).map(([probe, count]) => [
      probe,
      aRecord({ details: { ...aRecord().details, throttles: count ?? null } }),
    ]),
  );
}

describe("a calibration", () => {
  it("gives every unpublished number a value, or a reason why it has none", async () => {
    const records = { ...recordsOf({ batches: 0 }), retries: retries(0.06, 2) };
    const { constants, undecided } = await fitAccount(records, observationsOf({ batches: batchRows(numbers) }), model);
    expect([...Object.keys(constants), ...Object.keys(undecided)].sort()).toEqual(Object.keys(unpublished).sort());
    expect(constants["mapping.overheadMs"]).toMatchObject({ platformValue: 100, probe: "batches" });
    expect(constants["lambda.asyncReadGrowthPerSecond"]!.value).toBeCloseTo(0.06, 1);
    expect(undecided).toMatchObject({
      "sns.deliveryMedianMs": "there is no run of the probe trickle",
      "mapping.throttleBackoffBaseMs": "fewer than two probes that hold messages have their throttles",
      "mapping.troubledPollers": "the probe hold-40s has too few minutes of messages in flight",
      "mapping.longPollMs": "no probe shows it",
    });
  });

  it("says so when the rows of a probe are not in the database", async () => {
    const { undecided } = await fitAccount(recordsOf({ batches: 0 }), {}, model);
    expect(undecided["mapping.overheadMs"]).toBe("the rows of the probe batches are not in the database");
  });

  it("counts a hold from its first throttle on, half of the mapping's overhead after the message was received", async () => {
    const backoff = { baseMs: 300, capMs: 6_000, jitter: 0.5 };
    const throttles = probes.flatMap(({ name, hold, events }) => {
      if (hold === null) return [];
      const { mean } = throttlesWithin(
        hold.seconds * 1_000 - unpublished["mapping.overheadMs"]!.value / 2,
        backoff,
        mappingBackoffMs,
      );
      return [[name, Math.round(mean * hold.receives * events)]];
    });
    const { constants } = await fitAccount(recordsOf(Object.fromEntries(throttles)), {}, model);
    expect(Math.abs(constants["mapping.throttleBackoffBaseMs"]!.value / 300 - 1)).toBeLessThan(0.06);
    expect(Math.abs(constants["mapping.throttleBackoffCapMs"]!.value / 6_000 - 1)).toBeLessThan(0.06);
    expect(constants["mapping.throttleBackoffJitter"]!.value).toBeCloseTo(0.5, 1);
  });

  it("fits no back-off to throttles that the model cannot make, nor to any that CloudWatch did not have", async () => {
    const odd = recordsOf({ "hold-1s": 1_700, "hold-3s": 4_000, "hold-10s": 800, "hold-40s": 900 });
    expect((await fitAccount(odd, {}, model)).undecided["mapping.throttleBackoffCapMs"]).toMatch(/^no back-off/);
    const none = recordsOf({ "hold-1s": null, "hold-3s": null, "hold-10s": 800, "hold-40s": null });
    expect((await fitAccount(none, {}, model)).undecided["mapping.throttleBackoffCapMs"]).toMatch(/^fewer than two/);
  });

  it("fits no pace to latencies that the model cannot make", async () => {
    const { undecided } = await fitAccount({ retries: retries(-40, 1) }, {}, model);
    expect(undecided["lambda.asyncReadGrowthPerSecond"]).toMatch(/^no value makes the model/);
  });

  it("takes the pollers from the minutes in which they had been cut", async () => {
    const points = [5, 5, 4, 3, 3, 3, 1].map((value, minute) => ({ timestamp: minute * 60_000, value }));
    const name = "queue.ApproximateNumberOfMessagesNotVisible";
    const record = aRecord({ metrics: [{ name, statistic: "Maximum", points }] });
    const { constants } = await fitAccount({ "hold-40s": record }, {}, model);
    expect(constants["mapping.troubledPollers"]).toMatchObject({ value: 3, interval: [3, 3], observations: 3 });
  });
});

it.each(probes.map((probe): [string, Probe] => [probe.name, probe]))(
  "has a probe %s that its scenario takes, and that is unlike the others",
  (_name, { scenario, overrides, events }) => {
    const key = (probe: Probe) =>
      JSON.stringify([probe.scenario, settingsOf(findScenario(probe.scenario), probe.overrides)]);
    const own = JSON.stringify([scenario, settingsOf(findScenario(scenario), overrides)]);
    expect(probes.filter((probe) => key(probe) === own)).toHaveLength(1);
    expect(events).toBeGreaterThan(0);
  },
);
