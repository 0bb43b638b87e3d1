/** A local run whose database goes away for good: what is said of it is about this machine, and about no stack of an account. */
import { afterEach, beforeEach, expect, it } from "vitest";
import { bench } from "../../src/bench.ts";
import { findScenario } from "../../src/scenarios/catalogue.ts";
import { openLocal } from "../../src/targets/local.ts";
import { type FlakyDatabase, flakyDatabase } from "../aws/flaky-database.ts";
import { openDatabase, type TestDatabase } from "../postgres/a-database.ts";
import { aContext, aRequest } from "./a-request.ts";

let database: TestDatabase;
let flaky: FlakyDatabase;

beforeEach(async () => {
  database = await openDatabase();
  flaky = await flakyDatabase(database.url);
});
afterEach(async () => {
  await flaky.close();
  await database.close();
});

it.each(["deploy", "drain", "measure", "teardown"])("while it is in the phase %s", async (phase) => {
  const target = await openLocal({ databaseUrl: flaky.url, platform: "2026", seed: 1 });
  const progress = (update: { phase: string }) => {
    if (update.phase === phase) flaky.lose(Number.POSITIVE_INFINITY);
  };
  const request = aRequest(findScenario("scenario-5"), { runId: `lost-${phase}`, events: 20 });
  const ended = await bench(target, request, aContext({ progress })).catch((failure) => failure);
  await target.close().catch(() => {});
  expect(ended.cleanUp).toMatch(/^It leaves nothing but (its rows|the rows that were written)\.$/);
  expect(`${ended.message ?? ""}`).not.toMatch(/aws cloudformation|stack/i);
});
