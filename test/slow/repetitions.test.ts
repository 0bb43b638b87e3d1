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

it("ends with status 1 when a later repetition alone misses events, and says which seed", async () => {
  const workplace = aWorkplace();
  const repeated = ["run", "scenario-3", "--events", "60", ...(await onDatabase()), "--repeat"];
  const [{ uncertainty }] = JSON.parse((await workplace.run(...repeated, "8", "--json")).stdout) as [RunRecord];
  const times = uncertainty!.runs.map(({ summary }) => summary.timeTakenSeconds!);
  const gains = times.slice(1).map((time, index) => time - times[index]!);
  const first = gains.indexOf(Math.max(...gains));
  for (let seconds = Math.floor(times[first]!); seconds <= times[first + 1]!; seconds++) {
    const { status, stdout } = await workplace.run(
      ...[...repeated, "2", "--seed", String(first + 1), "--run-id", `later-${seconds}`],
      ...["--timeout", `${seconds}s`, "--json"],
    );
    const [{ summary, caveats }] = JSON.parse(stdout) as [RunRecord];
    const missing = caveats.find(({ code }) => code === "events-missing");
    expect(status).toBe(missing ? 1 : 0);
    if (!missing || summary.eventsMissing > 0) continue;
    expect(missing).toMatchObject({ seeds: [{ seed: first + 2, count: expect.any(Number) }] });
    expect((await workplace.run("report", `later-${seconds}`, "--junit")).stdout).toContain('failures="1"');
    return;
  }
  throw new Error("no timeout lets the first run end and not the second");
});

it("compares ways the same however many threads simulate", async () => {
  const compared = async (...workers: string[]) => {
    const args = ["list", "--compare", "scenario-3", "scenario-5", "--events", "60", "--repeat", "4", "--json"];
    const { status, stdout } = await aWorkplace().run(...args, ...workers);
    expect(status).toBe(0);
    return JSON.parse(stdout);
  };
  expect(await compared("--workers", "1")).toEqual(await compared("--workers", "3"));
});
