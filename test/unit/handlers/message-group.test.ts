/** Message groups: which one an event is of, by its number alone. */
import fc from "fast-check";
import { expect, it } from "vitest";
import { messageGroupingIn, messageGroupOf } from "../../../infra/handlers/message-group.ts";

const id = fc.integer({ min: 1, max: 2 ** 31 - 1 });
const share = fc.double({ min: 0, max: 1, noNaN: true });

it("puts every event into one of the groups, always the same one", () => {
  fc.assert(
    fc.property(id, fc.integer({ min: 1, max: 1_000 }), share, (event, groups, noisyShare) => {
      const group = messageGroupOf(event, { groups, noisyShare });
      expect(group).toBe(messageGroupOf(event, { groups, noisyShare }));
      expect([0, event % groups]).toContain(group);
    }),
  );
});

it("goes round the groups where no tenant is noisy, and makes none where there are none", () => {
  fc.assert(
    fc.property(id, fc.integer({ min: 1, max: 1_000 }), share, (event, groups, noisyShare) => {
      expect(messageGroupOf(event, { groups, noisyShare: 0 })).toBe(event % groups);
      expect(messageGroupOf(event, { groups: 0, noisyShare })).toBeNull();
    }),
  );
});

it("gives the noisy tenant its share of any thousand events in a row, and its part of the others", () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 2 ** 31 - 1_001 }), share, (first, noisyShare) => {
      const groups = Array.from({ length: 1_000 }, (_, index) =>
        messageGroupOf(first + index, { groups: 10, noisyShare }),
      );
      const noisy = groups.filter((group) => group === 0).length / 1_000;
      // Four standard deviations of a thousand draws.
      expect(Math.abs(noisy - (noisyShare + (1 - noisyShare) / 10))).toBeLessThan(0.064);
    }),
    { seed: 13 },
  );
});

it("keeps a noisy event with the noisy tenant when its share grows", () => {
  fc.assert(
    fc.property(id, share, share, (event, a, b) => {
      const [less, more] = [Math.min(a, b), Math.max(a, b)];
      // With so many groups, an event of group 0 is a noisy one.
      const isNoisy = (noisyShare: number) => messageGroupOf(event, { groups: 2 ** 31, noisyShare }) === 0;
      if (isNoisy(less)) expect(isNoisy(more)).toBe(true);
    }),
  );
});

it("is off where the environment says nothing, and refuses by its name what cannot be", () => {
  expect(messageGroupingIn({})).toEqual({ groups: 0, noisyShare: 0 });
  expect(messageGroupingIn({ MESSAGE_GROUPS: "10", NOISY_SHARE: "0.9" })).toEqual({ groups: 10, noisyShare: 0.9 });
  for (const MESSAGE_GROUPS of ["1.5", "-1", "ten"])
    expect(() => messageGroupingIn({ MESSAGE_GROUPS })).toThrow("MESSAGE_GROUPS");
  for (const NOISY_SHARE of ["1.1", "-1", "most"])
    expect(() => messageGroupingIn({ NOISY_SHARE })).toThrow("NOISY_SHARE");
});
