/** The values that a parameter takes. */
import { describe, expect, it } from "vitest";
import { checkParameter, type Parameter } from "../../../src/template/parameter.ts";

describe("a parameter's value", () => {
  const number: Parameter = { name: "P", type: "Number", minValue: -1, maxValue: 10.5 };
  const text: Parameter = { name: "P", type: "String", minLength: 2, maxLength: 3, allowedPattern: "a|bc+" };

  it.each([
    [number, "-1", null],
    [number, "10.5", null],
    [number, "1e1", null],
    [number, "-1.01", "Parameter 'P' must be a number not less than -1"],
    [number, "11", "Parameter 'P' must be a number not greater than 10.5"],
    [number, "", "Parameter 'P' must be a number"],
    [number, "0x10", "Parameter 'P' must be a number"],
    [text, "bc", null],
    [text, "b", "Parameter 'P' must contain at least 2 characters"],
    [text, "bccc", "Parameter 'P' must contain at most 3 characters"],
    [text, "abc", "Parameter 'P' must match pattern a|bc+"],
    [{ name: "P", type: "String", allowedValues: ["a", "b"] }, "c", "Parameter 'P' must be one of AllowedValues: a, b"],
    [{ ...number, constraintDescription: "be small" }, "11", "Parameter P failed to satisfy constraint: be small"],
  ] as [Parameter, string, string | null][])("of %j: %j", (parameter, value, sentence) => {
    expect(checkParameter(parameter, value)).toBe(sentence);
  });
});
