/** The directory of good nights on a real disk: bounded, without harm to the baseline or to what others put there. */
import { copyFile, mkdtemp, readdir, rename, rm, writeFile } from "node:fs/promises";
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

const tonight = aRecord({ runId: "a-5", startedAt: "2026-11-05T00:00:00.000Z" });
const files = async () => (await readdir(directory)).sort();
const others = ["b-1.json", "b-2.json", "b-3.json", "b-4.json"];

it("keeps the newest of the scenario, and says which files went", async () => {
  const earlier = await baselines.list();
  await baselines.save(tonight);
  expect(await baselines.trim(tonight, earlier, 3)).toEqual(["a-2", "a-1"].map((id) => join(directory, `${id}.json`)));
  expect(await files()).toEqual(["a-3.json", "a-4.json", "a-5.json", ...others]);
});

it("never removes the current baseline, even where its clock was behind", async () => {
  const oldest = aRecord({ runId: "a-0", startedAt: "2026-10-01T00:00:00.000Z" });
  await baselines.save(oldest);
  await baselines.trim(oldest, await baselines.list(), 1);
  expect(await files()).toEqual(["a-0.json", ...others]);
});

it("leaves files alone that it has not named", async () => {
  await writeFile(join(directory, "notes.txt"), "mine");
  await rename(join(directory, "a-1.json"), join(directory, "renamed.json"));
  const removed = await baselines.trim(tonight, await baselines.list(), 1);
  expect(removed).toEqual(["a-4", "a-3", "a-2"].map((id) => join(directory, `${id}.json`)));
  expect(await files()).toEqual([...others, "notes.txt", "renamed.json"]);
});

it("counts a record once that lies there under two names", async () => {
  await copyFile(join(directory, "a-4.json"), join(directory, "copy.json"));
  await baselines.trim(tonight, await baselines.list(), 2);
  expect(await files()).toEqual(["a-4.json", ...others, "copy.json"]);
});
