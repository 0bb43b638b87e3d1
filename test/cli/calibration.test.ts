/** Predictions by an account's profile, and `calibrate` as far as it gets without an account. */
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import type { RunRecord } from "../../src/model.ts";
import { aProfile } from "../unit/records/a-profile.ts";
import { aRecord } from "../unit/records/a-record.ts";
import { aWorkplace, noAccount, onDatabase, type Workplace } from "./throttle-bench.ts";

const constant = aProfile().constants["mapping.overheadMs"]!;
const run = ["run", "scenario-5", "--events", "25", "--set", "MaximumConcurrency=5", "--json"];

function workplaceWith(profile: object, name = "123456789012-eu-west-1"): Workplace {
  const workplace = aWorkplace();
  mkdirSync(join(workplace.directory, ".throttle-bench/profiles"), { recursive: true });
  workplace.write(`.throttle-bench/profiles/${name}.json`, JSON.stringify(profile));
  return workplace;
}

describe("run --calibration", () => {
  it("predicts with the account's numbers, and the record and the table name the profile", async () => {
    const workplace = workplaceWith(aProfile());
    const recordOf = async (args: string[]) => (JSON.parse((await workplace.run(...args)).stdout) as [RunRecord])[0];
    const database = await onDatabase();
    const plain = await recordOf([...run, ...database]);
    const calibrated = await recordOf([...run, ...database, "--calibration", "eu-west-1"]);
    expect(plain.profile).toBeNull();
    expect(calibrated.profile).toMatchObject({
      name: "123456789012-eu-west-1",
      measuredAt: "2026-11-23T09:39:14.000Z",
      constants: { "database.insertMedianMs": 20, "mapping.overheadMs": 130 },
    });
    expect(calibrated.profile!.hash).toMatch(/^[0-9a-f]{64}$/);
    // An insert takes 20 ms in place of 4 and a poller's loop 130 in place of 100: five in parallel, some 45 ms more for each of five rounds.
    expect(calibrated.summary.timeTakenSeconds).toBeGreaterThan(plain.summary.timeTakenSeconds! + 0.1);
    expect(calibrated.caveats).toContainEqual(expect.objectContaining({ code: "calibrated", constants: 2 }));
    const { stdout } = await workplace.run("report", "latest");
    expect(stdout).toContain("PREDICTION (local, platform 2026, profile 123456789012-eu-west-1, seed 1)");
  });

  it.each<[what: string, args: string[], profile: object, message: RegExp]>([
    [
      "on an account",
      ["--target", "aws", "--calibration", "eu-west-1"],
      aProfile(),
      /--calibration belongs to the local model/,
    ],
    [
      "of another year",
      ["--calibration", "eu-west-1", "--platform", "2020"],
      aProfile(),
      /against AWS's limits of 2026, not of 2020; give --platform 2026/,
    ],
    [
      "with a number that the model does not know",
      ["--calibration", "eu-west-1"],
      aProfile({ constants: { "mapping.moodMs": constant } }),
      /has a number mapping\.moodMs, which .*; calibrate again/,
    ],
    [
      "with a number that AWS publishes",
      ["--calibration", "eu-west-1"],
      aProfile({ constants: { "lambda.accountConcurrency": constant } }),
      /has a number lambda\.accountConcurrency, which/,
    ],
    [
      "that there is not",
      ["--calibration", "mine"],
      aProfile(),
      /No profile is called "mine": there are 123456789012-eu/,
    ],
    ["that is none", ["--calibration", "eu-west-1"], { version: 1 }, /is no profile that this version reads/],
  ])("refuses a profile %s", async (_what, args, profile, message) => {
    const { status, stdout, stderr } = await workplaceWith(profile).runWith(noAccount, ...run, ...args);
    expect(stderr).toMatch(message);
    expect(stderr).toMatch(/^error: .*\.\n$/);
    expect({ status, stdout }).toEqual({ status: 2, stdout: "" });
  });
});

describe("calibrate", () => {
  const calibrate = ["calibrate"];

  it.each<[what: string, args: string[], message: RegExp]>([
    ["old runs and new ones at once", [...calibrate, "--from", "a", "--fresh"], /--from runs nothing and --fresh/],
    [
      "a database on this machine",
      [...calibrate, "--database-url", "postgresql://me@localhost/bench"],
      /loopback, where functions on AWS do not reach it/,
    ],
    ["an unknown platform", [...calibrate, "--platform", "2019"], /--platform "2019"/],
    ["runs that there are not", [...calibrate, "--from", "gone"], /no records in/],
  ])("refuses %s, with nothing touched", async (_what, args, message) => {
    const workplace = aWorkplace();
    const { status, stdout, stderr } = await workplace.runWith(noAccount, ...args);
    expect(stderr).toMatch(message);
    expect({ status, stdout, files: workplace.files() }).toEqual({ status: 2, stdout: "", files: [] });
  });

  it("refuses to fit to a run that is no probe", async () => {
    const workplace = aWorkplace();
    mkdirSync(join(workplace.directory, ".throttle-bench/runs"), { recursive: true });
    const record = aRecord({ runId: "mine", target: "aws", kind: "measurement" });
    workplace.write(".throttle-bench/runs/mine.json", JSON.stringify(record));
    const { status, stderr } = await workplace.runWith(noAccount, ...calibrate, "--from", "mine");
    expect({ status, stderr }).toEqual({ status: 2, stderr: expect.stringContaining("mine is no run of a probe") });
  });
});
