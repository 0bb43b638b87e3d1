/** A command of throttle-bench, as it is typed. */

const program = "throttle-bench";

/** A command as a shell takes it. */
export function commandOf(...words: readonly string[]): string {
  return [program, ...words.map((word) => quotedForShell(word))].join(" ");
}

/** On Windows in the quotes that cmd and PowerShell both take. */
export function quotedForShell(word: string, platform: NodeJS.Platform = process.platform): string {
  if (/^[\w./:=%@,+-]+$/.test(word)) return word;
  return platform === "win32" ? `"${word.replaceAll('"', '\\"')}"` : `'${word.replaceAll("'", "'\\''")}'`;
}
