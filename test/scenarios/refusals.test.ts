/** A downstream that refuses calls: each is refused, tried again and dead-lettered as the settings say. */
import { describe, it } from "vitest";
import { openLocal } from "../../src/targets/local.ts";
import { checkRefusals, type Refusal, refusals } from "./refusals.ts";

describe("a limit of 1/s and five instances", () => {
  it.each(Object.keys(refusals) as Refusal[])("where a refused event is answered by %s", async (how) => {
    const target = await openLocal({ databaseUrl: null, platform: "2026", seed: 3 });
    await checkRefusals(target, how, `refused-${how}`).finally(() => target.close());
  });
});
