/** The real tool, run for the documents, and the run that the README shows. */
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { RunRecord } from "../../src/model.ts";
import { runRecordSchema } from "../../src/records/schema.ts";

/** Both `npm run docs` and the tests run in the package's root. */
export const root = process.cwd();

/** Does the work when it is first asked for, and keeps what came of it. */
export function once<T>(work: () => T): () => T {
  let kept: { value: T } | undefined;
  return () => {
    kept ??= { value: work() };
    return kept.value;
  };
}

/** Calls `work` with the real binary, run in a directory of its own. */
export function inScratchDirectory<T>(work: (run: (...args: string[]) => string) => T): T {
  const directory = mkdtempSync(join(tmpdir(), "throttle-bench-docs-"));
  try {
    return work((...args) => {
      const { stdout, stderr, status } = spawnSync(process.execPath, [join(root, "bin/throttle-bench.js"), ...args], {
        cwd: directory,
        encoding: "utf8",
        maxBuffer: 1 << 28,
        env: { ...process.env, NO_COLOR: "1" },
      });
      if (status !== 0) throw new Error(stderr);
      return stdout;
    });
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

/** The run of the README's first command: what it prints on a pipe, and its record. */
export const exampleRun = once(() =>
  inScratchDirectory((run): { printed: string; record: RunRecord } => {
    const printed = run("run", "scenario-4", "--run-id", "example");
    const [record] = JSON.parse(run("report", "example", "--json")) as unknown[];
    return { printed, record: runRecordSchema.parse(record) };
  }),
);
