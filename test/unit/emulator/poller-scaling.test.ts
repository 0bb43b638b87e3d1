/** How many pollers a queue's mapping wants: by what it sees at each decision, and while its function fails. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  mostPollersWithErrors,
  PollerScaling,
  provisionedBounds,
  type ScalingBounds,
  standardBounds,
} from "../../../src/emulator/lambda/mappings/poller-scaling.ts";
import { constantsOf } from "../../../src/emulator/platforms/platforms.ts";

const constants = constantsOf("2026");
const share = fc.double({ min: 1e-6, max: 1, noNaN: true });

it("a larger share of errors leaves fewer pollers, and none of errors any number", () => {
  fc.assert(
    fc.property(share, share, (one, other) => {
      const [less, more] = [Math.min(one, other), Math.max(one, other)];
      expect(mostPollersWithErrors(more, constants)).toBeLessThanOrEqual(mostPollersWithErrors(less, constants));
    }),
  );
  expect(mostPollersWithErrors(0, constants)).toBe(Number.POSITIVE_INFINITY);
});

it("1% and 10% of errors leave as many pollers as the platform says", () => {
  expect(mostPollersWithErrors(0.01, constants)).toBeCloseTo(constants["mapping.onePercentErrorPollers"]);
  expect(mostPollersWithErrors(0.1, constants)).toBeCloseTo(constants["mapping.tenPercentErrorPollers"]);
});

describe("the bounds of scaling", () => {
  it("are the platform's in the standard mode, and MaximumConcurrency's where it is lower", () => {
    const bounds = standardBounds(constants, null);
    expect(bounds).toEqual({
      least: 0,
      leastInTrouble: constants["mapping.troubledPollers"],
      leastWhenIdle: constants["mapping.idlePollers"],
      most: constants["mapping.maximumPollers"],
      growthPerMinute: constants["mapping.pollersPerMinute"],
    });
    expect(standardBounds(constants, 7)).toEqual({
      ...bounds,
      most: 7,
      leastWhenIdle: constants["mapping.initialPollers"],
    });
    expect(standardBounds(constants, 1e6).most).toBe(constants["mapping.maximumPollers"]);
  });

  it("are those of the slots of the pollers in the provisioned mode", () => {
    const slots = constants["mapping.invocationsPerPoller"];
    expect(provisionedBounds(constants, { minimum: 2, maximum: 9 })).toEqual({
      least: 2 * slots,
      leastInTrouble: 2 * slots,
      leastWhenIdle: 2 * slots,
      most: 9 * slots,
      growthPerMinute: constants["mapping.provisionedPollersPerMinute"] * slots,
    });
  });
});

describe("a decision", () => {
  // Four decisions a minute of 15 s, each of which looks back on two.
  const own = {
    ...constants,
    "mapping.scalingTickMs": 15_000,
    "mapping.scalingLookBackMs": 30_000,
    "mapping.shrinkFactor": 0.5,
    "mapping.onePercentErrorPollers": 100,
    "mapping.tenPercentErrorPollers": 10,
  };
  const bounds: ScalingBounds = { least: 0, leastInTrouble: 3, leastWhenIdle: 2, most: 60, growthPerMinute: 40 };
  /** The slots that it wants after decisions on so many visible messages and busy slots, every 15 s from 0 on. */
  const wanted = (
    scaling: PollerScaling,
    sights: [visible: number, busy: number][],
    given: ScalingBounds = bounds,
    from = 0,
  ) =>
    sights.map(([visibleMessages, busySlots], index) => {
      scaling.decide(given, { now: from + index * 15_000, visibleMessages, busySlots });
      return scaling.wantedSlots;
    });

  it("adds slots while messages stay visible, a fraction of one, too, up to the most", () => {
    const visible: [number, number][] = [[1, 0]];
    expect(wanted(new PollerScaling(own, 5), [...visible, ...visible, ...visible])).toEqual([15, 25, 35]);
    expect(wanted(new PollerScaling(own, 55), [...visible, ...visible])).toEqual([60, 60]);
    const slowly = { ...bounds, growthPerMinute: 2 };
    expect(wanted(new PollerScaling(own, 5), [...visible, ...visible, ...visible], slowly)).toEqual([5, 6, 6]);
  });

  it("goes back to the busy ones when nothing is visible, and to the least of an idle mapping, but adds none", () => {
    const idle: [number, number][] = [
      [0, 9],
      [0, 12],
      [0, 0],
    ];
    expect(wanted(new PollerScaling(own, 20), idle)).toEqual([9, 9, 2]);
    expect(wanted(new PollerScaling(own, 20), idle, { ...bounds, least: 4 })).toEqual([9, 9, 4]);
    expect(wanted(new PollerScaling(own, 1), idle)).toEqual([1, 1, 1]);
  });

  it("halves them while it was throttled within the look-back, down to the least in trouble", () => {
    const scaling = new PollerScaling(own, 16);
    const busy: [number, number][] = [
      [9, 9],
      [9, 9],
      [9, 9],
    ];
    scaling.noteThrottle(0);
    // The look-back is over at 30 s.
    expect(wanted(scaling, busy, bounds)).toEqual([8, 4, 14]);
    scaling.noteThrottle(60_000);
    expect(wanted(scaling, busy, { ...bounds, leastInTrouble: 5 }, 60_000)).toEqual([7, 5, 15]);
    const few = new PollerScaling(own, 2);
    few.noteThrottle(0);
    expect(wanted(few, [[9, 9]])).toEqual([2]);
  });

  it("has no more than errors allow, for as long as it looks back on them", () => {
    const failing = (failures: number, of: number) => {
      const scaling = new PollerScaling(own, 40);
      for (let index = 0; index < of; index++) scaling.noteEnd(index < failures);
      return scaling;
    };
    // One in ten failed: ten slots at most, towards which it halves; after two decisions it looks back on no error.
    expect(
      wanted(failing(2, 20), [
        [1, 0],
        [1, 0],
        [1, 0],
      ]),
    ).toEqual([20, 10, 20]);
    // One in a hundred: a hundred at most.
    expect(wanted(failing(1, 100), [[1, 0]])).toEqual([50]);
    expect(wanted(failing(0, 100), [[1, 0]])).toEqual([50]);
    // All failed: one slot at most by the power law, but no fewer than the least in trouble.
    expect(
      wanted(
        failing(9, 9),
        [
          [1, 0],
          [1, 0],
        ],
        { ...bounds, leastInTrouble: 25 },
      ),
    ).toEqual([25, 25]);
    const growing = new PollerScaling(own, 8);
    growing.noteEnd(true);
    for (let index = 0; index < 9; index++) growing.noteEnd(false);
    expect(wanted(growing, [[1, 0]])).toEqual([10]);
  });

  it("counts errors and invocations of each decision for itself", () => {
    const scaling = new PollerScaling(own, 40);
    scaling.noteEnd(true);
    expect(wanted(scaling, [[1, 0]], { ...bounds, leastInTrouble: 40 })).toEqual([40]);
    for (let index = 0; index < 9; index++) scaling.noteEnd(false);
    // One of the ten in the look-back failed; at the next decision that one is forgotten, and none did.
    expect(
      wanted(scaling, [
        [1, 0],
        [1, 0],
      ]),
    ).toEqual([20, 30]);
  });
});
