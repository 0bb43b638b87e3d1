/**
 * Calibrations of accounts whose numbers are known. The accounts are emulated, and the calibrating side is not told their numbers.
 * The model measures itself here: this shows that the method works, and says nothing about AWS.
 */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { probes } from "../../src/calibration/probes.ts";
import type { Comparison } from "../../src/metrics/compare.ts";
import type { AccountProfile, RunRecord } from "../../src/model.ts";
import { unpublishedConstants } from "../../src/targets/local.ts";
import { type Faults, faultsBefore } from "../aws/faults.ts";
import { openDatabase, region, type Serving, serving, type TestDatabase } from "../aws/serving.ts";
import { openWorkplace } from "../cli/throttle-bench.ts";
import { calibrated, hiddenNumbers } from "./closed-loop.ts";

let database: TestDatabase;
beforeAll(async () => {
  database = await openDatabase();
});
afterAll(() => database.close());

describe("an account that is served over HTTP, by the command line", { timeout: 900_000 }, () => {
  const hidden: Record<string, number> = {
    "database.insertMedianMs": 45,
    "database.sigma": 0.3,
    "database.connectMs": 700,
    "mapping.overheadMs": 155,
    "mapping.throttleBackoffBaseMs": 250,
    "mapping.throttleBackoffCapMs": 9_000,
    "mapping.throttleBackoffJitter": 0.6,
    "mapping.troubledPollers": 3,
    "sns.publishMs": 14,
    "sns.deliveryMedianMs": 75,
    "sns.deliverySigma": 0.35,
    "lambda.asyncDispatchMs": 90,
    "lambda.coldStartMedianMs": 450,
    "lambda.coldStartSigma": 0.27,
    "lambda.asyncReadGrowthPerSecond": 0.03,
  };
  const workplace = openWorkplace();
  let served: Serving;
  /** The endpoint does not say that it is a model, so that it passes for an account. */
  let endpoint: Faults;
  let profile: AccountProfile;

  const throttleBench = async (where: "account" | "local", ...args: string[]) => {
    const account = {
      AWS_ENDPOINT_URL: endpoint.endpoint,
      AWS_REGION: region,
      AWS_ACCESS_KEY_ID: "x",
      AWS_SECRET_ACCESS_KEY: "x",
      THROTTLE_BENCH_CLOCK: served.clockUrl,
    };
    const environment = { DATABASE_URL: database.url, ...(where === "account" ? account : {}) };
    const ended = await workplace.runBinary(environment, ...args);
    expect(ended).toMatchObject({ status: 0 });
    return ended;
  };
  const calibrate = ["calibrate", "--yes", "--json"];

  beforeAll(async () => {
    served = await serving(database.url, { constants: hidden, seed: 5 });
    endpoint = await faultsBefore(served.endpoint, { isAnonymous: true });
    const { stdout, stderr } = await throttleBench("account", ...calibrate);
    expect(stderr).toMatch(/^The probes; 8 are to be run, one after the other, about \d+ min in all:\n/);
    profile = JSON.parse(stdout);
  }, 600_000);
  afterAll(async () => {
    await endpoint.close();
    await served.close();
    workplace.remove();
  });

  it("has its hidden numbers in the intervals, as many as 95% intervals should have", () => {
    expect(Object.keys(profile.constants).sort()).toEqual(Object.keys(hidden).sort());
    const missed = Object.entries(profile.constants).filter(
      ([
        name,
        {
          interval: [low, high],
        },
      ]) => {
        return !(hidden[name]! >= low && hidden[name]! <= high);
      },
    );
    // One calibration in thirty misses more than two of fifteen numbers.
    expect(missed.length, JSON.stringify(missed)).toBeLessThanOrEqual(2);
    for (const [
      name,
      {
        interval: [low, high],
      },
    ] of missed) {
      expect(hidden[name], name).toBeGreaterThan(low - (high - low));
      expect(hidden[name], name).toBeLessThan(high + (high - low));
    }
  });

  it("says where and when it was measured, by which runs, and what stays undecided", () => {
    expect(profile).toMatchObject({ accountId: "123456789012", region, endpoint: endpoint.endpoint, platform: "2026" });
    expect(profile.probes.map(({ probe }) => probe)).toEqual(probes.map(({ name }) => name));
    expect(Object.keys(profile.undecided)).toContain("mapping.longPollMs");
    expect([...Object.keys(profile.undecided), ...Object.keys(profile.constants)].sort()).toEqual(
      Object.keys(unpublishedConstants("2026")).sort(),
    );
  });

  it("is calibrated again by the probes of the last day, without new measurements", async () => {
    const { stdout, stderr } = await throttleBench("account", ...calibrate);
    expect(stderr).toMatch(/^The probes; 0 are to be run/);
    expect(stderr).not.toContain("To be created");
    expect(JSON.parse(stdout).constants).toEqual(profile.constants);
    const runIds = profile.probes.slice(0, 2).map(({ runId }) => runId);
    const some = JSON.parse(
      (await throttleBench("local", ...calibrate, "--out", "some.json", "--from", ...runIds)).stdout,
    );
    expect(Object.keys(some.constants)).toContain("sns.deliveryMedianMs");
    expect(some.undecided["lambda.asyncReadGrowthPerSecond"]).toMatch(/no run of the probe retries/);
  });

  it.each(["scenario-3", "scenario-5"])(
    "is predicted better with its profile, in %s, which is no probe",
    async (scenario) => {
      const run = ["run", scenario, "--json"];
      const [measured] = JSON.parse(
        (await throttleBench("account", ...run, "--target", "aws", "--yes", "--run-id", `${scenario}-measured`)).stdout,
      ) as [RunRecord];
      const predict = async (name: string, ...flags: string[]) => {
        const id = `${scenario}-${name}`;
        const { stdout } = await throttleBench("local", ...run, "--repeat", "10", "--run-id", id, ...flags);
        return (JSON.parse(stdout) as [RunRecord])[0];
      };
      const errorOf = ({ uncertainty }: RunRecord) =>
        Math.abs(uncertainty!.intervals.timeTakenSeconds!.median / measured.summary.timeTakenSeconds! - 1);
      const plain = await predict("plain");
      const own = await predict("own", "--calibration", profile.name);
      expect(errorOf(own)).toBeLessThan(errorOf(plain) / 2);
      expect(errorOf(own)).toBeLessThan(0.03);
      const { stdout } = await throttleBench("local", "compare", own.runId, measured.runId, "--json");
      const [{ method, figures, base, candidate }] = JSON.parse(stdout) as [Comparison];
      expect({ method, sides: [base.kind, candidate.kind] }).toEqual({
        method: "prediction",
        sides: ["prediction", "measurement"],
      });
      expect(figures.filter(({ verdict }) => verdict === "outside").length).toBeLessThanOrEqual(2);
    },
  );
});

it("has at least nine tenths of many accounts' numbers in its 95% intervals", { timeout: 1_800_000 }, async () => {
  let intervals = 0;
  const missed: string[] = [];
  for (const seed of [201, 202, 203, 204]) {
    const hidden = hiddenNumbers(seed);
    const { constants } = await calibrated(hidden, seed, database.url);
    for (const [
      name,
      {
        interval: [low, high],
      },
    ] of Object.entries(constants)) {
      intervals++;
      const truth = hidden[name]!;
      if (truth < low || truth > high) missed.push(`${name} of account ${seed}: ${truth} is not in ${low} – ${high}`);
    }
  }
  expect(intervals).toBeGreaterThan(4 * 11);
  expect(missed.length / intervals, missed.join("\n")).toBeLessThan(0.1);
});
