/** The header that names a served model comes through as it was, and whatever else is there names none. */
import fc from "fast-check";
import { expect, it } from "vitest";
import { formatModel, parseModel } from "../../../src/targets/model-header.ts";

const profile = fc.record({
  name: fc.string({ unit: "grapheme" }),
  endpoint: fc.option(fc.webUrl()),
  measuredAt: fc.date({ noInvalidDate: true }).map((date) => date.toISOString()),
  hash: fc.string(),
  constants: fc.dictionary(
    fc.string().filter((name) => name !== "__proto__"),
    fc.double({ noNaN: true, noDefaultInfinity: true }).map((value) => value + 0),
  ),
});
const finite = fc.double({ noNaN: true, noDefaultInfinity: true }).map((value) => value + 0);
const assumption = fc.record({
  name: fc.string(),
  value: fc.oneof(finite, fc.constant("none" as const)),
  unit: fc.string({ unit: "grapheme" }),
  origin: fc.constantFrom(...(["given", "configuration", "drawn", "profile", "platform"] as const)),
  range: fc.option(fc.tuple(finite, finite)),
  decided: fc.option(fc.nat()),
});
const model = fc.record({
  platform: fc.constantFrom("2020" as const, "2026" as const),
  profile: fc.option(profile),
  modelHash: fc.string(),
  seed: fc.nat(),
  assumptions: fc.array(assumption),
});

it("comes through as it was, in characters that a header may hold", () => {
  fc.assert(
    fc.property(model, (each) => {
      const header = formatModel(each);
      expect(header).toMatch(/^[ -~]*$/);
      expect(JSON.stringify(parseModel(header))).toBe(JSON.stringify(each));
    }),
  );
});

it.each([undefined, "", "yes", "{}", '{"platform":"2019","profile":null,"seed":1}'])(
  "names no model by %j",
  (header) => {
    expect(parseModel(header)).toBeNull();
  },
);
