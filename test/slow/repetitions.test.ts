/** Repetitions, each of which is a run in a worker thread, by an account's profile. */
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import type { RunRecord } from "../../src/model.ts";
import { aWorkplace, onDatabase } from "../cli/throttle-bench.ts";
import { aProfile } from "../unit/records/a-profile.ts";

const run = ["run", "scenario-5", "--events", "25", "--json"];

it("makes every repetition by the profile, and draws its numbers from its intervals with --ranges", async () => {
  const workplace = aWorkplace();
  mkdirSync(join(workplace.directory, ".throttle-bench/profiles"), { recursive: true });
  workplace.write(".throttle-bench/profiles/123456789012-eu-west-1.json", JSON.stringify(aProfile()));
  const database = await onDatabase();
  const timeOf = async () => {
    const { status, stdout } = await workplace.run(...run, ...database, "--repeat", "3", "--ranges");
    const [{ profile, uncertainty }] = JSON.parse(stdout) as [RunRecord];
    expect(status).toBe(0);
    return { profile, time: uncertainty!.intervals.timeTakenSeconds! };
  };
  const plain = await timeOf();
  workplace.write("throttle-bench.config.yaml", "calibration: eu-west-1\n");
  const calibrated = await timeOf();
  expect([plain.profile, calibrated.profile?.name]).toEqual([null, "123456789012-eu-west-1"]);
  // An insert of 20 ms takes longer than any of a database in the region.
  expect(calibrated.time.median).toBeGreaterThan(plain.time.median);
  expect(await timeOf()).toEqual(calibrated);
});
