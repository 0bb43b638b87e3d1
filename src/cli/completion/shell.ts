/** The questions of a shell's script, and how they are answered: a line for each word, with a tab before what it means. */
import type { VerbTable } from "../verb.ts";
import { complete } from "./complete.ts";

/** Stands alone where the shell is to complete the names of files. */
export const filesLine = ":files";
/** A shell shows a line of each. */
const longestAbout = 80;

export async function answerShell(typed: readonly string[], verbs: VerbTable): Promise<void> {
  const words = await complete(typed, verbs);
  const lines = words?.map(({ word, about }) => `${word}\t${shortened(about)}`) ?? [filesLine];
  process.stdout.write(lines.map((line) => `${line}\n`).join(""));
}

function shortened(about: string): string {
  const line = about.replace(/\s+/g, " ").replaceAll("`", "");
  return line.length <= longestAbout ? line : `${line.slice(0, longestAbout - 1)}…`;
}
