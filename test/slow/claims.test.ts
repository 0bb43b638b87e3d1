/** Each claim of each shipped scenario holds with its shipped settings, also where the unpublished numbers are other plausible ones. */
import { describe, expect, it } from "vitest";
import { expectationsOf, nothingGiven } from "../../src/metrics/expectations.ts";
import { verdictOf } from "../../src/metrics/verdict.ts";
import type { ClaimName } from "../../src/model.ts";
import { shippedScenarios } from "../../src/scenarios/catalogue.ts";
import { settingsOf } from "../../src/scenarios/settings.ts";
import { simulate } from "../../src/simulation/simulate.ts";

const seeds = 100;
const claiming = shippedScenarios().filter(({ claims }) => claims.length > 0);

describe.each(claiming)("$name", (scenario) => {
  it(`is as it claims in ${seeds} seeds`, async () => {
    const settings = settingsOf(scenario, []);
    const expected = expectationsOf(nothingGiven, settings, scenario);
    const model = { platform: "2026", profile: null, ranges: true } as const;
    const plan = { scenario, model, limit: expected.limit, waitForMetrics: true };
    const broken: [seed: number, claim: ClaimName, most: number | null][] = [];
    for (let seed = 1; seed <= seeds; seed++) {
      const variation = { settings, events: 1_000, seed, assumptions: {}, timeoutMs: 86_400_000 };
      const { claims } = verdictOf([await simulate(plan, variation)], expected);
      for (const { claim, status, most } of claims!) if (status !== "held") broken.push([seed, claim, most]);
    }
    expect(broken).toEqual([]);
  });
});
