/** Hostile values, and the places of a value or of a text where they are put. */
import { stringify } from "yaml";
import type { Random } from "./random.ts";

export type Json = string | number | boolean | null | Json[] | { [key: string]: Json };

export const hostileNames = [
  "__proto__",
  "constructor",
  "toString",
  "hasOwnProperty",
  "prototype",
  "valueOf",
  "",
  " ",
  "\0",
  "a\nb",
  "\ud800",
  "<<",
  "Fn::If",
  "Ref",
];

const texts = [
  ...hostileNames,
  "${__proto__}",
  "${toString}",
  "${",
  "${!}",
  "\u{1b}[2J\u{1b}]0;x\u{7}",
  "\u{202e}gnp.exe",
  "=HYPERLINK(1)",
  "<script>alert(1)</script>",
  "--flag",
  "../../etc/passwd",
  "(a+)+$",
  "[",
  "*",
  "-0",
  "1e999",
  "0x10",
  "9".repeat(400),
  "a".repeat(5_000),
  "{{resolve:secretsmanager:x}}",
  "!Ref x",
  "arn:aws:sqs:us-east-1:123456789012:q",
  "true",
  "null",
  "NaN",
  "2025-02-30T25:61:00Z",
  "rate(0 days)",
  "cron(* * * * *)",
];

const numbers = [0, -0, 1, -1, 0.1, 2 ** 31, 2 ** 53, -(2 ** 53), 1e21, 1e308, -1e308, 5e-324];

function deep(random: Random): Json {
  let value: Json = 1;
  const levels = random.of([10, 60, 70, 2_000]);
  for (let level = 0; level < levels; level++)
    value = random.isOneIn(2) ? [value] : { [random.of(["a", "Fn::Sub", "Ref", "Fn::If"])]: value };
  return value;
}

/** A value of any type, now and then a deep, a wide or a strange one. */
export function hostile(random: Random): Json {
  switch (random.below(12)) {
    case 0:
      return null;
    case 1:
      return random.isOneIn(2);
    case 2:
    case 3:
      return random.of(numbers);
    case 4:
    case 5:
    case 6:
      return random.of(texts);
    case 7:
      return [];
    case 8:
      return objectOf([[random.of(hostileNames), random.of(texts)]]);
    case 9:
      return {
        [random.of([
          "Ref",
          "Fn::GetAtt",
          "Fn::Sub",
          "Fn::Join",
          "Fn::If",
          "Fn::Select",
          "Fn::FindInMap",
          "Fn::Split",
          "Fn::Cidr",
          "Fn::Length",
          "Fn::Equals",
        ])]: random.isOneIn(2) ? random.of(texts) : [random.of(texts), hostile(random)],
      };
    case 10:
      return Array.from({ length: random.of([1, 3, 300]) }, () => random.of(texts.slice(0, 20)));
    default:
      return random.isOneIn(4) ? deep(random) : {};
  }
}

/** As JSON.parse has it: `__proto__` is a key like any other. */
function objectOf(entries: readonly [string, Json][]): Json {
  return Object.fromEntries(entries) as Json;
}

/** A copy in which one node is another, is gone, has another name, or stands there twice. */
export function mutated(value: Json, random: Random): Json {
  const isLeaf = typeof value !== "object" || value === null || Object.keys(value).length === 0;
  // Deep nodes are many, and shallow ones matter as much.
  if (isLeaf || random.isOneIn(9)) return replaced(value, random);
  if (Array.isArray(value)) {
    const at = random.below(value.length);
    if (random.isOneIn(12)) return [...value, ...value];
    if (random.isOneIn(12)) return value.toSpliced(at, 1);
    return value.with(at, mutated(value[at]!, random));
  }
  const entries = Object.entries(value);
  const at = random.below(entries.length);
  const [key, member] = entries[at]!;
  if (random.isOneIn(12)) return objectOf(entries.toSpliced(at, 1));
  if (random.isOneIn(12))
    return objectOf([...entries, [random.of(hostileNames), random.isOneIn(2) ? member : hostile(random)]]);
  if (random.isOneIn(12)) return objectOf(entries.with(at, [random.of(hostileNames), member]));
  return objectOf(entries.with(at, [key, mutated(member, random)]));
}

function replaced(value: Json, random: Random): Json {
  if (typeof value === "string" && random.isOneIn(3))
    return value.slice(0, random.below(value.length + 1)) + random.of(texts);
  if (typeof value === "number" && random.isOneIn(3))
    return random.of(["", "-"]) + String(value) + random.of(["", "s", ".5", "e9", " "]);
  return hostile(random);
}

const inserts = [
  "\0",
  "\ud800",
  "\t",
  "\n",
  "\r",
  "---\n",
  "...\n",
  "&a ",
  "*a ",
  "&a [*a, *a]\n",
  "<<: *a\n",
  "!Ref ",
  "!!python/object ",
  "!<tag:x> ",
  "? ",
  ": ",
  "{",
  "}",
  "[",
  "]",
  "'",
  '"',
  "|\n",
  ">-\n",
  "#",
  "%YAML 1.1\n",
  "__proto__: {}\n",
  "a: &b [1]\nc: [*b,*b,*b]\n",
  `${"[".repeat(3_000)}`,
  `${"- ".repeat(300)}`,
  "=\u{1b}[31m",
  "\u{202e}",
];

/** As YAML; what is too deep for its printer as JSON, which is YAML as well. */
export function yamlOf(value: Json): string {
  try {
    return stringify(value);
  } catch {
    return JSON.stringify(value);
  }
}

/** A text that is cut, doubled, or has something of YAML's put into it. */
export function mutatedText(text: string, random: Random): string {
  const at = random.below(text.length + 1);
  const to = at + random.below(40);
  switch (random.below(8)) {
    case 0:
      return text.slice(0, at);
    case 1:
      return text.slice(0, at) + text.slice(to);
    case 2:
      return text.slice(0, to) + text.slice(at);
    case 3: {
      const lines = text.split("\n");
      const line = random.below(lines.length);
      // A key twice, or a line that stands too far in or out.
      return lines.toSpliced(line, 0, random.isOneIn(2) ? lines[line]! : ` ${lines[line]}`).join("\n");
    }
    default:
      return text.slice(0, at) + random.of(inserts) + text.slice(random.isOneIn(2) ? at : to);
  }
}

/** An alias that stands for more than anybody can read. */
export function bomb(levels: number): string {
  const lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x]"];
  for (let level = 1; level <= levels; level++) {
    const above = `*a${level - 1}`;
    lines.push(`a${level}: &a${level} [${Array.from({ length: 9 }, () => above).join(", ")}]`);
  }
  return `${lines.join("\n")}\n`;
}
