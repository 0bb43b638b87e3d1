/** Further faults of the wire at the requests that change something; `test/aws/wire-walk.test.ts` has each kind at each request. */
import { expect, it } from "vitest";
import { eachServed } from "../aws/each-served.ts";
import { holds, type Kind, kinds, runWithFault } from "../aws/one-fault.ts";

const each = eachServed();

it.each<[operation: string, kind: Kind]>([
  ["UpdateFunctionCode", "a proxy's page"],
  ["Invoke", "a reset before it arrived"],
  ["Invoke", "half an answer"],
  ["DeleteStack", "a sign-in page"],
])("%s with %s", async (operation, kind) => {
  const place = { databaseUrl: each.database.url, served: each.served };
  const { operations } = await runWithFault(place, 0, "cut");
  const run = await runWithFault(place, operations.indexOf(operation) + 1, kinds[kind]);
  expect(run.met).toBe(operation);
  holds(run, kind);
  expect(run.operations.filter((asked) => asked === "Invoke")).toHaveLength(1);
});
