/** Output that nobody takes, of every verb: no stack trace, a status that says so, the record kept, and nothing left. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, openSync, readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { expect, it } from "vitest";
import { binary } from "../cli/throttle-bench.ts";
import { tell } from "./figures.ts";
import { tries } from "./pace.ts";
import { aTool, draftsIn, processesLeftIn, run, type Tool } from "./tool.ts";

/** Every verb that works without an account. One that goes on until Ctrl-C gets it as soon as it says this. */
const verbs: { args: string[]; until?: string; statuses?: number[] }[] = [
  { args: ["run", "scenario-5", "--events", "20", "--run-id", "new"] },
  { args: ["run", "scenario-5", "--events", "20", "--repeat", "3", "--json", "--run-id", "new"] },
  { args: ["nightly", "scenario-5", "--events", "20", "--repeat", "2"] },
  { args: ["recommend", "--limit", "1/s", "--spike", "5/s", "--for", "4s", "--effort", "30"], statuses: [0, 1] },
  { args: ["sweep", "scenario-5", "--set", "VisibilityTimeout=60,120", "--events", "20", "--fresh"] },
  { args: ["compare", "kept", "kept"] },
  { args: ["report", "kept"] },
  { args: ["history", "scenario-5"] },
  { args: ["trace", "kept", "1"] },
  { args: ["list"] },
  { args: ["show", "scenario-4", "--template"] },
  { args: ["init"] },
  { args: ["doctor"] },
  { args: ["completion", "bash"] },
  { args: ["--help"] },
  { args: ["serve", "--port", "0"], until: "postgres" },
  { args: ["database", "url"], until: "postgres" },
];

/** A device without room, a reader that is gone, one that goes after the first bytes, and no stream at all. */
const faults = ["full", "gone", "leaves", "closed"] as const;
type Fault = (typeof faults)[number];
const lostStreams = [["stdout"], ["stderr"], ["stdout", "stderr"]] as const;

/** Runs the tool with streams that take nothing; what the others get is given. */
async function withLost(tool: Tool, { args, until }: (typeof verbs)[number], fault: Fault, lost: readonly string[]) {
  const streamOf = (name: string) => (fault === "full" && lost.includes(name) ? openSync("/dev/full", "w") : "pipe");
  const closing = fault === "closed" ? lost.map((name) => (name === "stdout" ? "1>&-" : "2>&-")).join(" ") : "";
  const child = spawn("/bin/sh", ["-c", `exec "$@" ${closing}`, "sh", process.execPath, binary, ...args], {
    cwd: tool.directory,
    env: { ...process.env, ...tool.environment },
    stdio: ["ignore", streamOf("stdout"), streamOf("stderr")],
  });
  let said = "";
  for (const name of ["stdout", "stderr"] as const) {
    const isLost = lost.includes(name);
    if (isLost && fault === "gone") child[name]!.destroy();
    child[name]?.on("data", (bytes: Buffer) => {
      said += bytes;
      if (isLost && fault === "leaves") child[name]!.destroy();
    });
  }
  if (until !== undefined) {
    // It says nothing where nobody hears it.
    while (child.exitCode === null && !(await processesIn(tool)).includes(until)) await pause(50);
    await pause(1_500);
    child.kill("SIGINT");
  }
  const [status] = await once(child, "close");
  return { status, said };
}

async function processesIn(tool: Tool): Promise<string> {
  return (await processesLeftIn(tool.directory, 0)).join("\n");
}

it.skipIf(!existsSync("/dev/full"))("output that nobody takes, of every verb", async () => {
  const tool = aTool();
  await run(tool, "run", "scenario-5", "--events", "20", "--run-id", "kept");
  const cases = verbs.flatMap((verb) => faults.flatMap((fault) => lostStreams.map((lost) => ({ verb, fault, lost }))));
  // The short form takes each verb, fault and stream a few times.
  const step = tries({ short: 7, long: 1 });
  const tried = cases.filter((_, index) => index % step === 0);
  const problems: string[] = [];
  for (const { verb, fault, lost } of tried) {
    const { status, said } = await withLost(tool, verb, fault, lost);
    const isTold = fault === "full" && lost.some((name) => name === "stdout");
    const expected = isTold ? [3] : (verb.statuses ?? [0]);
    const its: string[] = [];
    if (!expected.includes(status)) its.push(`status ${status}`);
    if (/\n {4}at |This is a bug/.test(said)) its.push("a stack trace");
    if (isTold && lost.length === 1 && !said.includes("could not be written to stdout")) its.push("not told");
    if (verb.args.includes("new") && !readdirSync(join(tool.directory, ".throttle-bench/runs")).includes("new.json"))
      its.push("no record");
    its.push(...(await processesLeftIn(tool.directory)), ...draftsIn(tool));
    if (its.length > 0) problems.push(`${verb.args.join(" ")}, ${lost.join(" and ")} ${fault}: ${its.join("; ")}`);
    rmSync(join(tool.directory, ".throttle-bench/runs/new.json"), { force: true });
  }
  expect(problems).toEqual([]);
  tell({ what: "streams that nobody takes, of every verb", tried: tried.length, held: tried.length - problems.length });
});
