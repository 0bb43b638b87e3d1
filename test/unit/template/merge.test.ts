/** Putting a template together from parts: what is merged, what is refused, and that comments and places are kept. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { mergeSources } from "../../../src/template/merge.ts";
import { dataOf, parseSource, printSource } from "../../../src/template/nodes.ts";
import { placeOf, TemplateError } from "../../../src/template/template.ts";

/** The own file, and parts that are named by letters. */
function merged(own: string, ...parts: string[]) {
  const sources = parts.map((text, index) => parseSource(text, `${"abc"[index]}.yaml`));
  const source = mergeSources(parseSource(own, "own.yaml"), sources);
  return { ...dataOf(source, "own.yaml"), text: printSource(source) };
}

function refusalOf(...texts: [own: string, ...parts: string[]]): TemplateError {
  try {
    merged(...texts);
  } catch (error) {
    if (error instanceof TemplateError) return error;
    throw error;
  }
  throw new Error("the parts were merged");
}

describe("merges", () => {
  it("maps by key, however deep", () => {
    const { root } = merged("R: { Q: { A: 1 } }", "R: { Q: { B: { C: 2 } } }", "R: { Q: { B: { D: 3 } }, T: 4 }");
    expect(root).toEqual({ R: { Q: { A: 1, B: { C: 2, D: 3 } }, T: 4 } });
  });

  it("lists one after the other, the own file's last", () => {
    expect(merged("L: [own]", "L: [a, a]", "L: [b]").root).toEqual({ L: ["a", "a", "b", "own"] });
  });

  it.each([
    ["text", "K: own", "K: part", "own"],
    ["a map over text", "K: { A: 1 }", "K: part", { A: 1 }],
    ["text over a list", "K: own", "K: [part]", "own"],
    ["a function over a list", "K: !If [A, b, c]", "K: [part]", { "Fn::If": ["A", "b", "c"] }],
    ["a list over a function", "K: [own]", "K: !If [A, b, c]", ["own"]],
    ["a function over a function", "K: !If [A, b, c]", "K: !If [D, e, f]", { "Fn::If": ["A", "b", "c"] }],
    ["a long function over another", "K: { Fn::Join: [a] }", "K: { Fn::Join: [b] }", { "Fn::Join": ["a"] }],
    ["a reference over a map", "K: { Ref: Own }", "K: { A: 1 }", { Ref: "Own" }],
  ])("the own file over a part: %s", (_, own, part, value) => {
    expect(merged(own, part).root).toEqual({ K: value });
  });

  it("sections into the order in which a template is read", () => {
    const { text } = merged(
      'AWSTemplateFormatVersion: "2010-09-09"\nDescription: d\nMetadata: { A: 1 }\n',
      "Outputs: { A: 1 }\nResources: { A: 1 }\n",
      "Conditions: { A: 1 }\nParameters: { A: 1 }\n",
    );
    expect(text).toBe(`AWSTemplateFormatVersion: "2010-09-09"
Description: d

Metadata: {A: 1}

Parameters: {A: 1}

Conditions: {A: 1}

Resources: {A: 1}

Outputs: {A: 1}
`);
  });

  it("whatever a template was cut into", () => {
    const leaf = fc.oneof(fc.string(), fc.integer(), fc.boolean());
    const name = fc
      .string({ unit: "grapheme-ascii", minLength: 1 })
      .filter((key) => !/^(<<|Ref|Fn::.*|__proto__)$/.test(key));
    const map = fc.dictionary(name, fc.dictionary(name, leaf, { minKeys: 1, maxKeys: 4 }), { minKeys: 1, maxKeys: 4 });
    fc.assert(
      fc.property(map, fc.infiniteStream(fc.nat(2)), (data, draws) => {
        const pieces: Record<string, Record<string, unknown>>[] = [{}, {}, {}];
        for (const [key, inner] of Object.entries(data)) {
          for (const [innerKey, value] of Object.entries(inner)) {
            const piece = pieces[draws.next().value!]!;
            piece[key] = { ...piece[key], [innerKey]: value };
          }
        }
        const [own, ...parts] = pieces.map((piece) => JSON.stringify(piece)) as [string, ...string[]];
        const { root, text } = merged(own, ...parts);
        expect(root).toEqual({ ...data });
        expect(dataOf(parseSource(text, null), null).root).toEqual({ ...data });
      }),
    );
  });
});

describe("refuses", () => {
  it.each([
    ["text that two parts give", "K: 1", "K: 2"],
    ["text that two parts give alike", "K: 1", "K: 1"],
    ["a map in one and a list in the other", "K: { A: 1 }", "K: [1]"],
    ["a function in both", "K: !If [A, b, c]", "K: !If [A, b, c]"],
  ])("%s, naming both places", (_, one, other) => {
    const error = refusalOf("A: 1", `B: 1\nM:\n  ${one}`, `M:\n  ${other}`);
    expect(error.located).toMatch(/^b\.yaml, line 2: M\.K is given by another part as well \(a\.yaml, line 3\); /);
  });

  it("a part that is no map", () => {
    expect(refusalOf("A: 1", "- Resources").located).toMatch(/^a\.yaml, line 1: a part is a map of sections/);
  });
});

it("keeps the file and line of every node", () => {
  const whole = merged("R:\n  Q:\n    A: 1\n", "R:\n  Q:\n    A: 0\n    B:\n      - x\n", "\nR:\n  Q:\n    B: [y]\n");
  expect(placeOf(whole, ["R", "Q"])).toEqual({ file: "a.yaml", line: 2 });
  expect(placeOf(whole, ["R", "Q", "A"])).toEqual({ file: "own.yaml", line: 3 });
  expect(placeOf(whole, ["R", "Q", "B", 0])).toEqual({ file: "a.yaml", line: 5 });
  expect(placeOf(whole, ["R", "Q", "B", 1])).toEqual({ file: "b.yaml", line: 4 });
  expect(placeOf(whole, ["R", "Q", "Absent"])).toEqual({ file: "a.yaml", line: 2 });
});

it("keeps comments and blank lines where they belong, but for the sentences that head the parts' files", () => {
  const { text } = merged(
    "# The whole.\nMetadata:\n  A: 1\n\nResources:\n  # Own.\n  Own:\n    Type: T # why\n",
    "# The first part.\n\nResources:\n  # First.\n  First:\n    L:\n      # An item.\n      - x\n\n  Second:\n    Type: T\n",
    "# The second part.\nResources:\n  # Third.\n  Third:\n    Type: T\n  First:\n    L:\n      # Another item.\n      - y\n",
  );
  expect(text).toBe(`# The whole.
Metadata:
  A: 1

Resources:
  # First.
  First:
    L:
      # An item.
      - x
      # Another item.
      - y

  Second:
    Type: T

  # Third.
  Third:
    Type: T

  # Own.
  Own:
    Type: T # why
`);
});

it("prints numbers and booleans as they were written", () => {
  const written = "[0123, 1.50, 123456789012345678901, yes, 0x1F, '012', 1e3]";
  expect(merged("B: 1", `A: ${written}`).text).toBe(`A: ${written}\n\nB: 1\n`);
});

it("takes an own file in JSON", () => {
  const { root, text } = merged('{ "Metadata": { "A": 1 } }', "Resources:\n  # Why.\n  Q: !Ref T\n");
  expect(root).toEqual({ Metadata: { A: 1 }, Resources: { Q: { Ref: "T" } } });
  expect(dataOf(parseSource(text, null), null).root).toEqual(root);
});
