/** A profile of an account to start a test from, of which the test says what matters to it. */
import type { AccountProfile } from "../../../src/model.ts";

export function aProfile(rest: Partial<AccountProfile> = {}): AccountProfile {
  return {
    profileVersion: 1,
    name: "123456789012-eu-west-1",
    accountId: "123456789012",
    region: "eu-west-1",
    endpoint: null,
    platform: "2026",
    versions: { throttleBench: "0.1.0", node: "20.20.0" },
    calibratedAt: "2026-11-23T11:00:00.000Z",
    probes: [
      {
        probe: "batches",
        runId: "20261123-093412-calibrate-batches-ab12",
        startedAt: "2026-11-23T09:34:12.000Z",
        finishedAt: "2026-11-23T09:39:14.000Z",
      },
    ],
    constants: {
      "database.insertMedianMs": {
        value: 20,
        interval: [18, 22],
        platformValue: 208,
        observations: 448,
        probe: "batches",
        how: "median step from one event of a batch to the next",
      },
      "mapping.overheadMs": {
        value: 130,
        interval: [125, 136],
        platformValue: 100,
        observations: 147,
        probe: "batches",
        how: "time of a busy poller to its next batch, less an insert",
      },
    },
    undecided: { "mapping.longPollMs": "no probe shows it", "mapping.shrinkFactor": "no probe shows it" },
    ...rest,
  };
}
