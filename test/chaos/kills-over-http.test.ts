/** Runs over HTTP that end at random moments: each can be gone on with or cleaned up, and its burst is never fired twice. */
import { DescribeStacksCommand } from "@aws-sdk/client-cloudformation";
import { afterAll, beforeAll, expect, it } from "vitest";
import { type Faults, faultsBefore } from "../aws/faults.ts";
import { openDatabase, type Serving, serving, type TestDatabase } from "../aws/serving.ts";
import { aPlace } from "../aws/started-run.ts";
import { tell } from "./figures.ts";
import { tries } from "./pace.ts";
import { randomFor } from "./random.ts";
import { aTool, draftsIn, endAfter, faultsOfRecords, processesLeftIn, read, recordsIn, run, signals } from "./tool.ts";

let database: TestDatabase;
let served: Serving;
let faults: Faults;

beforeAll(async () => {
  database = await openDatabase();
  served = await serving(database.url);
  faults = await faultsBefore(served.endpoint);
});
afterAll(async () => {
  await faults?.close();
  await served?.close();
  await database?.close();
});

const kills = tries({ short: 6, long: 50 });
const scenario = "scenario-5";
const events = 40;
const aRun = (runId: string) => ["run", scenario, "--events", String(events), "--json", "--run-id", runId];
const whole = { totalEvents: events, eventsCompleted: events, eventsMissing: 0, eventsFailed: 0, duplicates: 0 };

async function stacksLeft(): Promise<string[]> {
  const { Stacks = [] } = await served.cloudFormation.send(new DescribeStacksCommand({}));
  return Stacks.map(({ StackName, StackStatus }) => `${StackName} ${StackStatus}`);
}

it("kills at random moments of runs over HTTP", async () => {
  const random = randomFor("kills over HTTP");
  const tool = aTool(aPlace(faults.endpoint, served.clockUrl, database.url).environment);
  const found: string[] = [];
  let [tried, lost, left] = [0, 0, 0];
  const startedAt = Date.now();
  expect(recordsIn(await run(tool, ...aRun("undisturbed")))[0]!.summary).toMatchObject(whole);
  const runMs = Date.now() - startedAt;
  for (let attempt = 0; tried < kills; attempt++) {
    const runId = `killed-${attempt}`;
    const signal = random.one(signals);
    const afterMs = Math.round(random.share() * runMs);
    faults.operations.length = 0;
    const ended = await endAfter(tool, signal, afterMs, ...aRun(runId));
    if (!ended.wasSignalled) continue;
    tried++;
    const problems: string[] = [];
    const allowed = signal === "SIGKILL" ? [null] : [130, 0, null];
    if (!allowed.includes(ended.status)) problems.push(`status ${ended.status}: ${ended.stderr}`);
    const waiting = JSON.parse((await read(tool, "resume", "--json")).stdout) as unknown[];
    const isResumed = waiting.length > 0 && random.share() < 0.6;
    if (isResumed) {
      const resumed = await run(tool, "resume", runId, "--json");
      const invoked = faults.operations.filter((operation) => operation === "Invoke").length;
      const { summary } = recordsIn(resumed)[0]!;
      const expected = invoked === 0 ? { ...whole, eventsCompleted: 0, eventsMissing: events } : whole;
      const told = { status: resumed.status, invoked, ...summary };
      const wanted = { status: invoked === 0 ? 1 : 0, invoked: Math.min(invoked, 1), ...expected };
      if (JSON.stringify({ ...told, ...wanted }) !== JSON.stringify(told)) {
        lost++;
        problems.push(`resume: ${JSON.stringify(told)} ${resumed.stderr}`);
      }
    } else {
      const before = await stacksLeft();
      const listed = JSON.parse((await read(tool, "clean", "--json")).stdout) as { name: string }[];
      // One that is being deleted may be gone by now.
      const after = await stacksLeft();
      if (listed.length > before.length || listed.length < after.length) {
        problems.push(`clean lists ${listed.length} of ${before.join(", ")}; then there are ${after.join(", ")}`);
      }
      for (const { name } of listed) {
        const cleaned = await run(tool, "clean", name, "--yes");
        if (cleaned.status !== 0) problems.push(`clean: ${cleaned.status} ${cleaned.stderr}`);
      }
      if (waiting.length > 0) await read(tool, "resume", runId, "--drop");
    }
    const next = await run(tool, ...aRun(`next-${attempt}`));
    const { summary } = recordsIn(next)[0]!;
    if (next.status !== 0 || JSON.stringify({ ...summary, ...whole }) !== JSON.stringify(summary)) {
      problems.push(`the next run: ${next.status} ${JSON.stringify(summary)} ${next.stderr}`);
    }
    problems.push(...(await faultsOfRecords(tool, scenario)));
    const listed = (await read(tool, "clean")).stdout;
    const remains = [
      ...(listed.startsWith("No stack of throttle-bench is in") ? [] : [listed]),
      ...(await stacksLeft()),
      ...(JSON.parse((await read(tool, "resume", "--json")).stdout) as { runId: string }[]).map((each) => each.runId),
      ...(await processesLeftIn(tool.directory)),
      ...draftsIn(tool),
    ];
    left += remains.length;
    problems.push(...remains.map((each) => `left: ${each}`));
    if (problems.length > 0) found.push(`${signal} after ${afterMs} ms: ${problems.join("; ")}`);
  }
  expect(found).toEqual([]);
  tell({ what: "kills at random moments of runs over HTTP", tried, held: tried - found.length, lost, left });
});
