/** Runs of the real orchestrator on the local target, for tests: each on an emulator of its own, all on one Postgres. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { bench } from "../../src/bench.ts";
import { openEmbeddedPostgres } from "../../src/database/embedded.ts";
import type { PlatformName, RunRecord } from "../../src/model.ts";
import { findScenarios } from "../../src/scenarios/catalogue.ts";
import { openLocal } from "../../src/targets/local.ts";
import { aContext, aRequest } from "./a-request.ts";

export interface BenchOptions {
  set?: string[];
  events?: number;
  seed?: number;
  runId?: string;
  platform?: PlatformName;
  timeoutMs?: number;
}

export interface Workbench {
  databaseUrl: string;
  run(scenario: string, options?: BenchOptions): Promise<RunRecord>;
  close(): Promise<void>;
}

let runs = 0;

export async function openWorkbench(): Promise<Workbench> {
  const directory = await mkdtemp(join(tmpdir(), "throttle-bench-test-"));
  const postgres = await openEmbeddedPostgres({ directory });
  return {
    databaseUrl: postgres.url,
    async run(
      name,
      { set = [], events = 1_000, seed = 1, runId = `test-${++runs}`, platform = "2020", timeoutMs } = {},
    ) {
      const [scenario] = findScenarios([name]);
      const target = await openLocal({ databaseUrl: postgres.url, platform, seed });
      try {
        return await bench(
          target,
          aRequest(scenario!, { set, events, runId, ...(timeoutMs === undefined ? {} : { timeoutMs }) }),
          aContext(),
        );
      } finally {
        await target.close();
      }
    },
    async close() {
      await postgres.close();
      await rm(directory, { recursive: true, force: true });
    },
  };
}
