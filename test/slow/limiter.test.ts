/** Whole runs with a limiter: its grants, whatever the settings, and the storm that it prevents. */
import { afterEach, expect, it, vi } from "vitest";
import { Limiters } from "../../src/emulator/lambda/limiters.ts";
import { expectationsOf, nothingGiven } from "../../src/metrics/expectations.ts";
import type { Figures } from "../../src/model.ts";
import { findScenario } from "../../src/scenarios/catalogue.ts";
import { settingsOf } from "../../src/scenarios/settings.ts";
import { simulate } from "../../src/simulation/simulate.ts";

const model = { platform: "2026", profile: null, ranges: true, region: "eu-west-1" } as const;

function figuresOf(name: string, set: string[], events: number, seed: number): Promise<Figures> {
  const scenario = findScenario(name);
  const settings = settingsOf(scenario, set);
  const { limit } = expectationsOf(nothingGiven, settings, scenario);
  const variation = { settings, events, seed, assumptions: {}, timeoutMs: 43_200_000 };
  return simulate({ scenario, model, limit, waitForMetrics: true }, variation);
}

afterEach(() => void vi.restoreAllMocks());

const seeds = Array.from({ length: 200 }, (_, index) => index + 1);
const rates: [text: string, perMs: number][] = [
  ["1/s", 1 / 1_000],
  ["3/s", 3 / 1_000],
  ["20/s", 20 / 1_000],
  ["45/m", 45 / 60_000],
];
/** One of them by the seed, whatever the others are. */
function pick<Value>(values: readonly Value[], seed: number, step: number): Value {
  return values[Math.floor(seed / step) % values.length]!;
}

it.each(["limiter-token-bucket", "limiter-reservation"])(
  "%s grants in any window at most its capacity and its rate times the window, whatever becomes of refused events",
  async (name) => {
    const take = Limiters.prototype.take;
    for (const seed of seeds) {
      const grantedAt: number[] = [];
      vi.spyOn(Limiters.prototype, "take").mockImplementation(function (this: Limiters, request, now) {
        const grant = take.call(this, request, now);
        if (grant.granted) grantedAt.push(now + grant.waitMs);
        return grant;
      });
      const [rate, perMs] = pick(rates, seed, 1);
      const capacity = name === "limiter-token-bucket" ? pick([1, 2, 5], seed, 4) : 1;
      const set = [
        `LimiterRate=${rate}`,
        `LimiterCapacity=${capacity}`,
        `WhenRefused=${pick(["wait", "return", "report", "throw"], seed, 3)}`,
        `MaximumConcurrency=${pick([0, 2, 8], seed, 5)}`,
        `WorkMs=${pick([0, 200, 1_500], seed, 7)}`,
        `FailureRate=${pick([0, 0.1], seed, 2)}`,
        `DuplicateRate=${pick([0, 0.05], seed, 11)}`,
      ];
      const figures = await figuresOf(name, set, 60, seed);
      expect(figures.summary.eventsMissing).toBe(0);
      expect(grantedAt.length).toBeGreaterThan(capacity);

      grantedAt.sort((one, other) => one - other);
      // A reservation's wait is told in whole milliseconds, rounded up.
      const roundingMs = name === "limiter-reservation" ? 1 : 0;
      for (const [index, from] of grantedAt.entries()) {
        for (let other = index + 1; other < grantedAt.length; other++) {
          const allowed = capacity + (grantedAt[other]! - from + roundingMs) * perMs;
          if (other - index + 1 > allowed + 1e-6)
            expect.fail(`seed ${seed}: ${other - index + 1} grants in ${grantedAt[other]! - from} ms (${set})`);
        }
      }
    }
  },
);

it("storms where a downstream counts refused calls and the consumer throws: a limiter before it makes one call of each event", async () => {
  const downstream = ["DownstreamLimit=2/s", "CountsRefused=true"];
  const impatient = ["WhenRefused=throw", "MaximumConcurrency=0", "VisibilityTimeout=30", "MaxReceiveCount=1000"];
  for (const seed of [1, 2, 3]) {
    const figures = async (...set: string[]) => figuresOf("limiter-token-bucket", [...downstream, ...set], 122, seed);
    const storm = await figures("Limiter=none", ...impatient);
    expect(storm.details.invocations).toBeGreaterThan(3_000);
    expect(storm.summary.timeTakenSeconds).toBeGreaterThan(1_500);
    expect(storm.details.calls!.refused).toBeGreaterThan(3_000);

    // Where only the calls that are taken count, the same consumer is through sooner.
    const forgiven = await figures("Limiter=none", "CountsRefused=false", ...impatient);
    expect(forgiven.details.invocations).toBeLessThan(storm.details.invocations! / 3);

    const limited = await figures("LimiterRate=2/s");
    expect(limited.details).toMatchObject({ invocations: 122, calls: { refused: 0, atLeast: 122 } });
    expect(limited.summary.timeTakenSeconds).toBeLessThan(100);
  }
});
