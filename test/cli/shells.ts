/** The program under its name, as a shell finds it, and lines to complete. */
import { spawnSync } from "node:child_process";
import { chmodSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { aWorkplace, binary, type Workplace } from "./throttle-bench.ts";

/** A directory with the program under its name, as a shell finds it. */
export function withProgram(): Workplace & { environment: NodeJS.ProcessEnv } {
  const workplace = aWorkplace();
  const program = join(workplace.directory, "throttle-bench");
  writeFileSync(program, `#!/bin/sh\nexec "${process.execPath}" "${binary}" "$@"\n`);
  chmodSync(program, 0o755);
  return { ...workplace, environment: { ...process.env, PATH: `${workplace.directory}:${process.env.PATH}` } };
}

export const has = (shell: string) => spawnSync(shell, ["--version"]).error === undefined;

/** Typed lines, and the words that complete each. */
export const lines = {
  "throttle-bench compl": ["completion"],
  "throttle-bench run sqs-fi": ["sqs-fifo"],
  "throttle-bench run scenario-4 --target ": ["aws", "local"],
  "throttle-bench run scenario-4 --set WhenRefused=th": ["throw"],
  "throttle-bench run scenario-4 --target=l": ["local"],
  "throttle-bench run $(touch pwned) --even": ["--events"],
};
