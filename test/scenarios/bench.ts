/** Runs of the real orchestrator on the local target, for tests: each on an emulator of its own, all on one Postgres. */
import { bench } from "../../src/bench.ts";
import type { PlatformName, RunRecord } from "../../src/model.ts";
import { findScenarios } from "../../src/scenarios/catalogue.ts";
import { openLocal } from "../../src/targets/local.ts";
import { openDatabase } from "../postgres/a-database.ts";
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
  const database = await openDatabase();
  return {
    databaseUrl: database.url,
    async run(
      name,
      { set = [], events = 1_000, seed = 1, runId = `test-${++runs}`, platform = "2020", timeoutMs } = {},
    ) {
      const [scenario] = findScenarios([name]);
      const target = await openLocal({ databaseUrl: database.url, platform, seed });
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
    close: database.close,
  };
}
