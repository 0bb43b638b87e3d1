/** A downstream that refuses calls: each is refused, tried again and dead-lettered as the settings say. */
import { describe, expect, it } from "vitest";
import { bench } from "../../src/bench.ts";
import { findScenario } from "../../src/scenarios/catalogue.ts";
import { simulateRecord } from "../../src/simulation/simulate.ts";
import { openLocal } from "../../src/targets/local.ts";
import { aContext, aRequest } from "./a-request.ts";
import { checkRefusals, type Refusal, refusals } from "./refusals.ts";

describe("a limit of 1/s and five instances", () => {
  it.each(Object.keys(refusals) as Refusal[])("where a refused event is answered by %s", async (how) => {
    const target = await openLocal({ databaseUrl: null, platform: "2026", seed: 3 });
    await checkRefusals(target, how, `refused-${how}`).finally(() => target.close());
  });
});

describe("the calls in a run's record", () => {
  const run = (set: string[]) =>
    simulateRecord({
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

it("HoldMs lets one instance call no oftener than once in so many milliseconds, failures included", async () => {
  const target = await openLocal({ databaseUrl: null, platform: "2026", seed: 2 });
  const set = ["HoldMs=1000", "WorkMs=100", "FailureRate=0.3", "MaxReceiveCount=5"];
  const request = aRequest(findScenario("scenario-4"), { runId: "held", events: 40, set });
  await bench(target, request, aContext());
  const calls = await target.rows.calls("held");
  await target.close();
  const pauses = calls.slice(1).map(({ beganAt }, index) => beganAt - calls[index]!.beganAt);
  expect(calls.filter(({ outcome }) => outcome === "failed").length).toBeGreaterThan(5);
  expect(Math.min(...pauses)).toBeGreaterThanOrEqual(900);
  expect(Math.min(...pauses)).toBeLessThan(1_500);
});
