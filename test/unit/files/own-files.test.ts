/** Our files are closed to others under any umask, and the user's directories stay as the user made them. */
import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import promises from "node:fs/promises";
import { syncBuiltinESMExports } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { letPass, makeOwnDirectory, openOwnFile } from "../../../src/files/own-files.ts";
import { JournalStore } from "../../../src/records/journal.ts";
import { RecordStore } from "../../../src/records/store.ts";
import { openSweepJournal } from "../../../src/records/sweep-journal.ts";
import { aRecord } from "../records/a-record.ts";

/** Has `swap` done when a directory has been looked at or made, and nothing was done with it yet. */
function meanwhile(swap: (path: string) => void): void {
  for (const name of ["lstat", "mkdir"] as const) {
    const call = promises[name] as (path: string, ...rest: unknown[]) => Promise<unknown>;
    vi.spyOn(promises, name).mockImplementation((async (path: string, ...rest: unknown[]) => {
      const found = await call(path, ...rest);
      swap(path);
      return found;
    }) as never);
  }
  // The modules that import single functions have these, too.
  syncBuiltinESMExports();
}

let root: string;
let umask: number;

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "own-files-"));
  umask = process.umask();
});

afterEach(() => {
  vi.restoreAllMocks();
  syncBuiltinESMExports();
  process.umask(umask);
  rmSync(root, { recursive: true, force: true });
});

const modeOf = (path: string) => (statSync(path).mode & 0o777).toString(8);

describe.each([0o000, 0o022, 0o077, 0o777])("under the umask %o", (mask) => {
  it("closes records, journals and their directories to others", async () => {
    const home = join(root, ".throttle-bench");
    process.umask(mask);
    const file = await new RecordStore(join(home, "runs")).save(aRecord());
    const sweep = await openSweepJournal(join(home, "sweeps"), "one", false);
    await sweep.append("key", { refusal: "none" });
    await sweep.close();
    expect([home, join(home, "runs"), join(home, "sweeps")].map(modeOf)).toEqual(["700", "700", "700"]);
    expect([file, sweep.path].map(modeOf)).toEqual(["600", "600"]);
    expect(JSON.parse(readFileSync(file, "utf8")).runId).toBe(aRecord().runId);
  });
});

it("closes a directory of ours, and a file in it, that an earlier version left open", async () => {
  const runs = join(root, ".throttle-bench", "runs");
  mkdirSync(runs, { recursive: true });
  for (const path of [join(root, ".throttle-bench"), runs]) chmodSync(path, 0o755);
  writeFileSync(join(runs, "a.jsonl"), "", { mode: 0o644 });
  await makeOwnDirectory(runs);
  await (await openOwnFile(join(runs, "a.jsonl"), "a")).close();
  expect(modeOf(runs)).toBe("700");
  expect(modeOf(join(runs, "a.jsonl"))).toBe("600");
  // As root, the database's account passes through, and sees nothing.
  expect(modeOf(join(root, ".throttle-bench"))).toBe(process.geteuid?.() === 0 ? "711" : "700");
});

it("leaves a directory that the user made, and one behind a link, as they are", async () => {
  const [theirs, linked] = [join(root, "baseline"), join(root, "elsewhere")];
  for (const path of [theirs, linked]) {
    mkdirSync(path);
    chmodSync(path, 0o755);
  }
  symlinkSync(linked, join(root, ".throttle-bench"));
  await makeOwnDirectory(theirs);
  await letPass(theirs);
  await makeOwnDirectory(join(root, ".throttle-bench"));
  await letPass(join(root, ".throttle-bench"));
  expect([theirs, linked].map(modeOf)).toEqual(["755", "755"]);
  expect(modeOf(await new RecordStore(theirs).save(aRecord()))).toBe("600");
});

it.each([
  ["closed", true, makeOwnDirectory],
  ["made", false, makeOwnDirectory],
  ["opened to those who pass", true, letPass],
])(
  "changes nothing behind a link that somebody puts in the place of a directory while it is %s",
  async (_what, isThere, work) => {
    const [ours, theirs] = [join(root, ".throttle-bench"), join(root, "of-the-system")];
    mkdirSync(theirs);
    chmodSync(theirs, 0o755);
    if (isThere) {
      mkdirSync(ours);
      chmodSync(ours, 0o777);
    }
    meanwhile((path) => {
      if (path !== ours || !existsSync(ours)) return;
      rmSync(ours, { recursive: true });
      symlinkSync(theirs, ours);
    });
    await work(ours);
    expect(lstatSync(ours).isSymbolicLink()).toBe(true);
    expect(modeOf(theirs)).toBe("755");
  },
);

it("closes a directory that it makes for the user", async () => {
  await makeOwnDirectory(join(root, "a", "b"));
  expect([join(root, "a"), join(root, "a", "b")].map(modeOf)).toEqual(["700", "700"]);
});

it("writes through no link that somebody put in the place of a file", async () => {
  writeFileSync(join(root, "target"), "kept");
  symlinkSync(join(root, "target"), join(root, "link.jsonl"));
  await expect(openOwnFile(join(root, "link.jsonl"), "a")).rejects.toThrow(/ELOOP/);
  expect(readFileSync(join(root, "target"), "utf8")).toBe("kept");
});

it("says of a journal's directory that cannot be made what to do", async () => {
  writeFileSync(join(root, ".throttle-bench"), "");
  const store = new JournalStore(join(root, ".throttle-bench", "journals"));
  await expect(store.begin({ runId: "a" } as never)).rejects.toThrow(/make the directory writable and run again\.$/);
});
