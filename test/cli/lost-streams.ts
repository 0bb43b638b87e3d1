/** The real binary with streams that take nothing. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { openSync } from "node:fs";
import { binary } from "./throttle-bench.ts";

/** A device on which there is never room. */
export const full = "/dev/full";

export interface Streams {
  stdout?: "full" | "closed";
  stderr?: "full" | "closed";
}

/** Runs the binary with streams that take nothing; what the others get is given. */
export async function withLost(directory: string, { stdout, stderr }: Streams, ...args: string[]) {
  const stream = (lost: "full" | "closed" | undefined) => (lost === "full" ? openSync(full, "w") : "pipe");
  const child = spawn(process.execPath, [binary, ...args], {
    cwd: directory,
    stdio: ["ignore", stream(stdout), stream(stderr)],
  });
  const said = { stdout: "", stderr: "" };
  for (const [name, lost] of [
    ["stdout", stdout],
    ["stderr", stderr],
  ] as const) {
    if (lost === "closed") child[name]!.destroy();
    else
      child[name]?.setEncoding("utf8").on("data", (text) => {
        said[name] += text;
      });
  }
  const [status] = await once(child, "close");
  return { status, ...said };
}
