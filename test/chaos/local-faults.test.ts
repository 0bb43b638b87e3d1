/** Faults of this machine in the middle of local work: each is told in one sentence about this machine, with what to do, and nothing is left. */
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { expect, it } from "vitest";
import { tell } from "./figures.ts";
import { aTool, type Begun, begin, draftsIn, processesLeftIn, run, type Tool } from "./tool.ts";

interface Fault {
  what: string;
  args: string[];
  /** Until its output has this, it goes on undisturbed; undefined: the fault is there before it begins. */
  until?: string;
  does: (tool: Tool) => void;
  says: RegExp;
}

const homeOf = ({ directory }: Tool) => join(directory, ".throttle-bench");
const killPostgres = (tool: Tool) => {
  const [pid] = readFileSync(join(homeOf(tool), "postgres/data/postmaster.pid"), "utf8").split("\n");
  process.kill(Number(pid), "SIGKILL");
};
const removePostgres = (tool: Tool) => rmSync(join(homeOf(tool), "postgres"), { recursive: true, maxRetries: 5 });
const putFileAt = (name: string) => (tool: Tool) => {
  rmSync(join(homeOf(tool), name), { recursive: true, force: true });
  mkdirSync(homeOf(tool), { recursive: true });
  writeFileSync(join(homeOf(tool), name), "");
};

const long = ["run", "scenario-2", "--events", "300000", "--rate", "max"];
const killed = / was killed while it was used, .*: run again, all rows it had are kept\./;
const faults: Fault[] = [
  { what: "Postgres killed", args: long, until: "Rows go to", does: killPostgres, says: killed },
  {
    what: "Postgres killed in repetitions",
    args: ["run", "scenario-5", "--repeat", "1000"],
    until: "Rows go to",
    does: killPostgres,
    says: killed,
  },
  {
    what: "Postgres killed under serve",
    args: ["serve", "--port", "0"],
    until: "Ctrl-C",
    does: killPostgres,
    says: killed,
  },
  { what: "Postgres killed while open", args: ["database", "url"], until: "Ctrl-C", does: killPostgres, says: killed },
  {
    what: "Postgres removed",
    args: long,
    until: "Rows go to",
    does: removePostgres,
    says: / was removed while it was used: run again, and a new one is made\./,
  },
  {
    what: "Postgres damaged",
    args: long,
    does: (tool) => rmSync(join(homeOf(tool), "postgres/data/global/pg_control")),
    says: /did not start \(.*pg_control.*\), see .*server\.log: move .* away .*, or give --database-url\./,
  },
  {
    what: "a file in place of the directory of the journal",
    args: ["sweep", "scenario-5", "--set", "WorkMs=1,2"],
    does: putFileAt("sweeps"),
    says: /journal .* cannot be used .*; make its directory writable, or remove it/,
  },
  {
    what: "a file in place of the directory of the records",
    args: ["run", "scenario-5", "--events", "20"],
    does: putFileAt("runs"),
    says: /record could not be written .*; make the directory writable/,
  },
];

/** The words of what an account does, of which a local run has nothing. */
const ofAccount = /CloudFormation|stack|upload|\baccount\b/i;

it("a fault of this machine in local work", async () => {
  const problems: string[] = [];
  const left: string[] = [];
  for (const { what, args, until, does, says } of faults) {
    const tool = aTool();
    await run(tool, "run", "scenario-5", "--events", "20");
    if (until === undefined) does(tool);
    const begun = begin(tool, ...args);
    if (until !== undefined) {
      await heard(begun, until);
      // In the middle of what comes then.
      await pause(300);
      does(tool);
    }
    const { status, stdout, stderr } = await begun.ended;
    // A fault that was there before may stand where drafts would be.
    const drafts = until === undefined ? [] : draftsIn(tool);
    const ofIt = [...(await processesLeftIn(tool.directory, 90_000)), ...drafts];
    left.push(...ofIt);
    const isRight =
      status === 3 && says.test(stderr) && !ofAccount.test(stderr) && !/\n {4}at |This is a bug/.test(stdout + stderr);
    if (!isRight || ofIt.length > 0) problems.push(`${what}: status ${status}, ${ofIt.join("; ")}\n${stderr}`);
  }
  expect(problems).toEqual([]);
  const tried = faults.length;
  tell({ what: "faults of this machine in local work", tried, held: tried - problems.length, left: left.length });
});

async function heard({ child, said, ended }: Begun, text: string): Promise<void> {
  while (!(said.stdout + said.stderr).includes(text)) {
    await Promise.race([pause(10), ended]);
    if (child.exitCode !== null) throw new Error(`It ended without ${text}: ${said.stderr}`);
  }
}
