/** A user's regular expressions: CloudFormation's meaning, in a time that grows with the value alone. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { isLike, PatternError, wholePattern } from "../../../src/template/pattern.ts";

describe("a pattern has to match the whole value", () => {
  it.each([
    ["a|bc+", "bcc", true],
    ["a|bc+", "abc", false],
    ["^(0|[1-9][0-9]*/[sm])$", "30/m", true],
    ["[\\w.-]+", "a.b-c", true],
    ["\\d{3}", "12", false],
    ["[\\p{Alpha}_]+", "a_Z", true],
    ["\\p{Digit}+", "12", true],
    ["\\P{Digit}+", "12", false],
    ["\\u0041+", "AA", true],
    ["\\Qa.b\\E", "a.b", true],
    ["\\Qa.b\\E", "axb", false],
    ["[]a]+", "]a", true],
    ["(?i)abc", "ABC", true],
    ["[a\\]]*", "a]", true],
  ])("%s of %s", (pattern, value, isMatch) => {
    expect(wholePattern(pattern).matches(value)).toBe(isMatch);
  });

  it("as JavaScript reads it, for the expressions that both write alike", () => {
    const atom = fc.constantFrom("a", "b", "[ab]", "[^a]", ".", "\\d", "(a|b)", "(?:ab)");
    const term = fc
      .tuple(atom, fc.constantFrom("", "?", "*", "+", "{2}", "{0,2}"))
      .map(([text, quantifier]) => text + quantifier);
    const pattern = fc.array(term, { minLength: 1, maxLength: 4 }).map((terms) => terms.join(""));
    const value = fc.string({ unit: fc.constantFrom("a", "b", "1"), maxLength: 6 });
    fc.assert(
      fc.property(pattern, value, (text, typed) => {
        expect(wholePattern(text).matches(typed)).toBe(new RegExp(`^(?:${text})$`).test(typed));
      }),
    );
  });
});

describe("no pattern takes long", () => {
  it.each([
    "(a{0,9}a{0,9}a{0,9}a{0,9}a{0,9})",
    "(a|a)".repeat(40),
    "a{0,99}".repeat(9),
    "(a+)+",
    "(a*)*b",
    "(a|aa)+",
    "(.*)*x",
    "a?".repeat(40) + "a".repeat(40),
  ])("%s", (pattern) => {
    // A backtracking engine would need longer than the tests may take.
    expect(wholePattern(pattern).matches(`${"a".repeat(60)}!`)).toBe(false);
  });
});

describe("what needs backtracking is refused by name", () => {
  it.each([
    ["(?!x)a", /a lookahead/],
    ["a(?=b)b", /a lookahead/],
    ["(?<=a)b", /a lookbehind/],
    ["(a)\\1", /a back reference/],
    ["(?>a)b", /an atomic group/],
    ["a++", /a possessive quantifier/],
    ["[a-z&&[^b]]", /a class in a class/],
    ["a{1,2000}", /repeats more than 1,000 times/],
    ["(", /is no regular expression/],
    ["[b-a]", /is no regular expression/],
  ] as [string, RegExp][])("%s", (pattern, message) => {
    expect(() => wholePattern(pattern)).toThrow(message);
    expect(() => wholePattern(pattern)).toThrow(PatternError);
  });

  it("whatever the expression is, nothing else is thrown", () => {
    const piece = fc.constantFrom(..."\\ [ ] ( ) { } * + ? | ^ $ . - , & < = ! > : a 1 p u Q E k".split(" "));
    const pattern = fc.oneof(
      fc.string({ maxLength: 12 }),
      fc.array(piece, { maxLength: 12 }).map((all) => all.join("")),
    );
    fc.assert(
      fc.property(pattern, fc.string(), (text, value) => {
        try {
          wholePattern(text).matches(value);
        } catch (error) {
          expect(error).toBeInstanceOf(PatternError);
        }
      }),
      { numRuns: 1_000 },
    );
  });
});

describe("a text with wildcards", () => {
  it.each([
    ["arn:aws:sqs:*:*:a-?", "arn:aws:sqs:eu-west-1:1:a-b", true],
    ["*", "", true],
    ["a*b*c", "aXbYc", true],
    ["a*b*c", "aXbY", false],
    ["?", "", false],
  ])("%s of %s", (pattern, value, isMatch) => {
    expect(isLike(pattern, value)).toBe(isMatch);
  });

  it("matches as the regular expression that it stands for, and many stars take no longer", () => {
    const text = fc.string({ unit: fc.constantFrom("a", "b", "*", "?"), maxLength: 8 });
    const value = fc.string({ unit: fc.constantFrom("a", "b"), maxLength: 8 });
    fc.assert(
      fc.property(text, value, (pattern, typed) => {
        const expression = new RegExp(`^${pattern.replaceAll("*", ".*").replaceAll("?", ".")}$`);
        expect(isLike(pattern, typed)).toBe(expression.test(typed));
      }),
    );
    expect(isLike(`${"*a".repeat(200)}*b`, "a".repeat(5_000))).toBe(false);
  });
});
