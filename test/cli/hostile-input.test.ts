/** Some hundred inputs of every kind that the chaos suite tries by the ten thousand. */
import { expect, it } from "vitest";
import { kinds } from "../chaos/fuzz/kinds.ts";
import { summaryOf } from "../chaos/fuzz/outcome.ts";

it.each(Object.entries(kinds))("Hostile %s are taken, or refused in a sentence", async (_what, { fuzz, quick }) => {
  const outcome = await fuzz(quick, 1);
  expect(summaryOf(outcome)).toEqual([]);
  expect(outcome.tried).toBeGreaterThanOrEqual(quick);
});
