/** A Postgres that ends its connections or its statements in the middle of a run: nothing that was measured is lost. */
import pg from "pg";
import { expect, it } from "vitest";
import { bench } from "../../src/bench.ts";
import { findScenario } from "../../src/scenarios/catalogue.ts";
import type { Retry } from "../../src/targets/target.ts";
import { urlAs } from "../postgres/a-database.ts";
import { aContext, aRequest } from "../scenarios/a-request.ts";
import { eachServed } from "./each-served.ts";
import { servedTarget } from "./serving.ts";

const each = eachServed();

const ended = /terminat|connection/i;

/** A run on whose clock the phase's first request finds the database as `before` leaves it, until it is sent again. */
async function run(runId: string, phase: string, before: (admin: pg.Client) => Promise<unknown>) {
  const admin = new pg.Client({ connectionString: each.database.url });
  await admin.connect();
  const { clockUrl } = each.served;
  const databaseUrl = urlAs("harness", each.database.url);
  const target = await servedTarget({ databaseUrl, clockUrl, endpointUrl: each.faults.endpoint });
  const retries: Retry[] = [];
  let broken: Promise<unknown> | null = null;
  let mended: Promise<unknown> | null = null;
  const onRetry = (retry: Retry) => {
    retries.push(retry);
    // A look that was under way meets the end of its connection first.
    if (!ended.test(retry.reason)) mended ??= admin.query("rollback");
  };
  const whole = async <Answer>(look: () => Promise<Answer>) => {
    await broken;
    return look();
  };
  const { rows } = target;
  const faulty = {
    ...target,
    onRetry,
    rows: {
      ensureTable: () => rows.ensureTable(),
      newSince: (...asked: Parameters<typeof rows.newSince>) => whole(() => rows.newSince(...asked)),
      columns: (group: string) => whole(() => rows.columns(group)),
      calls: (id: string) => whole(() => rows.calls(id)),
    },
  };
  const progress = (update: { phase: string }) => {
    if (update.phase === phase) broken ??= before(admin);
  };
  const request = aRequest(findScenario("scenario-5"), { runId, events: 20 });
  const record = await bench(faulty, request, aContext({ progress })).finally(() => target.close());
  await mended;
  await admin.end();
  return { record, retries };
}

/** The model inserts into the same database by connections of its own, and they are not to end. */
const ofHarness = "application_name = 'harness' and pid <> pg_backend_pid() and datname = current_database()";
const endConnections = (admin: pg.Client) =>
  admin.query(`select pg_terminate_backend(pid) from pg_stat_activity where ${ofHarness}`);

/** The statements of new connections end while this one holds the table. */
async function endStatements(admin: pg.Client): Promise<void> {
  await admin.query(
    "do $$ begin execute format('alter database %I set statement_timeout = 200', current_database()); end $$",
  );
  await endConnections(admin);
  await admin.query("begin");
  await admin.query("lock table invocations in access exclusive mode");
}

it.each([
  ["drain", "connections", endConnections, ended],
  ["measure", "connections", endConnections, ended],
  ["drain", "statements", endStatements, /statement timeout/],
  ["measure", "statements", endStatements, /statement timeout/],
])("has every event where the %s meets the end of %s", async (phase, what, before, reason) => {
  const { record, retries } = await run(`${phase}-${what}`, phase, before);
  expect(record.summary).toMatchObject({ eventsCompleted: 20, eventsMissing: 0, duplicates: 0 });
  expect(record.cleanUp).toMatch(/was deleted/);
  // A pool may notice the end of an idle connection first, and has nothing to repeat then.
  const others = retries.filter(({ reason }) => !ended.test(reason));
  if (what === "statements") expect(others.length).toBeGreaterThan(0);
  for (const retry of others) expect(retry.reason).toMatch(reason);
  for (const { service } of retries) expect(service).toBe("Postgres");
});
