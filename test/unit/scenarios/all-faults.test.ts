/** Every fault of a template is told at once, each with its line; a fault hides no other. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { requireFaultless, withEveryFault } from "../../../src/cli/running/faults.ts";
import { BenchError } from "../../../src/errors.ts";
import { findScenario } from "../../../src/scenarios/catalogue.ts";
import { readScenario } from "../../../src/scenarios/scenario.ts";
import { settingsOf } from "../../../src/scenarios/settings.ts";

const whole = findScenario("scenario-4").templateBody;

/** Where a line is put, after the line that begins so, and what is told of it. */
const kinds: readonly (readonly [kind: string, after: string, added: string, told: RegExp])[] = [
  ["an unknown section", "", "Resorces: {}", /\[Resorces\]; did you mean Resources\?/],
  [
    "an unknown type of a parameter",
    "Parameters:",
    "  ATypo:\n    Type: Strng",
    /Strng of ATypo; did you mean String\?/,
  ],
  [
    "a misspelt member of a parameter",
    "Parameters:",
    "  B:\n    Type: String\n    Defualt: x",
    /'Defualt' of parameter B/,
  ],
  [
    "a default that breaks its rule",
    "Parameters:",
    "  C: { Type: Number, Default: 0, MinValue: 1 }",
    /default of parameter C/,
  ],
  [
    "a pattern that needs backtracking",
    "Parameters:",
    "  D: { Type: String, Default: a, AllowedPattern: '(?!b)a' }",
    /lookahead/,
  ],
  ["a null", "Outputs:", "  E:\n    Value:", /\/Outputs\/E\/Value\] 'null' values/],
  ["a key that stands twice", "Outputs:", "  F: { Value: a, Value: b }", /Map keys must be unique/],
  ["a function that there is not", "Outputs:", "  G: { Value: !Foo a }", /!Foo is not a function/],
  ["a function of no stack", "Outputs:", "  H: { Value: !ImportValue a }", /Fn::ImportValue is not modelled/],
  ["an argument of another shape", "Outputs:", '  I: { Value: { "Fn::Join": x } }', /every Fn::Join object requires/],
  ["a reference to nothing", "Outputs:", "  J: { Value: !Ref Nothing }", /\[Nothing\] in the Outputs block/],
  [
    "an attribute that there is not",
    "Outputs:",
    "  K: { Value: !GetAtt Queue.Colour }",
    /attribute Colour of AWS::SQS::Queue/,
  ],
  ["a resource without a type", "Resources:", "  L: {}", /Resources\/L\] Every Resources object must contain a Type/],
  ["an unknown resource type", "Resources:", "  M: { Type: AWS::SQS::Quue }", /AWS::SQS::Quue \(M\)/],
  [
    "an unknown property",
    "Resources:",
    "  N: { Type: AWS::SQS::Queue, Properties: { Colour: red } }",
    /property Colour/,
  ],
  [
    "a value out of bounds",
    "Resources:",
    "  O: { Type: AWS::SQS::Queue, Properties: { DelaySeconds: 901 } }",
    /DelaySeconds/,
  ],
  [
    "a value of another kind",
    "Resources:",
    "  P: { Type: AWS::SQS::Queue, Properties: { DelaySeconds: soon } }",
    /integer/,
  ],
  [
    "a condition that there is not",
    "Resources:",
    "  Q: { Type: AWS::SQS::Queue, Condition: Never }",
    /Condition Never is not defined/,
  ],
  ["a misspelt word about the scenario", "  ThrottleBench:", "    Pors: [small]", /Pors/],
  ["a name that is none", "Resources:", "  my-queue: { Type: AWS::SQS::Queue }", /my-queue is non alphanumeric/],
];

function withLines(text: string, chosen: typeof kinds): string {
  return chosen.reduce(
    (so, [, after, added]) =>
      after === "" ? `${so}\n${added}\n` : so.replace(`\n${after}\n`, `\n${after}\n${added}\n`),
    text,
  );
}

function errorOf(text: string): BenchError | null {
  try {
    const scenario = readScenario("mine", "mine.yaml", text);
    requireFaultless(scenario, settingsOf(scenario, []), true);
    return null;
  } catch (thrown) {
    const error = withEveryFault(thrown, [], true);
    if (error instanceof BenchError) return error;
    throw error;
  }
}

describe("a template with planted faults", () => {
  it("has none without them", () => {
    expect(errorOf(whole)).toBeNull();
  });

  it.each(kinds)("%s is told alone, with its line", (...kind) => {
    const text = withLines(whole, [kind]);
    const error = errorOf(text)!;
    expect(error).toMatchObject({ code: "bad-template", exitStatus: 2 });
    expect(error.faults.map(({ message }) => message)).toEqual([expect.stringMatching(kind[3])]);
    const first = text.split("\n").indexOf(kind[2].split("\n")[0]!) + 1;
    const { line } = error.faults[0]!.place;
    expect(line).toBeGreaterThanOrEqual(first);
    expect(line).toBeLessThan(first + kind[2].split("\n").length);
  });

  it("of n kinds has n faults, whichever they are", () => {
    fc.assert(
      fc.property(fc.subarray([...kinds], { minLength: 1 }), (chosen) => {
        const messages = errorOf(withLines(whole, chosen))!.faults.map(({ message }) => message);
        for (const [kind, , , told] of chosen)
          expect({ kind, messages }).toEqual({ kind, messages: expect.arrayContaining([expect.stringMatching(told)]) });
        expect(messages).toHaveLength(chosen.length);
      }),
      { numRuns: 40 },
    );
  });

  it("prints thirty of them, counts the rest, and tells the same fault once", () => {
    const many = Array.from({ length: 40 }, (_, index) => `  X${index}: { Value: !Ref Nothing${index} }`).join("\n");
    const error = errorOf(whole.replace("\nOutputs:\n", `\nOutputs:\n${many}\n`))!;
    expect(error.faults).toHaveLength(40);
    expect(error.message).toMatch(/^mine has 40 faults:(\n {2}mine\.yaml, line \d+: .*\.){30}\n {2}and 10 more, which/);
  });
});
