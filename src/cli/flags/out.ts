/** The flags of the file that a scenario is written to. */
import { existsSync } from "node:fs";
import { badUsage, quoted, text } from "./values.ts";

export function outFlags<const Help extends string>(help: Help) {
  return {
    out: { takes: "<file>", read: text, help },
    force: { help: "with --out, overwrite a file that is there" },
  } as const;
}

/** Throws `bad-usage` for `--force` alone. */
export function requireOut({ out, force }: { out?: string; force?: boolean }): void {
  if (force && out === undefined) throw badUsage("--force goes with --out; add that, or leave it out.");
}

/** Throws `bad-usage` for a name that no verb would take, and for a file that is there. */
export function requireFree(out: string | undefined, mayOverwrite: boolean): void {
  if (out === undefined) return;
  if (!/\.ya?ml$/i.test(out)) {
    throw badUsage(`--out ${quoted(out)} is no name that \`run\` takes; end it in .yaml, such as mine.yaml.`);
  }
  if (!mayOverwrite && existsSync(out)) {
    throw badUsage(`${out} is there already; give another --out, or add --force to overwrite it.`);
  }
}
