/** Printing a template that was read: whatever was written, it reads back as the same data. */
import fc from "fast-check";
import { expect, it } from "vitest";
import { dataOf, parseSource, printSource } from "../../../src/template/nodes.ts";
import { TemplateError } from "../../../src/template/template.ts";

/** null: the text is no template. */
function dataIn(text: string) {
  try {
    return dataOf(parseSource(text, null), null).root;
  } catch (error) {
    if (error instanceof TemplateError) return null;
    throw error;
  }
}

function reprinted(text: string): string {
  return printSource(parseSource(text, null));
}

const key = fc.constantFrom("A", "B-b", "'c d'", '"e: f"', "Ref", "Fn::Sub", "y", "1x");
const indented = (text: string) => text.replace(/^/gm, "  ");
const scalar = fc.oneof(
  fc.constantFrom("plain", "two words", "yes", "Off", "n", "012", "0x1F", "1.50", "1e3", ".inf", "2012-10-17", "~x"),
  fc.constantFrom(
    "123456789012345678901",
    "''",
    '"a\\nb"',
    "'it''s'",
    "!Ref Q",
    "!GetAtt Q.Arn",
    '!Sub "${Q}: x"',
    "!!str 1",
  ),
  fc.constantFrom("[]", "{}", "[a, 'b', !Ref C]", "{ a: 1, b: [2] }", "!If [A, b, !Ref AWS::NoValue]"),
  fc.constantFrom(
    "|\n  two\n  lines",
    ">-\n  folded\n  text\n\n  and more",
    "|+\n  kept\n\n",
    ">2\n    indented\n   less",
  ),
  fc.integer().map(String),
  fc.string({ maxLength: 200 }).map((text) => JSON.stringify(text)),
);
const { node } = fc.letrec<{ node: string; map: string; list: string }>((tie) => ({
  node: fc.oneof({ maxDepth: 4 }, scalar, tie("map"), tie("list")),
  map: fc
    .uniqueArray(fc.tuple(key, tie("node"), fc.constantFrom("", "# why\n", "\n")), {
      selector: ([name]) => name,
      minLength: 1,
      maxLength: 4,
    })
    .map((pairs) => `\n${indented(pairs.map(([name, value, before]) => `${before}${name}: ${value}`).join("\n"))}`),
  list: fc
    .array(fc.tuple(tie("node"), fc.constantFrom("", "# why\n")), { minLength: 1, maxLength: 4 })
    .map((items) => `\n${indented(items.map(([value, before]) => `${before}- ${value}`).join("\n"))}`),
}));

it("reads back as it was read", () => {
  let read = 0;
  fc.assert(
    fc.property(node, (value) => {
      const text = `Top: ${value}\n`;
      const data = dataIn(text);
      if (data === null) return;
      read++;
      expect(dataIn(reprinted(text))).toEqual(data);
    }),
    { numRuns: 300 },
  );
  expect(read).toBeGreaterThan(100);
});
