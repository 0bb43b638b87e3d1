/**
 * The five scenarios have the results that they had before. `STORE=1` writes the hashes anew, for a change that is meant to
 * change results.
 * Provenance: assumed; these are this model's own results, and say nothing of AWS.
 */
import { readFileSync, writeFileSync } from "node:fs";
import pg from "pg";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { RunRecord } from "../../src/model.ts";
import { openWorkplace } from "../cli/throttle-bench.ts";
import { openWorkbench, type Workbench } from "../scenarios/bench.ts";
import { type Hashes, hashesOf, platforms, repetitions, rowsHash, scenarios, seeds } from "./stored-results.ts";

const file = new URL("stored-results.json", import.meta.url);
const isStoring = process.env.STORE === "1";
const stored: Record<string, Hashes | string> = isStoring ? {} : JSON.parse(readFileSync(file, "utf8"));

let workbench: Workbench;
let client: pg.Client;

beforeAll(async () => {
  workbench = await openWorkbench();
  client = new pg.Client({ connectionString: workbench.databaseUrl });
  await client.connect();
});
afterAll(async () => {
  await client?.end();
  await workbench?.close();
  if (isStoring) writeFileSync(file, `${JSON.stringify(stored, null, 2)}\n`);
});

function compareWithStored(name: string, found: Hashes | string): void {
  if (isStoring) stored[name] = found;
  else expect(found).toEqual(stored[name]);
}

describe.each(platforms)("on the platform of %s", (platform) => {
  describe.each(scenarios)("%s", (name) => {
    it.each(seeds)("has the rows, summary, timeline and metrics that are stored for seed %i", async (seed) => {
      const runId = `stored-${platform}-${name}-${seed}`;
      const record = await workbench.run(name, { runId, platform, seed });
      compareWithStored(`${name} ${platform} ${seed}`, await hashesOf(client, record));
    });
  });
});

it("has in each repetition of --repeat the figures of the stored rows of its seed", async () => {
  const { scenario, events, repeat, seed: firstSeed, platform } = repetitions;
  const workplace = openWorkplace();
  const flags = ["--events", `${events}`, "--repeat", `${repeat}`, "--seed", `${firstSeed}`, "--platform", platform];
  const { status, stdout, stderr } = await workplace.run(
    ...["run", scenario, ...flags, "--run-id", "stored", "--json", "--database-url", workbench.databaseUrl],
  );
  workplace.remove();
  expect(stderr).not.toMatch(/error/);
  expect(status).toBe(0);
  compareWithStored("repetition 1", await rowsHash(client, "stored"));
  const [record] = JSON.parse(stdout) as RunRecord[];
  for (const [index, { seed, summary, details }] of record!.uncertainty!.runs.entries()) {
    const runId = `stored-seed-${seed}`;
    const alone = await workbench.run(scenario, { runId, events, seed, platform });
    compareWithStored(`repetition ${index + 1}`, await rowsHash(client, runId));
    expect(JSON.stringify({ seed, summary, details })).toBe(
      JSON.stringify({ seed: firstSeed + index, summary: alone.summary, details: alone.details }),
    );
  }
});
