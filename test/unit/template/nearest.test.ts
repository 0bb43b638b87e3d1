/** The suggestion for a mistyped word. */
import fc from "fast-check";
import { expect, it } from "vitest";
import { editDistance, nearest } from "../../../src/template/nearest.ts";

const word = fc.string({ maxLength: 12 });

it("counts the fewest edits", () => {
  expect(editDistance("kitten", "sitting")).toBe(3);
  expect(editDistance("", "abc")).toBe(3);
});

it("is a distance: 0 for the same word only, the same both ways, and never longer by a detour", () => {
  fc.assert(
    fc.property(word, word, word, (a, b, c) => {
      expect(editDistance(a, b) === 0).toBe(a === b);
      expect(editDistance(a, b)).toBe(editDistance(b, a));
      expect(editDistance(a, c)).toBeLessThanOrEqual(editDistance(a, b) + editDistance(b, c));
    }),
  );
});

it("suggests the nearest candidate, case aside", () => {
  expect(nearest("visibilitytimeout", ["BatchSize", "VisibilityTimeout"])).toBe("VisibilityTimeout");
  expect(nearest("scenario-44", ["scenario-1", "scenario-4"])).toBe("scenario-4");
});

it("suggests nothing where nothing is near", () => {
  expect(nearest("zzz", ["scenario-1", "all"])).toBeNull();
  expect(nearest("anything", [])).toBeNull();
});
