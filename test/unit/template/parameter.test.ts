/** The values that a parameter takes. */
import { describe, expect, it } from "vitest";
import { checkParameter, type Parameter, referencedParameter, typeFault } from "../../../src/template/parameter.ts";

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

describe("the types that CloudFormation has", () => {
  it.each([
    "String",
    "Number",
    "List<Number>",
    "List<String>",
    "CommaDelimitedList",
    "AWS::EC2::VPC::Id",
    "List<AWS::EC2::Subnet::Id>",
    "AWS::SSM::Parameter::Name",
    "AWS::SSM::Parameter::Value<String>",
    "AWS::SSM::Parameter::Value<List<AWS::EC2::Subnet::Id>>",
  ])("%s is one", (type) => {
    expect(typeFault(type)).toBeNull();
  });

  it.each([
    ["Strng", "did you mean String?"],
    ["AWS::SSM::Parameter::Value<Text>", "did you mean AWS::SSM::Parameter::Value<String>?"],
    ["toString", "did you mean String?"],
    ["Something::Of::Ones::Own", "write String, Number, CommaDelimitedList, List<Number>, or a type that AWS supplies"],
  ])("%s is none", (type, cure) => {
    expect(typeFault(type)).toBe(cure);
  });

  it("a list of numbers is checked number by number, and a Ref gives the list", () => {
    const numbers: Parameter = { name: "P", type: "List<Number>", maxValue: 9 };
    expect(checkParameter(numbers, "1, 2")).toBeNull();
    expect(checkParameter(numbers, "1,x")).toBe("Parameter 'P' must be a list of numbers");
    expect(checkParameter(numbers, "1,10")).toBe("Parameter 'P' must be a number not greater than 9");
    expect(referencedParameter([numbers], new Map([["P", "1, 2"]]), "P")).toEqual(["1", "2"]);
  });

  it("a Ref to what is kept in the Parameter Store is not known before the stack is made", () => {
    const stored: Parameter = { name: "P", type: "AWS::SSM::Parameter::Value<String>", default: "/a" };
    expect(referencedParameter([stored], new Map([["P", "/a"]]), "P")).toBeUndefined();
  });
});
