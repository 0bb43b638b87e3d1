/** The real binary with streams that take nothing. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { openSync, readdirSync } from "node:fs";
import { expect } from "vitest";
import { aWorkplace, binary, onDatabase } from "./throttle-bench.ts";

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

/** A run with such streams ends with this status, shows no stack trace, and keeps its record. */
export async function expectRunGoesOn(streams: Streams, status: number): Promise<void> {
  const { directory } = aWorkplace();
  const args = ["run", "scenario-5", "--events", "20", "--run-id", "lost", ...(await onDatabase())];
  const ended = await withLost(directory, streams, ...args);
  expect(ended.status).toBe(status);
  expect(ended.stdout + ended.stderr).not.toMatch(/ {4}at |This is a bug/);
  if (streams.stdout === undefined) expect(ended.stdout).toContain("Events Completed");
  if (streams.stdout === "full" && streams.stderr === undefined) {
    expect(ended.stderr).toMatch(
      /^error: The result could not be written to stdout \(ENOSPC: no space left on device\); /m,
    );
  }
  expect(readdirSync(`${directory}/.throttle-bench/runs`)).toContain("lost.json");
}

/** A verb whose stdout is full says so, and no more. */
export async function expectSaysSo(...args: string[]): Promise<void> {
  const ended = await withLost(aWorkplace().directory, { stdout: "full" }, ...args);
  expect(ended).toEqual({
    status: 3,
    stdout: "",
    stderr: expect.stringMatching(/^error: The result could not .*\n$/),
  });
}
