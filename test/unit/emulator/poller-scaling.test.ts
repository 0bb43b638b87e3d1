/** How many pollers a queue's mapping may have while its function fails. */
import fc from "fast-check";
import { expect, it } from "vitest";
import { mostPollersWithErrors } from "../../../src/emulator/lambda/mappings/poller-scaling.ts";
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
