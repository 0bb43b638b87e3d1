/** A downstream that refuses calls: each is refused, tried again and dead-lettered as the settings say. */
import { describe, expect, it } from "vitest";
import { findScenario } from "../../src/scenarios/catalogue.ts";
import { simulate } from "../../src/simulation/simulate.ts";
import { openLocal } from "../../src/targets/local.ts";
import { aRequest } from "./a-request.ts";
import { checkRefusals, type Refusal, refusals } from "./refusals.ts";

describe("a limit of 1/s and five instances", () => {
  it.each(Object.keys(refusals) as Refusal[])("where a refused event is answered by %s", async (how) => {
    const target = await openLocal({ databaseUrl: null, platform: "2026", seed: 3 });
    await checkRefusals(target, how, `refused-${how}`).finally(() => target.close());
  });
});

describe("the calls in a run's record", () => {
  const run = (set: string[]) =>
    simulate({
      request: aRequest(findScenario("scenario-5"), { runId: "calls", events: 50, set }),
      model: { platform: "2026", seed: 1, profile: null, ranges: false, constants: {} },
    });

  it("are those of the table where a setting of the downstream is on", async () => {
    const { details, errors } = await run(["DownstreamLimit=1/s", "MaxReceiveCount=2"]);
    const refused = errors!.find(({ cause }) => cause === "refused")!.count;
    expect(details.calls).toEqual({
      recorded: true,
      refused,
      atLeast: details.invocations,
      atMost: details.invocations,
    });
  });

  it("lie between bounds where none is on, and are exact where nothing failed", async () => {
    expect((await run([])).details.calls).toEqual({ recorded: false, refused: 0, atLeast: 50, atMost: 50 });
    const { details } = await run(["ConsumerTimeout=1"]);
    expect(details.calls).toEqual({ recorded: false, refused: 0, atLeast: 0, atMost: details.errors });
  });
});
