/** Regular expressions of a user's template, matched without backtracking: the time grows with the value's length, whatever the expression is. */
import { createRequire } from "node:module";
import type { RE2JS } from "re2js";

/** An expression that is none, or that has no match in linear time. Its message continues a sentence that begins with what the expression is of. */
export class PatternError extends Error {
  override readonly name = "PatternError";
}

/** An expression that has to match the whole of a value, as CloudFormation's do. */
export interface WholePattern {
  matches(value: string): boolean;
}

/** The compiled patterns by their texts, because a stack's parameters are checked again for every stack. */
const compiled = new Map<string, WholePattern>();
const mostKept = 256;

/** The constructs of Java's regular expressions that need backtracking, or that the engine has not, by the names that their page gives them. */
const beyondLinear: readonly [construct: RegExp, name: string][] = [
  [/^\(\?[=!]/, "a lookahead"],
  [/^\(\?<[=!]/, "a lookbehind"],
  [/^\(\?>/, "an atomic group"],
  [/^\\(?:[1-9]|k<)/, "a back reference"],
  [/^(?:[*+?]|\{\d+(?:,\d*)?\})\+/, "a possessive quantifier"],
  [/^\\[GZXR]/, "a boundary of Java's"],
];

/** https://docs.oracle.com/javase/8/docs/api/java/util/regex/Pattern.html, its POSIX classes, as both engines write them in brackets. */
const posixClasses = "Lower Upper ASCII Alpha Digit Alnum Punct Graph Print Blank Cntrl XDigit Space".split(" ");

/**
 * CloudFormation's patterns are Java's (https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cloudformation-limits.html names no
 * engine; its errors quote `java.util.regex`), and almost all of them mean the same here.
 * @throws PatternError
 */
export function wholePattern(pattern: string): WholePattern {
  const known = compiled.get(pattern);
  if (known !== undefined) return known;
  const made = compile(pattern);
  if (compiled.size >= mostKept) compiled.clear();
  compiled.set(pattern, made);
  return made;
}

/**
 * An expression of characters, plain classes and groups in which no repetition is without an end, and none is of a group. Both engines
 * read it alike, and JavaScript's has no more ways through it than `waysThrough`.
 */
const plain =
  /^(?:(?:[\w/:@ -]|\\[./+-]|\\d|\[\^?[\w./+ -]+\])(?:\?|\{\d{1,2}(?:,\d{1,2})?\})?|\((?!\?)|\)\??|[|^$])*$/;
const mostWaysThrough = 10_000;
/** JavaScript's engine refuses much longer ones, and not before they are matched. */
const longestPlain = 1_000;

function waysThrough(pattern: string): number {
  const choices = [...pattern.matchAll(/[|?]|\{(\d+),(\d+)\}/g)].map(([, least, most]) =>
    most === undefined ? 2 : Number(most) - Number(least) + 1,
  );
  return choices.reduce((product, each) => product * each, 1);
}

/** Most parameters have a plain pattern, and the engine takes longer to load than a template to read. */
function compile(pattern: string): WholePattern {
  if (pattern.length <= longestPlain && plain.test(pattern) && waysThrough(pattern) <= mostWaysThrough) {
    try {
      const whole = new RegExp(`^(?:${pattern})$`);
      return { matches: (value) => whole.test(value) };
    } catch {
      // The engine says what is wrong with it.
    }
  }
  const engine = createRequire(import.meta.url)("re2js") as { RE2JS: typeof RE2JS };
  return linear(engine.RE2JS, pattern);
}

function linear(engine: typeof RE2JS, pattern: string): WholePattern {
  const expression = translated(pattern);
  try {
    const whole = engine.compile(expression);
    return { matches: (value) => whole.matches(value) };
  } catch (failure) {
    const message = (failure as Error).message;
    if (/invalid repeat count/.test(message)) {
      throw new PatternError(
        "repeats more than 1,000 times, which is not matched here; leave the length to MinLength and MaxLength",
      );
    }
    throw new PatternError(`is no regular expression: ${message.replace(/^error parsing regexp: /, "")}`);
  }
}

/** Java's spelling in the engine's. @throws PatternError for what the engine has not, by its name */
function translated(pattern: string): string {
  let text = "";
  let isInClass = false;
  for (let at = 0; at < pattern.length; ) {
    const rest = pattern.slice(at);
    const quoted = /^\\Q[\s\S]*?(?:\\E|$)/.exec(rest)?.[0];
    const beyond = quoted === undefined && !isInClass && beyondLinear.find(([construct]) => construct.test(rest));
    if (beyond) {
      throw new PatternError(
        `has ${beyond[1]}, which takes backtracking and is not matched here; write it without, or leave the pattern out`,
      );
    }
    if (isInClass && (rest.startsWith("&&") || rest.startsWith("["))) {
      throw new PatternError(
        "has a class in a class, which is not matched here; write the characters of one class, with \\[ for a bracket",
      );
    }
    const posix = /^\\([pP])\{(\w+)\}/.exec(rest);
    const code = /^\\u([0-9A-Fa-f]{4})/.exec(rest);
    const [taken, written] =
      quoted !== undefined
        ? [quoted, quoted]
        : posix && posixClasses.includes(posix[2]!)
          ? [posix[0], classOf(posix[2]!, posix[1] === "P", isInClass)]
          : code
            ? [code[0], `\\x{${code[1]}}`]
            : rest.startsWith("\\h")
              ? ["\\h", isInClass ? " \\t" : "[ \\t]"]
              : rest.startsWith("\\e")
                ? ["\\e", "\\x1b"]
                : rest.startsWith("\\")
                  ? [rest.slice(0, 2), rest.slice(0, 2)]
                  : [rest[0]!, rest[0]!];
    if (taken === "[") {
      isInClass = true;
      // A bracket that comes first is a character of the class.
      const opening = /^\[\^?\]?/.exec(rest)![0];
      text += opening.replace(/\]$/, "\\]");
      at += opening.length;
      continue;
    }
    if (taken === "]") isInClass = false;
    text += written;
    at += taken.length;
  }
  return text;
}

function classOf(name: string, isNegated: boolean, isInClass: boolean): string {
  const inner = `[:${isNegated ? "^" : ""}${name.toLowerCase()}:]`;
  return isInClass ? inner : `[${inner}]`;
}

/** True when a text with `*` for any characters and `?` for any one, as AWS's policies have it, is the whole value. It takes a pass over the value for each `*`. */
export function isLike(pattern: string, value: string): boolean {
  let [inPattern, inValue] = [0, 0];
  let [star, starred] = [-1, 0];
  while (inValue < value.length) {
    const character = pattern[inPattern];
    if (character === "*") {
      [star, starred] = [inPattern, inValue];
      inPattern++;
    } else if (character === "?" || character === value[inValue]) {
      inPattern++;
      inValue++;
    } else if (star >= 0) {
      // The last star takes one character more; what came before it never has to be tried again.
      inPattern = star + 1;
      inValue = ++starred;
    } else return false;
  }
  while (pattern[inPattern] === "*") inPattern++;
  return inPattern === pattern.length;
}
