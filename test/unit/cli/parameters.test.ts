/** Parameters are typed as for the AWS CLI. */
import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { readParameters, spreadParameters } from "../../../src/cli/flags/parameters.ts";

const file = (text: string) => {
  const path = join(mkdtempSync(join(tmpdir(), "parameters-")), "parameters.json");
  writeFileSync(path, text);
  return `file://${path}`;
};

describe("--parameters reads", () => {
  // documented: https://docs.aws.amazon.com/cli/latest/reference/cloudformation/create-stack.html, and deploy.html beside it
  it.each<[form: string, typed: string[], read: Record<string, string>]>([
    ["pairs in shorthand", ["ParameterKey=A,ParameterValue=1", "ParameterValue=2,ParameterKey=B"], { A: "1", B: "2" }],
    ["escaped commas", ["ParameterKey=Subnets,ParameterValue=a\\,b"], { Subnets: "a,b" }],
    ["quoted values", [`ParameterKey=A,ParameterValue="a, 'b'"`], { A: "a, 'b'" }],
    ["a value with =", ["ParameterKey=Url,ParameterValue=x?y=1", "Query=a=b"], { Url: "x?y=1", Query: "a=b" }],
    ["an empty value", ["ParameterKey=A,ParameterValue=", "B="], { A: "", B: "" }],
    ["several in one word", ["ParameterKey=A,ParameterValue=1 ParameterKey=B,ParameterValue=2"], { A: "1", B: "2" }],
    ["Name=value with commas", ["Subnets=a,b"], { Subnets: "a,b" }],
    ["the later of two values", ["A=1", "A=2"], { A: "2" }],
    ["a list as JSON", ['[{"ParameterKey":"A","ParameterValue":"1"},"B=2"]'], { A: "1", B: "2" }],
    ["an object as JSON", ['{"A": 1, "B": true, "C": ["x", "y"]}'], { A: "1", B: "true", C: "x,y" }],
    ["a file of a list", [file('\uFEFF[{"ParameterKey":"A","ParameterValue":"1"}]')], { A: "1" }],
    ["a file with Parameters", [file('{"Parameters": {"A": "1"}, "Tags": {"x": "y"}}')], { A: "1" }],
  ])("%s", (_, typed, read) => {
    expect(readParameters(typed)).toEqual(read);
  });

  it("whatever value is quoted, or has its commas escaped", () => {
    const value = fc.string().filter((text) => !/["\\]/.test(text) && !/^'.*'$/s.test(text));
    fc.assert(
      fc.property(value, (text) => {
        const quotedText = `ParameterKey=A,ParameterValue="${text}"`;
        expect(readParameters([quotedText])).toEqual({ A: text });
        const isPlain = !/['\s]/.test(text);
        if (!isPlain) return;
        expect(readParameters([`ParameterKey=A,ParameterValue=${text.replaceAll(",", "\\,")}`])).toEqual({ A: text });
      }),
    );
  });
});

describe("--parameters refuses, with what to write,", () => {
  it.each([
    ["a word without a value", "Stage", /has no name and value; write it as ParameterKey=Stage/],
    ["a file without file://", "p.json", /write --parameters file:\/\/p\.json/],
    ["a bare comma", "ParameterKey=A,ParameterValue=a,b", /a comma in a value is written as \\,/],
    ["a missing key", "ParameterValue=a", /has no ParameterKey/],
    ["a missing value", "ParameterKey=A", /A has no ParameterValue/],
    ["a previous value", "ParameterKey=A,UsePreviousValue=true", /A has no previous value here/],
    ["what is no JSON", "{A", /it is no whole JSON, see line 1/],
    ["an object as a value", '{"A": {}}', /A is a map, .*; give a text/],
    ["a file that is not there", "file://none.json", /file:\/\/none\.json cannot be read/],
    ["a list of other things", "[1]", /entry 1 has no ParameterKey/],
  ])("%s", (_, typed, problem) => {
    expect(() => readParameters([typed])).toThrowError(problem);
  });
});

it("Several values may stand behind one flag, and what has no value is an operand", () => {
  const line = ["run", "--parameters", "A=1", "B=2", "./theirs.yaml", "--parameters", "C=3", "--set", "X=1", "Y=1"];
  expect(spreadParameters(line).join(" ")).toBe(
    "run --parameters A=1 --parameters B=2 ./theirs.yaml --parameters C=3 --set X=1 Y=1",
  );
});
