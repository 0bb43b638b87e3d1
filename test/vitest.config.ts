/** How the tests run: from the repository's root, against the built binary where they run one. */
import { availableParallelism } from "node:os";
import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";
import type { Reporter } from "vitest/node";
import { coverage, folderTable } from "./coverage/folders.ts";

/** Closes the run with one plain line that says how many tests passed. */
const closingLine: Reporter = {
  onTestRunEnd(modules) {
    const states = modules.flatMap((module) => [...module.children.allTests()].map((test) => test.result().state));
    const count = (state: string) => states.filter((each) => each === state).length;
    console.log(`${count("passed")} passed, ${count("failed")} failed, ${count("skipped")} skipped`);
  },
};

/** Suites that take long or need more than npm: `--mode slow`, and so on; `npm test` runs everything else. */
const suites = ["slow", "aws", "browser", "chaos", "runtime"];
const foldersOf = (names: string[]) => names.map((name) => `test/${name}/**/*.test.ts`);

export default defineConfig(({ mode }) => ({
  test: {
    root: fileURLToPath(new URL("..", import.meta.url)),
    ...(suites.includes(mode)
      ? { include: foldersOf([mode]) }
      : { include: ["test/**/*.test.ts"], exclude: foldersOf(suites) }),
    // Every core and one more, because the tests also wait: for processes, for Postgres and for time-outs.
    maxWorkers: availableParallelism() + 1,
    globalSetup: ["test/postgres/server.ts", ...(mode === "runtime" ? ["test/runtime/install.ts"] : [])],
    // One process for many files, one after the other: each module is loaded once. Processes, unlike threads, have a directory to change.
    pool: "forks",
    isolate: false,
    server: { deps: { external: [/\/\.build\//] } },
    reporters: ["default", closingLine, folderTable],
    coverage,
    // Only a test that hangs comes near these: the machines that run them are shared, and no test may depend on the clock.
    testTimeout: { slow: 1_200_000, chaos: 3_600_000 }[mode] ?? 300_000,
    hookTimeout: mode === "slow" ? 600_000 : 120_000,
    env: { AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: "true" },
  },
}));
