/** A scenario while it is put together: parts, settings, and what its resources have besides; printed as a person would write it. */
import type { Place } from "../../template/template.ts";

interface Setting {
  value: string;
  /** one line, without the mark; null: none */
  comment: string | null;
  /** other keys of the parameter, such as `MinValue: 0` */
  others: readonly string[];
}

interface Addition {
  /** of the scenario's resource, then the keys below its Properties */
  path: readonly [logicalId: string, ...keys: string[]];
  /** as YAML, on one line */
  value: string;
  comment: string | null;
}

export interface Heading {
  /** a comment on the first line */
  origin: string;
  title: string;
  summary: string;
  topology: readonly string[];
  /** settings that the scenario itself calls assumed */
  assumed: readonly string[];
}

export class Draft {
  readonly parts: string[] = ["consumer"];
  readonly conditions = new Map<string, string>();
  readonly #settings = new Map<string, Setting>();
  readonly #additions: Addition[] = [];

  use(...names: string[]): void {
    for (const name of names) if (!this.parts.includes(name)) this.parts.push(name);
  }

  set(name: string, value: string, comment: string | null, others: readonly string[] = []): void {
    this.#settings.set(name, { value, comment, others });
  }

  /** null: the scenario does not have it, or leaves it to its parts */
  settingOf(name: string): string | null {
    return this.#settings.get(name)?.value ?? null;
  }

  /** `path`: the scenario's logical ID and the keys below its Properties; `value` is one line of YAML. */
  add(path: Addition["path"], value: string, comment: string | null = null): void {
    this.#additions.push({ path, value, comment });
  }

  text({ origin, title, summary, topology, assumed }: Heading): string {
    const lines = [
      `# ${origin}`,
      'AWSTemplateFormatVersion: "2010-09-09"',
      `Description: ${quoted(`throttle-bench: ${title}`)}`,
      "",
      "Metadata:",
      "  ThrottleBench:",
      `    Title: ${quoted(title)}`,
      `    Parts: [${this.parts.join(", ")}]`,
      "    Summary: >-",
      ...wrapped(summary, 112).map((line) => `      ${line}`),
      `    Topology: [${topology.join(", ")}]`,
      ...(assumed.length === 0 ? [] : [`    Assumed: [${assumed.join(", ")}]`]),
      "",
      "Parameters:",
      ...[...this.#settings].flatMap(([name, { value, comment, others }]) => [
        `  ${name}:`,
        ...withComment(`    Default: ${quotedValue(value)}`, comment),
        ...others.map((line) => `    ${line}`),
      ]),
    ];
    if (this.conditions.size > 0) {
      lines.push("", "Conditions:", ...[...this.conditions].map(([name, value]) => `  ${name}: ${value}`));
    }
    if (this.#additions.length > 0) lines.push("", "Resources:", ...this.#resourceLines());
    return `${lines.join("\n")}\n`;
  }

  #resourceLines(): string[] {
    const ids = [...new Set(this.#additions.map(({ path: [id] }) => id))];
    return ids.flatMap((id) => {
      const additions = this.#additions.filter(({ path }) => path[0] === id);
      return [`  ${id}:`, "    Properties:", ...nested(additions, 1, "      ")];
    });
  }
}

/** Maps of maps, in the order in which they were added. */
function nested(additions: readonly Addition[], depth: number, indent: string): string[] {
  const keys = [...new Set(additions.map(({ path }) => path[depth]!))];
  return keys.flatMap((key) => {
    const below = additions.filter(({ path }) => path[depth] === key);
    const leaf = below.find(({ path }) => path.length === depth + 1);
    if (leaf !== undefined) return withComment(`${indent}${key}: ${leaf.value}`, leaf.comment);
    return [`${indent}${key}:`, ...nested(below, depth + 1, `${indent}  `)];
  });
}

/** A comment that makes the line too long stands above it. */
function withComment(line: string, comment: string | null): string[] {
  if (comment === null) return [line];
  if (line.length + comment.length + 3 <= 120) return [`${line} # ${comment}`];
  return [`${/^ */.exec(line)![0]}# ${comment}`, line];
}

function quoted(text: string): string {
  return JSON.stringify(text);
}

/** A setting's value is text: what YAML would read as anything else than that or a number is quoted. */
function quotedValue(value: string): string {
  return /^(0|-?[1-9][0-9]*)$/.test(value) ? value : quoted(value);
}

export function wrapped(text: string, width: number): string[] {
  const lines = [""];
  for (const word of text.split(/\s+/)) {
    const line = lines.at(-1)!;
    if (line === "") lines[lines.length - 1] = word;
    else if (line.length + 1 + word.length <= width) lines[lines.length - 1] = `${line} ${word}`;
    else lines.push(word);
  }
  return lines;
}

/** `template.yaml, line 12`. */
export function placeInWords({ file, line }: Place): string {
  return `${file === null ? "" : `${file}, `}line ${line}`;
}
