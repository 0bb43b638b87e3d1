/** Random input of every kind is taken, or refused in a sentence, and never breaks anything. */
import { expect, it } from "vitest";
import { tell } from "../figures.ts";
import { seed, tries } from "../pace.ts";
import { kinds } from "./kinds.ts";
import { summaryOf } from "./outcome.ts";

it.each(Object.entries(kinds))("%s", async (what, { fuzz, ...amount }) => {
  const outcome = await fuzz(tries(amount), seed);
  expect(summaryOf(outcome)).toEqual([]);
  tell({ what: `inputs: ${what}`, tried: outcome.tried, held: outcome.tried - outcome.faults.length });
});
