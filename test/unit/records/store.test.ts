/** Records on a real disk: written whole, found again, and bad files told of. */
import { copyFile, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { BenchError } from "../../../src/errors.ts";
import type { RunRecord } from "../../../src/model.ts";
import { RecordStore } from "../../../src/records/store.ts";
import { aRecord } from "./a-record.ts";

let parent: string;
let directory: string;
let store: RecordStore;

beforeEach(async () => {
  parent = await mkdtemp(join(tmpdir(), "records-"));
  directory = join(parent, "runs");
  store = new RecordStore(directory);
});

afterEach(() => rm(parent, { recursive: true, force: true }));

const at = (hour: number) => `2026-11-23T${String(hour).padStart(2, "0")}:00:00.000Z`;
const ids = ({ records }: { records: RunRecord[] }) => records.map(({ runId }) => runId);

/** Three runs, saved in an order that is not that of their start. */
async function saveThree(): Promise<void> {
  await store.save(aRecord({ runId: "b-2", startedAt: at(2), scenario: "scenario-4" }));
  await store.save(aRecord({ runId: "c-1", startedAt: at(3), scenario: "scenario-5" }));
  await store.save(aRecord({ runId: "b-1", startedAt: at(1), scenario: "scenario-4" }));
}

/** The error of a promise that has to fail with one of ours. */
async function failure(promise: Promise<unknown>): Promise<BenchError> {
  const error = await promise.then(
    () => null,
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(BenchError);
  return error as BenchError;
}

describe("save", () => {
  it("makes the directory, names the file after the run and leaves nothing else behind", async () => {
    const record = aRecord({ runId: "b-2" });
    expect(await store.save(record)).toBe(join(directory, "b-2.json"));
    expect(await readdir(directory)).toEqual(["b-2.json"]);
    expect(await readFile(join(directory, "b-2.json"), "utf8")).toBe(`${JSON.stringify(record, null, 2)}\n`);
  });

  it("replaces a run's record as a whole", async () => {
    await store.save(aRecord({ runId: "b-2", seed: 1 }));
    await store.save(aRecord({ runId: "b-2", seed: 2 }));
    expect(await store.load("b-2")).toEqual(aRecord({ runId: "b-2", seed: 2 }));
  });

  it("says which file could not be written, and leaves no temporary one", async () => {
    await writeFile(directory, "a file where the directory should be");
    const error = await failure(store.save(aRecord({ runId: "b-2" })));
    expect(error.code).toBe("target-failed");
    expect(error.message).toContain(join(directory, "b-2.json"));
    expect(await readdir(parent)).toEqual(["runs"]);
  });
});

describe("load", () => {
  it("takes an id, its unique beginning, or a path", async () => {
    await saveThree();
    const expected = aRecord({ runId: "c-1", startedAt: at(3), scenario: "scenario-5" });
    expect(await store.load("c-1")).toEqual(expected);
    expect(await store.load("c")).toEqual(expected);
    expect(await store.load(join(directory, "c-1.json"))).toEqual(expected);
  });

  it("prefers the whole id to a longer one that begins with it", async () => {
    await store.save(aRecord({ runId: "b-1" }));
    await store.save(aRecord({ runId: "b-10" }));
    expect((await store.load("b-1")).runId).toBe("b-1");
  });

  it("asks for more of an id that begins several", async () => {
    await saveThree();
    const error = await failure(store.load("b"));
    expect(error.code).toBe("no-record");
    expect(error.message).toBe('"b" begins the ids of 2 runs (b-1, b-2); give more of the one you mean.');
  });

  it("names the runs that exist when there is none of this name", async () => {
    await saveThree();
    const error = await failure(store.load("nightly"));
    expect(error.code).toBe("no-record");
    expect(error.message).toBe(
      'There is no record "nightly"; name a run (c-1, b-2, b-1), a scenario that was run (scenario-4, scenario-5), latest or all.',
    );
  });

  it("says that a path leads to no file", async () => {
    const error = await failure(store.load("nightly/2026-11-22.json"));
    expect(error.code).toBe("no-record");
    expect(error.message).toContain("nightly/2026-11-22.json");
  });

  it.each([
    ["half a file", '{"schemaVersion": 1, "runId"', "no whole JSON"],
    ["a figure of the wrong type", JSON.stringify({ ...aRecord(), seed: "1" }), "seed: "],
    ["a later version", JSON.stringify({ ...aRecord(), schemaVersion: 4 }), "schemaVersion: "],
  ])("says what is wrong with %s", async (_what, text, problem) => {
    const file = join(parent, "bad.json");
    await writeFile(file, text);
    const error = await failure(store.load(file));
    expect(error.code).toBe("bad-record");
    expect(error.message).toContain(file);
    expect(error.message).toContain(problem);
  });
});

describe("list", () => {
  it("is empty before the first run", async () => {
    expect(await store.list()).toEqual({ records: [], problems: [] });
  });

  it("has the newest run first", async () => {
    await saveThree();
    expect(ids(await store.list())).toEqual(["c-1", "b-2", "b-1"]);
  });

  it("returns the others beside a corrupt and a foreign file, and looks at nothing but JSON", async () => {
    await saveThree();
    await writeFile(join(directory, "a-corrupt.json"), "{");
    await writeFile(join(directory, "z-foreign.json"), '{"name": "package"}');
    await writeFile(join(directory, "notes.txt"), "not a record");
    await writeFile(join(directory, ".b-3.1.tmp"), "half a rec");
    const listing = await store.list();
    expect(ids(listing)).toEqual(["c-1", "b-2", "b-1"]);
    expect(listing.problems.map(({ file }) => file)).toEqual([
      join(directory, "a-corrupt.json"),
      join(directory, "z-foreign.json"),
    ]);
    for (const { file, problem } of listing.problems) expect(problem).toContain(file);
  });
});

describe("find", () => {
  beforeEach(saveThree);

  it.each([
    ["latest", ["c-1"]],
    ["all", ["c-1", "b-2", "b-1"]],
    ["scenario-4", ["b-2", "b-1"]],
    ["b-1", ["b-1"]],
    ["c", ["c-1"]],
  ])("finds %s", async (what, expected) => {
    expect(ids(await store.find(what))).toEqual(expected);
  });

  it("finds a record by its path outside the directory", async () => {
    await copyFile(join(directory, "b-1.json"), join(parent, "kept.json"));
    expect(ids(await store.find(join(parent, "kept.json")))).toEqual(["b-1"]);
  });

  it("tells of files that may have been meant, and not where another run was named", async () => {
    await writeFile(join(directory, "d-1.json"), "{");
    expect((await store.find("latest")).problems).toHaveLength(1);
    expect((await store.find("scenario-4")).problems).toHaveLength(1);
    expect((await store.find("b-1")).problems).toEqual([]);
    expect((await failure(store.find("d-1"))).code).toBe("bad-record");
  });

  it("takes a scenario before the run ids that begin with its name", async () => {
    await store.save(aRecord({ runId: "scenario-4-x", startedAt: at(9), scenario: "mine" }));
    expect(ids(await store.find("scenario-4"))).toEqual(["b-2", "b-1"]);
  });

  it("says how to make a record where there is none", async () => {
    const error = await failure(new RecordStore(join(parent, "none")).find("latest"));
    expect(error.code).toBe("no-record");
    expect(error.message).toContain("throttle-bench run scenario-4");
  });

  it("names the fault of the only file there is", async () => {
    const lonely = new RecordStore(join(parent));
    await writeFile(join(parent, "only.json"), "{");
    const error = await failure(lonely.find("all"));
    expect(error.code).toBe("bad-record");
    expect(error.message).toContain("only.json");
  });

  it("names a directory that may not be read", async () => {
    await rm(directory, { recursive: true });
    await writeFile(directory, "a file");
    const error = await failure(store.find("all"));
    expect(error.code).toBe("no-record");
    expect(error.message).toContain(directory);
  });
});
