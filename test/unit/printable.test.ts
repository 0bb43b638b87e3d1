/** Foreign text neither leaves its line nor drives a terminal, wherever it is quoted. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { BenchError } from "../../src/errors.ts";
import { onOneLine, printable, printableInColour } from "../../src/printable.ts";
import { field } from "../../src/reports/media/csv.ts";
import { findScenario } from "../../src/scenarios/catalogue.ts";

const hostile = fc.string({
  unit: fc.oneof(
    fc.constantFrom(
      "\n",
      "\r",
      "\0",
      "\u{1b}[2J",
      "\u{1b}]0;x\u{7}",
      "\u{9b}31m",
      "\u{202e}",
      "\u{2066}",
      "\u{2028}",
      "\ud800",
      "a",
    ),
    fc.string({ unit: "binary", maxLength: 1 }),
  ),
});
const moves = /[\p{Cc}\p{Zl}\p{Zp}\p{Cs}\u{202a}-\u{202e}\u{2066}-\u{2069}]/u;

it("leaves nothing that moves a cursor, and each character that prints", () => {
  fc.assert(
    fc.property(hostile, (text) => {
      expect(onOneLine(text)).not.toMatch(moves);
      expect(printable(text).replace(/[\n\t]/g, "")).not.toMatch(moves);
      expect(printableInColour(`\u{1b}[31m${printable(text)}\u{1b}[39m`)).toBe(
        `\u{1b}[31m${printable(text)}\u{1b}[39m`,
      );
    }),
  );
  expect(onOneLine("Grüße 👋 a\nb\u{1b}[2J\u{202e}\ud800")).toBe("Grüße 👋 a\\nb\\u001b[2J\\u202e\\ud800");
});

it("keeps JSON what it was", () => {
  fc.assert(
    fc.property(hostile, (text) => {
      expect(JSON.parse(printableInColour(JSON.stringify({ text }, null, 2)))).toEqual({ text });
    }),
  );
});

describe("an error", () => {
  it("stays one line, whatever it quotes", () => {
    fc.assert(
      fc.property(hostile, (text) => {
        expect(new BenchError("bad-usage", text).message).not.toMatch(moves);
      }),
    );
  });

  it("names a path with a line break in it on one line", () => {
    expect(() => findScenario("./no\nerror: all is lost\u{1b}[2J.yaml")).toThrow(
      "The template ./no\\nerror: all is lost\\u001b[2J.yaml cannot be read (there is no such file); check the path.",
    );
  });
});

it("writes no field of CSV that a spreadsheet would compute, and numbers as they are", () => {
  expect(["=1+1", "+cmd|' /C calc'!A0", "-2+3", "@SUM(A1)", "\t=1"].map(field)).toEqual([
    "'=1+1",
    "'+cmd|' /C calc'!A0",
    "'-2+3",
    "'@SUM(A1)",
    "'\t=1",
  ]);
  expect(["-1", "1.5", "-2e-7", "scenario-4", 'a "b", c'].map(field)).toEqual([
    "-1",
    "1.5",
    "-2e-7",
    "scenario-4",
    '"a ""b"", c"',
  ]);
});
