/** The commands that come after what was found. */
import type { Placed, Section } from "./document.ts";
import { commandLines } from "./text.ts";

/** A command to type, and what it does. */
export interface NextStep {
  does: string;
  command: string;
}

/** null: nothing comes next */
export function nextSection(next: readonly NextStep[]): Section | null {
  if (next.length === 0) return null;
  return {
    heading: ["Next"],
    blocks: next.flatMap(({ does, command }): Placed[] => [
      { kind: "notes", lines: [does] },
      { kind: "verbatim", name: does, language: "sh", lines: (columns) => commandLines(command, columns) },
    ]),
  };
}
