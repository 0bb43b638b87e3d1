/** Plain text: its sentences, and its lines within a terminal's width. */
import { stripVTControlCharacters } from "node:util";
import { onOneLine } from "../printable.ts";

/** Columns that the widest line takes, colours not counted. */
export function widthOf(text: string): number {
  let widest = 0;
  for (const line of stripVTControlCharacters(text).split("\n")) widest = Math.max(widest, [...line].length);
  return widest;
}

/** `text` as the beginning of a sentence. */
export function capitalised(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** `a, b and c`. `texts`: at least one. */
export function listed(texts: readonly string[]): string {
  return texts.length === 1 ? texts[0]! : `${texts.slice(0, -1).join(", ")} and ${texts.at(-1)}`;
}

/** Foreign text on one line: line breaks and control characters, which could move the cursor, become a space. */
export function oneLine(text: string): string {
  return onOneLine(text.replace(/[\s\p{Cc}]+/gu, " ")).trim();
}

/** Lines of at most `columns`, broken between words, or within a word that is longer. All but the first begin with `indent`. */
export function wrap(text: string, columns: number, indent = ""): string[] {
  const lines: string[] = [];
  let line = "";
  let isEmpty = true;
  const breakLine = () => {
    lines.push(line);
    line = indent;
    isEmpty = true;
  };
  for (const word of oneLine(text).split(" ")) {
    if (!isEmpty && widthOf(line) + 1 + widthOf(word) > columns) breakLine();
    let rest = [...word];
    if (!isEmpty) line += " ";
    while (widthOf(line) + rest.length > columns) {
      const room = columns - widthOf(line);
      line += rest.slice(0, room).join("");
      rest = rest.slice(room);
      breakLine();
    }
    line += rest.join("");
    isEmpty = false;
  }
  return [...lines, line];
}

/** `text` in at most `columns`, its end replaced by "…" where it is longer. */
export function shortened(text: string, columns: number): string {
  const characters = [...oneLine(text)];
  return characters.length <= columns ? characters.join("") : `${characters.slice(0, columns - 1).join("")}…`;
}

/** The parts with " · " between them, on as many lines as they need. Only a part that is too long for a line is broken. */
export function joined(parts: readonly string[], columns: number, indent = "  "): string[] {
  const lines: string[] = [];
  for (const part of parts.map(oneLine).filter(Boolean)) {
    const longer = `${lines.at(-1)} · ${part}`;
    if (lines.length > 0 && widthOf(longer) <= columns) lines[lines.length - 1] = longer;
    else for (const text of wrap(part, columns - indent.length)) lines.push(lines.length === 0 ? text : indent + text);
  }
  return lines;
}

/** A shell's command on lines of at most `columns`, broken before its flags. */
export function commandLines(command: string, columns: number): string[] {
  const lines: string[] = [];
  for (const part of command.split(/ (?=--)/)) {
    const longer = `${lines.at(-1)} ${part}`;
    // A line that goes on ends with a space and a backslash.
    if (lines.length > 0 && longer.length <= columns - 2) lines[lines.length - 1] = longer;
    else lines.push(lines.length === 0 ? part : `  ${part}`);
  }
  return lines.map((line, index) => (index < lines.length - 1 ? `${line} \\` : line));
}
