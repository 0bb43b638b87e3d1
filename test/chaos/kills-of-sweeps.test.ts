/** Sweeps whose coordinator, or whose worker, is killed at random moments: they come to the same, byte for byte. */
import { setTimeout as pause } from "node:timers/promises";
import { expect, it, onTestFinished } from "vitest";
import { openDatabase } from "../postgres/a-database.ts";
import { tell } from "./figures.ts";
import { tries } from "./pace.ts";
import { randomFor } from "./random.ts";
import { aTool, begin, draftsIn, endAfter, processesLeftIn, run } from "./tool.ts";

const kills = tries({ short: 3, long: 20 });
const sweep = [
  ...["sweep", "scenario-4", "--set", "VisibilityTimeout=10..120:10", "--set", "ReservedConcurrency=1,2,3"],
  ...["--events", "100", "--repeat", "3", "--csv"],
];

it("kills of a sweep at random moments, which is gone on with until it ends", async () => {
  const random = randomFor("kills of a sweep");
  const startedAt = Date.now();
  const undisturbed = await run(aTool(), ...sweep);
  const takesMs = Date.now() - startedAt;
  expect(undisturbed.status).toBe(0);
  let [tried, held, left] = [0, 0, 0];
  while (tried < kills) {
    const tool = aTool();
    let killed = 0;
    for (let times = 0; times < 3; times++) {
      const { wasSignalled } = await endAfter(tool, "SIGKILL", random.whole(1, takesMs), ...sweep);
      if (wasSignalled) killed++;
    }
    const last = await run(tool, ...sweep);
    tried += killed;
    if (last.status === 0 && last.stdout === undisturbed.stdout) held += killed;
    left += (await processesLeftIn(tool.directory)).length + draftsIn(tool).length;
  }
  tell({ what: "kills of a sweep, which goes on as if nothing had been", tried, held, left });
});

it("kills of a worker that simulates for a sweep elsewhere", async () => {
  const random = randomFor("kills of a worker");
  const { url, close } = await openDatabase();
  onTestFinished(close);
  const tool = aTool();
  const undisturbed = await run(tool, ...sweep);
  const started = begin(aTool(), ...sweep, "--workers", "remote", "--database-url", url);
  let tried = 0;
  while (tried < kills && started.child.exitCode === null) {
    const worker = begin(tool, "worker", "--database-url", url, "--threads", "1");
    await pause(random.whole(1_000, 4_000));
    if (worker.child.kill("SIGKILL")) tried++;
    await worker.ended;
  }
  const survivor = begin(tool, "worker", "--database-url", url, "--threads", "1", "--idle-exit", "3s");
  const { status, stdout, stderr } = await started.ended;
  expect({ status, stderr }).toEqual({ status: 0, stderr: expect.any(String) });
  await survivor.ended;
  const left = await processesLeftIn(tool.directory);
  const held = stdout === undisturbed.stdout ? tried : 0;
  tell({ what: "kills of workers that simulate for a sweep elsewhere", tried, held, left: left.length });
});
