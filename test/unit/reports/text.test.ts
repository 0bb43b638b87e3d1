/** Text within a width. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { joined, oneLine, shortened, widthOf, wrap } from "../../../src/reports/text.ts";

const text = fc.array(fc.stringMatching(/^[a-z→·]{1,30}$/), { minLength: 1, maxLength: 20 }).map((w) => w.join(" "));
const width = fc.integer({ min: 5, max: 60 });

describe("wrap", () => {
  it("breaks between words and indents what follows", () => {
    expect(wrap("a run of three events", 12, "  ")).toEqual(["a run of", "  three", "  events"]);
  });

  it("breaks a word that no line has room for", () => {
    expect(wrap("an abcdefghijkl z", 6, "  ")).toEqual(["an", "  abcd", "  efgh", "  ijkl", "  z"]);
  });

  it("keeps every character and never exceeds the width", () => {
    fc.assert(
      fc.property(text, width, (given, columns) => {
        const lines = wrap(given, columns, "  ");
        for (const line of lines) expect(widthOf(line)).toBeLessThanOrEqual(columns);
        expect(lines.join("").replaceAll(" ", "")).toBe(given.replaceAll(" ", ""));
      }),
    );
  });
});

describe("joined", () => {
  it("breaks between the parts, not within one, and leaves out empty ones", () => {
    const parts = ["scenario-4", "", "SNS → SQS", "PREDICTION (seed 1)"];
    expect(joined(parts, 60)).toEqual(["scenario-4 · SNS → SQS · PREDICTION (seed 1)"]);
    expect(joined(parts, 30)).toEqual(["scenario-4 · SNS → SQS", "  PREDICTION (seed 1)"]);
  });

  it("never exceeds the width", () => {
    fc.assert(
      fc.property(fc.array(text, { maxLength: 5 }), width, (parts, columns) => {
        for (const line of joined(parts, columns)) expect(widthOf(line)).toBeLessThanOrEqual(columns);
      }),
    );
  });
});

it("puts foreign text on one line and takes its control characters away", () => {
  expect(oneLine("a\n  title \u001b[2Jwith\ttabs\u0007")).toBe("a title [2Jwith tabs");
});

it("marks what it shortens", () => {
  expect(shortened("scenario-4", 10)).toBe("scenario-4");
  expect(shortened("scenario-4", 9)).toBe("scenario…");
});
