/** Signals at random moments of every verb, from before it is loaded to its end: it ends soon, says no stack trace, and leaves nothing. */
import { once } from "node:events";
import { setTimeout as pause } from "node:timers/promises";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { tell } from "./figures.ts";
import { seed, tries } from "./pace.ts";
import { aTool, type Begun, begin, draftsIn, processesIn, processesLeftIn, run, type Tool } from "./tool.ts";

/** Every verb that works without an account, and whether it ends by itself. */
const verbs: string[][] = [
  ["run", "scenario-5", "--events", "20"],
  ["run", "scenario-2", "--events", "200000", "--rate", "max"],
  ["run", "scenario-5", "--repeat", "200"],
  ["nightly", "scenario-5", "--repeat", "3"],
  ["recommend", "--limit", "1/s", "--spike", "50/s", "--for", "20s", "--out", "mine.yaml", "--html", "answer.html"],
  ["sweep", "scenario-5", "--set", "VisibilityTimeout=60..120"],
  ["serve", "--port", "0"],
  ["database", "url"],
  ["doctor"],
  ["report", "kept", "--html", "kept.html", "--svg", "pictures"],
  ["compare", "kept", "kept"],
  ["history", "scenario-5"],
  ["trace", "kept", "1"],
  ["list"],
  ["init"],
];
const signals = ["SIGINT", "SIGTERM", "SIGHUP"] as const;
/** A long clean-up on a machine with much else to do. */
const endsWithinMs = 30_000;
/** npx passes on what the terminal has sent already. */
const echoMs = 300;

/** With a record that reports can be about, and a database that is made already. */
async function aToolInUse(): Promise<Tool> {
  const tool = aTool();
  await run(tool, "run", "scenario-5", "--events", "20", "--run-id", "kept");
  return tool;
}

/** The problems of a verb that got a signal: none when it ended in time as it should. */
async function endOf({ child, ended, said }: Begun, isKilledByIt: boolean): Promise<string[]> {
  const sentAt = Date.now();
  const late = pause(endsWithinMs, null, { ref: false });
  const end = await Promise.race([ended, late]);
  if (end === null) {
    child.kill("SIGKILL");
    return [`still there after ${Date.now() - sentAt} ms`];
  }
  const problems: string[] = [];
  if (/\n {4}at |This is a bug/.test(said.stdout + said.stderr)) problems.push(`a stack trace: ${said.stderr}`);
  // A signal that comes before a verb has anything to clean up ends it as the system does.
  const isExpected = end.status === null ? isKilledByIt : [0, 130].includes(end.status);
  if (!isExpected) problems.push(`status ${end.status} ${child.signalCode}: ${said.stderr}`);
  return problems;
}

async function whatIsLeft(tool: Tool): Promise<string[]> {
  return [...(await processesLeftIn(tool.directory)), ...draftsIn(tool)];
}

it("a signal at a random moment of each verb", async () => {
  const moments = fc.sample(
    fc.tuple(fc.constantFrom(...verbs), fc.constantFrom(...signals), fc.integer({ min: 0, max: 3_000 })),
    { seed, numRuns: tries({ short: 15, long: 200 }) },
  );
  const tool = await aToolInUse();
  const problems: string[] = [];
  let left: string[] = [];
  for (const [args, signal, afterMs] of moments) {
    const begun = begin(tool, ...args);
    await Promise.race([pause(afterMs), once(begun.child, "exit")]);
    begun.child.kill(signal);
    const its = await endOf(begun, true);
    left = await whatIsLeft(tool);
    if (its.length + left.length > 0)
      problems.push(`${args.join(" ")}, ${signal} after ${afterMs} ms: ${[...its, ...left].join("; ")}`);
  }
  expect(problems).toEqual([]);
  const tried = moments.length;
  tell({ what: "signals at random moments of every verb", tried, held: tried - problems.length, left: left.length });
});

describe.each([
  ["serve", "--port", "0"],
  ["database", "url"],
])("%s %s", (...typed) => {
  const args = typed.filter((word) => word !== undefined);

  it("ends in order for a Ctrl-C that comes twice at once, as npx has it", async () => {
    const tool = await aToolInUse();
    const tried = tries({ short: 1, long: 5 });
    for (let each = 0; each < tried; each++) {
      const begun = begin(tool, ...args);
      await says(begun, "Ctrl-C ends it");
      begun.child.kill("SIGINT");
      await pause(each * (echoMs / tried));
      begun.child.kill("SIGINT");
      expect(await begun.ended).toMatchObject({ status: 0, stderr: expect.stringMatching(/\nStopped\.\n$/) });
    }
    const left = await whatIsLeft(tool);
    tell({ what: `Ctrl-C twice at once, ${args[0]}`, tried, held: tried, left: left.length });
  });
});

it("another Ctrl-C, later, ends a run at once and says what may stay", async () => {
  const tool = await aToolInUse();
  const begun = begin(tool, "run", "scenario-2", "--events", "1000000", "--rate", "max", "--run-id", "left");
  await says(begun, "Rows go to");
  await pause(1_000);
  // A clean-up that waits for a database that does not answer does not end before the second Ctrl-C.
  const servers = serversOf(tool);
  expect(servers).not.toEqual([]);
  for (const pid of servers) process.kill(pid, "SIGSTOP");
  begun.child.kill("SIGINT");
  await says(begun, "interrupt again to leave at once");
  // An earlier one counts as an echo of the first.
  await pause(1_200);
  begun.child.kill("SIGINT");
  const { status, stderr } = await begun.ended;
  for (const pid of servers) process.kill(pid, "SIGCONT");
  expect({ status, stderr }).toEqual({
    status: 130,
    stderr: expect.stringContaining("Of the run left rows may stay in the embedded Postgres under .throttle-bench"),
  });
  const left = await whatIsLeft(tool);
  tell({ what: "a second Ctrl-C", tried: 1, held: 1, left: left.length });
});

/** The process ids of the embedded Postgres. Linux only. */
function serversOf({ directory }: Tool): number[] {
  return processesIn(directory).flatMap((process) => {
    const [, pid, command] = /^(\d+): (.*)$/.exec(process)!;
    return /^(\S*\/)?postgres(:| )/.test(command!) ? [Number(pid)] : [];
  });
}

/** Resolves when it has said so. Rejects when it has ended without. */
async function says({ child, said, ended }: Begun, text: string): Promise<void> {
  const heard = () => (said.stdout + said.stderr).includes(text);
  while (!heard()) {
    await Promise.race([pause(10), ended]);
    if (!heard() && child.exitCode !== null) throw new Error(`It ended without ${text}: ${said.stderr}`);
  }
}
