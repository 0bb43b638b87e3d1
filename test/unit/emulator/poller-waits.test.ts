/** How long a poller waits, by hand, with draws of the test's own. */
import { describe, expect, it } from "vitest";
import {
  backoffMs,
  freeSlotLookMs,
  freeSlotMs,
  throttleBackoffMs,
} from "../../../src/emulator/lambda/mappings/poller-waits.ts";

/** A source of randomness that draws these, one after the other. */
const drawing = (...fractions: number[]) => ({ fraction: () => fractions.shift()! });

describe("a back-off", () => {
  it("doubles with each failure up to its cap, less a random share", () => {
    const wait = (failures: number, drawn: number) =>
      backoffMs(failures, { baseMs: 100, capMs: 1_000, jitter: 0.5 }, drawing(drawn));
    expect([1, 2, 3, 4, 5, 9].map((failures) => wait(failures, 0))).toEqual([100, 200, 400, 800, 1_000, 1_000]);
    expect([wait(2, 1), wait(2, 0.5), wait(9, 1)]).toEqual([100, 150, 500]);
  });

  it("of a throttled batch is the platform's", () => {
    const constants = {
      "mapping.throttleBackoffBaseMs": 50,
      "mapping.throttleBackoffCapMs": 150,
      "mapping.throttleBackoffJitter": 0.2,
    };
    expect([1, 2, 3].map((throttle) => throttleBackoffMs(throttle, constants, drawing(0.5)))).toEqual([45, 90, 135]);
  });
});

describe("a slot at MaximumConcurrency", () => {
  const constants = { "mapping.twentySlotsLookMs": 400, "mapping.hundredSlotsLookMs": 100, "mapping.lookSpread": 0.5 };

  it("is looked for as often as was measured with 20 and with 100 slots, by a power law between and beyond them", () => {
    const look = (slots: number) => freeSlotLookMs(slots, constants);
    expect([1, 19, 20].map(look)).toEqual([400, 400, 400]);
    expect(look(100)).toBeCloseTo(100, 9);
    // The geometric mean of 20 and 100 slots, and of 400 and 100 ms.
    expect(look(Math.sqrt(20 * 100))).toBeCloseTo(200, 9);
    expect(look(500)).toBeCloseTo(25, 9);
    expect(freeSlotLookMs(500, { ...constants, "mapping.twentySlotsLookMs": 0 })).toBe(0);
  });

  it("stays free for what is left of an interval, of which a longer one is likelier, and that is shorter after less work", () => {
    const free = (busyMs: number, ...drawn: [interval: number, rest: number]) =>
      freeSlotMs(20, busyMs, constants, drawing(...drawn));
    // From half of the mean to one and a half of it.
    expect([free(2_000, 0, 1), free(2_000, 1, 1), free(2_000, 1, 0.5), free(2_000, 1, 0)]).toEqual([200, 600, 300, 0]);
    expect(free(2_000, 0.5, 1)).toBeCloseTo(400 * Math.sqrt((0.25 + 2.25) / 2), 9);
    expect([free(500, 0, 1), free(9_000, 0, 1)]).toEqual([50, 200]);
  });
});
