/** A short run meets each kind of fault at each of its requests in turn. It is right, or says precisely what is missing. */
import { expect, it } from "vitest";
import { eachServed } from "./each-served.ts";
import { holds, type Kind, kinds, runWithFault } from "./one-fault.ts";

const each = eachServed();

it.each(Object.keys(kinds) as Kind[])(
  "holds with %s at every request of a run, one after the other",
  { timeout: 600_000 },
  async (kind) => {
    const place = { databaseUrl: each.database.url, served: each.served };
    const { operations } = await runWithFault(place, 0, "cut");
    expect(operations.length).toBeGreaterThan(20);
    for (let number = 1; ; number++) {
      const run = await runWithFault(place, number, kinds[kind]);
      if (run.met === undefined) break;
      holds(run, kind);
    }
  },
);
