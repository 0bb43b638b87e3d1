/** The flags of the formats that a verb has: one prints, the others write files. */
import type { BenchError } from "../../errors.ts";
import type { FileFormat, Format, TextFormat } from "../../reports/format.ts";
import type { Flag } from "./flag.ts";
import { badUsage, quoted, type Read, text } from "./values.ts";

/** The formats that the flags ask for. */
export interface Chosen<Subject> {
  text: { format: TextFormat<Subject>; choice: string } | null;
  files: { format: FileFormat<Subject>; path: string }[];
}

export function formatFlags<Subject>(formats: readonly Format<Subject>[]): Record<string, Flag> {
  return Object.fromEntries(
    formats.map((format) => {
      const { name, help } = format;
      if ("value" in format) return [name, { takes: `<${format.value}>`, read: text, help }];
      if (format.choices === undefined) return [name, { help }];
      const { name: value, values: words } = format.choices;
      const read: Read<string> = Object.assign((typed: string) => typed, { words });
      return [name, { takes: `<${value}>`, read, help }];
    }),
  );
}

/** Throws `bad-usage` where two formats would be printed, or a flag has a value that it does not take. */
export function chosenFormats<Subject>(formats: readonly Format<Subject>[], flags: object): Chosen<Subject> {
  const given = new Map<string, string | true>(Object.entries(flags));
  const chosen = formats.filter(({ name }) => given.has(name));
  const printed = chosen.filter((format) => "text" in format);
  if (printed.length > 1) throw formatsClash(printed.map(({ name }) => name));
  return {
    text: printed.map((format) => ({ format, choice: choiceOf(format, given.get(format.name)!) }))[0] ?? null,
    files: chosen
      .filter((format) => "files" in format)
      .map((format) => ({ format, path: given.get(format.name) as string })),
  };
}

export function formatsClash(names: readonly string[]): BenchError {
  const flags = names.map((name) => `--${name}`).join(" and ");
  return badUsage(`${flags} each choose the format of the output; give one of them.`);
}

function choiceOf<Subject>({ name, choices }: TextFormat<Subject>, value: string | true): string {
  if (choices === undefined || value === true) return "";
  if (choices.values.includes(value)) return value;
  throw badUsage(`--${name} ${quoted(value)} is none of ${choices.values.join(", ")}; give one of them.`);
}
