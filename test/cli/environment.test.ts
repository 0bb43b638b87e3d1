/** Variables that are about the user's other work: a local run must neither fail by them nor be decided by them. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { openWorkplace } from "./throttle-bench.ts";

let workplace: ReturnType<typeof openWorkplace>;
let usual: unknown;

beforeAll(async () => {
  workplace = openWorkplace();
  writeFileSync(join(workplace.directory, "aws-config"), "[default]\nendpoint_url = no\ndefaults_mode = no\n");
  usual = await summaryWith({});
});
afterAll(() => workplace.remove());

async function summaryWith(environment: Record<string, string>): Promise<unknown> {
  const { status, stdout, stderr } = await workplace.runWith(
    environment,
    "run",
    "scenario-5",
    "--events",
    "20",
    "--json",
  );
  expect({ status, stderr }).toEqual({ status: 0, stderr: expect.any(String) });
  return JSON.parse(stdout)[0].summary;
}

it.each<Record<string, string>>([
  { AWS_ENDPOINT_URL: "http://127.0.0.1:1" },
  { AWS_ENDPOINT_URL: "http://localhost:4566/base" },
  { AWS_ENDPOINT_URL: "no", AWS_ENDPOINT_URL_LAMBDA: "no" },
  { AWS_USE_FIPS_ENDPOINT: "true" },
  { AWS_USE_DUALSTACK_ENDPOINT: "true" },
  { AWS_DEFAULTS_MODE: "no" },
  { AWS_CONFIG_FILE: "aws-config" },
  { NODE_PG_FORCE_NATIVE: "1" },
  { PGSSLMODE: "require" },
  { PGSSLNEGOTIATION: "direct" },
  { PGOPTIONS: "-c default_transaction_read_only=on" },
  { PGREPLICATION: "database" },
  { PGCLIENT_ENCODING: "SQL_ASCII", PGHOST: "elsewhere", PGPORT: "1", PGUSER: "somebody", PGDATABASE: "other" },
])("a local run is the same with %j", async (environment) => {
  expect(await summaryWith(environment)).toEqual(usual);
});
