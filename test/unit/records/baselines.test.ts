/** The directory of good nights on a real disk: bounded, without harm to the baseline or to what others put there. */
import { mkdtemp, readdir, rename, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { BaselineStore } from "../../../src/records/baselines.ts";
import { aRecord } from "./a-record.ts";

let directory: string;
let baselines: BaselineStore;

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), "baselines-"));
  baselines = new BaselineStore(directory);
  for (const day of [1, 2, 3, 4]) {
    const startedAt = `2026-11-0${day}T00:00:00.000Z`;
    await baselines.save(aRecord({ runId: `a-${day}`, startedAt }));
    await baselines.save(aRecord({ runId: `b-${day}`, startedAt, scenario: "scenario-5" }));
  }
});

afterEach(() => rm(directory, { recursive: true, force: true }));

const files = async () => (await readdir(directory)).sort();

it("keeps the newest of each named scenario, and says which files went", async () => {
  const removed = await baselines.trim(["scenario-4"], 2, ["a-4"]);
  expect(removed).toEqual([join(directory, "a-2.json"), join(directory, "a-1.json")]);
  expect(await files()).toEqual(["a-3.json", "a-4.json", "b-1.json", "b-2.json", "b-3.json", "b-4.json"]);
});

it("never removes the current baseline, however old it is", async () => {
  await baselines.trim(["scenario-4", "scenario-5"], 1, ["a-2", null]);
  expect(await files()).toEqual(["a-2.json", "b-4.json"]);
});

it("leaves files alone that it has not named", async () => {
  await writeFile(join(directory, "notes.txt"), "mine");
  await rename(join(directory, "a-1.json"), join(directory, "renamed.json"));
  expect(await baselines.trim(["scenario-4"], 1, ["a-4"])).toEqual(
    ["a-3", "a-2"].map((id) => join(directory, `${id}.json`)),
  );
  expect(await files()).toEqual([
    "a-4.json",
    "b-1.json",
    "b-2.json",
    "b-3.json",
    "b-4.json",
    "notes.txt",
    "renamed.json",
  ]);
});

it("removes nothing for a copy of a record under another name", async () => {
  await rename(join(directory, "a-1.json"), join(directory, "copy.json"));
  await baselines.save(aRecord({ runId: "a-1", startedAt: "2026-11-01T00:00:00.000Z" }));
  expect(await baselines.trim(["scenario-4"], 4, ["a-4"])).toEqual([]);
});
