/** Simulations in threads: whatever the batches, the figures come as one thread would give them. */
import { mkdirSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { afterAll, describe, expect, it } from "vitest";
import { BenchError } from "../../../src/errors.ts";
import type { Figures } from "../../../src/model.ts";
import { findScenario } from "../../../src/scenarios/catalogue.ts";
import { settingsOf } from "../../../src/scenarios/settings.ts";
import { type Plan, simulate, type Variation } from "../../../src/simulation/simulate.ts";
import { Simulators } from "../../../src/simulation/workers.ts";

const worker = fileURLToPath(new URL("../../../.build/cli/simulation-worker.js", import.meta.url));
const simulators = new Simulators(2, worker);
afterAll(() => simulators.close());

const plan: Plan = {
  scenario: findScenario("scenario-4"),
  model: { platform: "2026", profile: null, ranges: false },
  limit: null,
  waitForMetrics: true,
};

function aVariation(seed: number, rest: Partial<Variation> = {}): Variation {
  const settings = settingsOf(plan.scenario, []);
  return { settings, events: 10, seed, assumptions: {}, timeoutMs: 21_600_000, ...rest };
}

/** The seeds 1, 2, … without an end. `taken` is told each. */
function* endless(taken: (seed: number) => void = () => {}): Generator<Variation> {
  for (let seed = 1; ; seed++) {
    taken(seed);
    yield aVariation(seed);
  }
}

async function first(count: number, figures: AsyncIterable<Figures>): Promise<Figures[]> {
  const seen: Figures[] = [];
  for await (const each of figures) {
    seen.push(each);
    if (seen.length === count) break;
  }
  return seen;
}

describe("simulations in threads", () => {
  it("have the figures of each variation in their order, the same as in this thread", async () => {
    const variations = [
      ...Array.from({ length: 12 }, (_, index) => aVariation(index + 1, { events: (index * 7) % 60 || 1 })),
      aVariation(3, { settings: settingsOf(plan.scenario, ["WorkMs=4000"]) }),
      aVariation(3, { assumptions: { "database.insertMedianMs": 900 } }),
    ];
    const here: Figures[] = [];
    for (const variation of variations) here.push(await simulate(plan, variation));
    const inThreads: Figures[] = [];
    for await (const figures of simulators.figures(plan, variations)) inThreads.push(figures);
    expect(inThreads).toEqual(here);
    expect(inThreads.map(({ seed }) => seed)).toEqual(variations.map(({ seed }) => seed));
  });

  it("are taken as they are needed, so that however many there are, few are in memory", async () => {
    let last = 0;
    const seen = await first(
      40,
      simulators.figures(
        plan,
        endless((seed) => {
          last = seed;
        }),
      ),
    );
    expect(seen.map(({ seed }) => seed)).toEqual(Array.from({ length: 40 }, (_, index) => index + 1));
    expect(last).toBeLessThan(40 + 16 * 50);
  });

  it("end with the first that fails, after the figures of those before it, and serve the next plan all the same", async () => {
    const variations = [
      aVariation(1),
      aVariation(2),
      aVariation(3, { settings: { QueueRetention: "?" } }),
      aVariation(4),
    ];
    const seeds: (number | null)[] = [];
    const all = async () => {
      for await (const { seed } of simulators.figures(plan, variations)) seeds.push(seed);
    };
    await expect(all()).rejects.toThrow(BenchError);
    expect(seeds).toEqual([1, 2]);
    const again = await first(1, simulators.figures(plan, [aVariation(9)]));
    expect(again.map(({ seed }) => seed)).toEqual([9]);
  });

  it("end with the signal's reason as soon as it comes", async () => {
    const controller = new AbortController();
    const interruption = new Error("enough");
    const all = async () => {
      for await (const _ of simulators.figures(plan, endless(), controller.signal)) controller.abort(interruption);
    };
    await expect(all()).rejects.toBe(interruption);
    await expect(first(1, simulators.figures(plan, endless(), controller.signal))).rejects.toBe(interruption);
  });
});

describe("threads that end for want of memory", () => {
  it("say so and what to do, all of them at once, and are closed", async () => {
    // It stays, because a thread that was begun in place of a dead one may still read it when the test is over.
    const dying = fileURLToPath(new URL("../../../.build/test/dying.mjs", import.meta.url));
    mkdirSync(new URL(".", `file://${dying}`), { recursive: true });
    // The error that Node.js gives for a thread whose heap is full.
    writeFileSync(
      dying,
      `export default () => {
        setTimeout(() => { throw Object.assign(new Error("heap out of memory"), { code: "ERR_WORKER_OUT_OF_MEMORY" }); });
        return new Promise(() => {});
      };`,
    );
    const mortal = new Simulators(2, dying);
    try {
      await expect(first(1, mortal.figures(plan, endless()))).rejects.toMatchObject({
        name: "BenchError",
        code: "target-failed",
        message: expect.stringMatching(/^The memory did not suffice .* --workers.*--max-old-space-size/),
      });
    } finally {
      await mortal.close();
    }
  });
});
