/** A run of any scenario whose rows stay in memory comes to the same as one whose rows go to Postgres. */
import { afterAll, beforeAll, it } from "vitest";
import { shippedNames } from "../../src/scenarios/catalogue.ts";
import { openWorkbench, type Workbench } from "../scenarios/bench.ts";
import { expectSameEitherWay } from "../scenarios/rows-either-way.ts";

let workbench: Workbench;

beforeAll(async () => {
  workbench = await openWorkbench();
});
afterAll(() => workbench.close());

it.each(shippedNames())("has the same rows and record of %s, byte for byte, and accounts for every event", (name) =>
  expectSameEitherWay(name, workbench.databaseUrl),
);
