/** The effective settings of a run. */
import fc from "fast-check";
import { expect, it } from "vitest";
import type { Parameter, Scenario } from "../../../src/model.ts";
import { readScenario } from "../../../src/scenarios/scenario.ts";
import { boundsOf, settingsOf } from "../../../src/scenarios/settings.ts";
import { toyTemplate } from "../../cli/toy-template.ts";

const toy: Scenario = readScenario("toy", "toy.yaml", toyTemplate);
const defaults = { WorkMs: "5", Mode: "fast" };

function withParameters(...parameters: Parameter[]): Scenario {
  return { ...toy, template: { ...toy.template, parameters } };
}

it("are the defaults, without the harness's own parameter", () => {
  expect(settingsOf(toy, [])).toEqual(defaults);
});

it("are what was set last, and hold what comes after the first equals sign", () => {
  expect(settingsOf(toy, ["WorkMs=7", "WorkMs=8"])).toEqual({ ...defaults, WorkMs: "8" });
  const free: Scenario = withParameters({ name: "Text", type: "String", default: "" });
  expect(settingsOf(free, ["Text=a=b"])).toEqual({ Text: "a=b" });
  expect(settingsOf(free, ["Text="])).toEqual({ Text: "" });
});

it("take every whole number within the bounds and none outside", () => {
  fc.assert(
    fc.property(fc.integer({ min: -1_000, max: 1_000 }), (value) => {
      const set = () => settingsOf(toy, [`WorkMs=${value}`]);
      if (value >= 0 && value <= 100) expect(set()).toEqual({ ...defaults, WorkMs: String(value) });
      else
        expect(set).toThrowError(
          expect.objectContaining({ code: "bad-setting", message: expect.stringContaining("0 to 100") }),
        );
    }),
  );
});

it.each([
  ["WorkMS=1", "unknown-setting", /did you mean WorkMs\?/],
  ["Colour=red", "unknown-setting", /it has WorkMs, Mode\./],
  ["DatabaseUrl=x", "unknown-setting", /--database-url/],
  ["Mode=medium", "bad-setting", /fast or slow/],
  ["WorkMs=soon", "bad-setting", /0 to 100/],
  ["WorkMs", "bad-setting", /--set Name=value/],
  ["=5", "bad-setting", /--set Name=value/],
])("refuse %s", (override, code, message) => {
  expect(() => settingsOf(toy, [override])).toThrowError(
    expect.objectContaining({ code, message: expect.stringMatching(message) }),
  );
});

it("have to be given where there is no default", () => {
  const bare: Scenario = withParameters({ name: "Rate", type: "Number" });
  expect(settingsOf(bare, ["Rate=3"])).toEqual({ Rate: "3" });
  expect(() => settingsOf(bare, [])).toThrowError(/toy has no default for Rate; give it one with --set Rate=/);
});

it("have bounds in words", () => {
  const bounds = (rest: Partial<Parameter>) => boundsOf({ name: "A", type: "Number", ...rest });
  expect(bounds({ minValue: 1, maxValue: 9 })).toBe("1 to 9");
  expect(bounds({ minValue: 1 })).toBe("at least 1");
  expect(bounds({ maxValue: 9 })).toBe("at most 9");
  expect(bounds({})).toBe("a number");
  expect(bounds({ type: "String" })).toBe("");
  expect(bounds({ allowedValues: ["a", "b", "c"] })).toBe("a, b or c");
  expect(bounds({ allowedPattern: "^x$", constraintDescription: "has to be x" })).toBe("x");
  expect(bounds({ allowedPattern: "^x$" })).toBe("text that matches ^x$");
});
