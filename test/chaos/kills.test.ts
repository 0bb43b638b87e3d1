/** Local runs that end at random moments: nothing on the disk is torn, the next run is right, and nothing of the ended one goes on. */
import { expect, it } from "vitest";
import { tell } from "./figures.ts";
import { tries } from "./pace.ts";
import { randomFor } from "./random.ts";
import {
  aTool,
  draftsIn,
  endAfter,
  faultsOfRecords,
  processesLeftIn,
  recordsIn,
  resultOf,
  run,
  signals,
} from "./tool.ts";

const kills = tries({ short: 6, long: 50 });
const scenario = "scenario-3";
const aRun = (runId: string) => ["run", scenario, "--events", "200", "--json", "--run-id", runId];

it("kills at random moments of local runs, the first initdb included", async () => {
  const random = randomFor("kills");
  const undisturbed = aTool();
  const startedAt = Date.now();
  const expected = resultOf(recordsIn(await run(undisturbed, ...aRun("undisturbed")))[0]!);
  const firstRunMs = Date.now() - startedAt;
  const used = aTool();
  const faults: string[] = [];
  let [tried, lost, left] = [0, 0, 0];
  let runMs = firstRunMs;
  for (let attempt = 0; tried < kills; attempt++) {
    const isFirst = attempt % 2 === 0;
    const tool = isFirst ? aTool() : used;
    const signal = random.one(signals);
    const afterMs = Math.round(random.share() * (isFirst ? firstRunMs : runMs));
    const what = `${signal} after ${afterMs} ms of ${isFirst ? "a first run" : "a run"}`;
    const ended = await endAfter(tool, signal, afterMs, ...aRun(`killed-${attempt}`));
    if (!ended.wasSignalled) continue;
    tried++;
    const problems: string[] = [];
    const allowed = signal === "SIGKILL" ? [null] : [130, 0, null];
    if (!allowed.includes(ended.status)) problems.push(`status ${ended.status}: ${ended.stderr}`);
    // Nobody has to come by: a Postgres that nobody uses any more ends by itself, and a half-made one goes.
    if (attempt % 3 === 0) {
      const alone = [...(await processesLeftIn(tool.directory)), ...draftsIn(tool)];
      left += alone.length;
      problems.push(...alone.map((each) => `goes on by itself: ${each}`));
    }
    const begunAt = Date.now();
    const next = await run(tool, ...aRun(`next-${attempt}`));
    runMs = isFirst ? runMs : Date.now() - begunAt;
    if (next.status !== 0) problems.push(`the next run ends with ${next.status}: ${next.stderr}`);
    else if (resultOf(recordsIn(next)[0]!) !== expected) {
      lost++;
      problems.push("the next run comes to other figures");
    }
    problems.push(...(await faultsOfRecords(tool, scenario)));
    const remains = [...(await processesLeftIn(tool.directory)), ...draftsIn(tool)];
    left += remains.length;
    problems.push(...remains.map((each) => `left: ${each}`));
    if (problems.length > 0) faults.push(`${what}: ${problems.join("; ")}`);
  }
  expect(faults).toEqual([]);
  tell({ what: "kills at random moments of local runs", tried, held: tried - faults.length, lost, left });
});
