/** A downstream that refuses calls, over HTTP: each is refused, tried again and dead-lettered as on the local target. */
import { describe, it } from "vitest";
import { checkRefusals, type Refusal, refusals } from "../scenarios/refusals.ts";
import { eachServed } from "./each-served.ts";
import { servedTarget } from "./serving.ts";

const each = eachServed();

describe("a limit of 1/s and five instances", () => {
  it.each(Object.keys(refusals) as Refusal[])("where a refused event is answered by %s", async (how) => {
    const { clockUrl, endpoint } = each.served;
    const target = await servedTarget({ databaseUrl: each.database.url, clockUrl, endpointUrl: endpoint });
    await checkRefusals(target, how, `refused-${how}`).finally(() => target.close());
  });
});
