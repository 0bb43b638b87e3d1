/** The syntax of the framework's variables: `${type(parameter):address, otherwise}`. https://www.serverless.com/framework/docs/guides/variables */

/** A text with the variables in it. */
export type Parts = readonly (string | Variable)[];

export interface Variable {
  /** as it stands, from `${` to `}` */
  written: string;
  /** the first that has a value gives it */
  sources: readonly VariableSource[];
}

export type VariableSource =
  | {
      kind: "lookup";
      /** such as `self`, `opt`, `file` */
      type: string;
      /** what stands in brackets, one after the other */
      parameters: readonly Parts[];
      /** what stands after the colon; null: there is no colon */
      address: Parts | null;
      written: string;
    }
  | { kind: "literal"; value: string | number | boolean | null }
  /** a text in quotes, or a variable in the place of a source */
  | { kind: "text"; parts: Parts };

/** A name, then `:` or `(`; `${AWS::Region}` and `${Queue.Arn}` belong to CloudFormation. */
const opening = /^\$\{\s*[a-z][a-zA-Z0-9]*(?::(?!:)|\()/;

/** A text without variables is one part. Text that only looks like a variable stays text. */
export function partsOf(text: string): Parts {
  const parts: (string | Variable)[] = [];
  let plain = "";
  let at = 0;
  while (at < text.length) {
    const end = text.startsWith("${", at) && opening.test(text.slice(at, at + 200)) ? closingOf(text, at + 2) : -1;
    if (end < 0) {
      plain += text[at];
      at += 1;
      continue;
    }
    if (plain !== "") parts.push(plain);
    plain = "";
    const sources = splitAtCommas(text.slice(at + 2, end)).map(sourceOf);
    parts.push({ written: text.slice(at, end + 1), sources });
    at = end + 1;
  }
  if (plain !== "" || parts.length === 0) parts.push(plain);
  return parts;
}

/** The index of the brace that closes what opened before `start`; -1: none does. */
function closingOf(text: string, start: number): number {
  let depth = 0;
  for (let at = start; at < text.length; at++) {
    if (text.startsWith("${", at)) depth += 1;
    if (text[at] !== "}") continue;
    if (depth === 0) return at;
    depth -= 1;
  }
  return -1;
}

/** Commas in brackets, in quotes and in variables separate nothing. */
function splitAtCommas(text: string): string[] {
  const parts: string[] = [];
  let [depth, start] = [0, 0];
  let quote: string | null = null;
  for (let at = 0; at < text.length; at++) {
    const char = text[at]!;
    if (quote !== null) {
      if (char === quote) quote = null;
    } else if ((char === "'" || char === '"') && depth === 0) quote = char;
    else if (char === "{" || char === "(") depth += 1;
    else if (char === "}" || char === ")") depth -= 1;
    else if (char === "," && depth === 0) {
      parts.push(text.slice(start, at));
      start = at + 1;
    }
  }
  return [...parts, text.slice(start)].map((each) => each.trim());
}

const literals = new Map<string, boolean | null>([
  ["true", true],
  ["false", false],
  ["null", null],
]);

function sourceOf(written: string): VariableSource {
  if (/^(['"]).*\1$/s.test(written)) return { kind: "text", parts: partsOf(written.slice(1, -1)) };
  const literal = literals.get(written);
  if (literal !== undefined) return { kind: "literal", value: literal };
  if (written !== "" && Number.isFinite(Number(written))) return { kind: "literal", value: Number(written) };
  const [, type, opened] = /^([a-z][a-zA-Z0-9]*)([:(])/.exec(written) ?? [];
  if (type === undefined) return { kind: "text", parts: partsOf(written) };
  if (opened === ":") {
    return { kind: "lookup", type, parameters: [], address: partsOf(written.slice(type.length + 1).trim()), written };
  }
  const end = closingBracket(written, type.length + 1);
  const parameters = splitAtCommas(written.slice(type.length + 1, end)).map((each) =>
    partsOf(each.replace(/^(['"])(.*)\1$/s, "$2")),
  );
  const rest = written.slice(end + 1).trim();
  return {
    kind: "lookup",
    type,
    parameters,
    address: rest.startsWith(":") ? partsOf(rest.slice(1).trim()) : null,
    written,
  };
}

function closingBracket(text: string, start: number): number {
  let depth = 0;
  for (let at = start; at < text.length; at++) {
    if (text[at] === "(") depth += 1;
    if (text[at] !== ")") continue;
    if (depth === 0) return at;
    depth -= 1;
  }
  return text.length;
}
