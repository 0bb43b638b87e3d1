/**
 * The five scenarios come to what they came to before. `STORE=1` writes the hashes anew, which a change has to be meant to do.
 * Provenance: assumed; these are this model's own results, and say nothing of AWS.
 */
import { readFileSync, writeFileSync } from "node:fs";
import pg from "pg";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
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

it("has the rows that are stored for each repetition of --repeat", async () => {
  const { scenario, events, repeat, seed, platform } = repetitions;
  const workplace = openWorkplace();
  const flags = ["--events", `${events}`, "--repeat", `${repeat}`, "--seed", `${seed}`, "--platform", platform];
  const { status, stderr } = await workplace.run(
    ...["run", scenario, ...flags, "--run-id", "stored", "--json", "--database-url", workbench.databaseUrl],
  );
  workplace.remove();
  expect(stderr).not.toMatch(/error/);
  expect(status).toBe(0);
  for (let run = 1; run <= repeat; run++) {
    compareWithStored(`repetition ${run}`, await rowsHash(client, run === 1 ? "stored" : `stored-r${run}`));
  }
});
