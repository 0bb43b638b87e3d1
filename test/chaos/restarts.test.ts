/** A Postgres or a served model that ends in the middle of a run: the run is right, or says that it is not and what is left. */
import { setTimeout as pause } from "node:timers/promises";
import { expect, it, onTestFinished } from "vitest";
import type { Ended } from "../cli/throttle-bench.ts";
import { openDatabase } from "../postgres/a-database.ts";
import { tell } from "./figures.ts";
import { tries } from "./pace.ts";
import { randomFor } from "./random.ts";
import {
  aTool,
  type Begun,
  begin,
  draftsIn,
  faultsOfRecords,
  processesIn,
  processesLeftIn,
  recordsIn,
  resultOf,
  run,
  type Tool,
} from "./tool.ts";

const restarts = tries({ short: 3, long: 20 });
const aRun = (runId: string) => ["run", "scenario-5", "--events", "200", "--json", "--run-id", runId];

/** The run must come to an end by itself. It waits five minutes and more for an account that does not answer. */
async function endOf(begun: Begun): Promise<Ended | "hangs"> {
  const ended = await Promise.race([begun.ended, pause(900_000, "hangs" as const, { ref: false })]);
  if (ended === "hangs") begun.child.kill("SIGKILL");
  return ended;
}

function serverOf(directory: string): number | null {
  const server = processesIn(directory).find((each) => /postgres -D /.test(each));
  return server === undefined ? null : Number.parseInt(server, 10);
}

/** The problems of a run that met the end of what it used; empty: it was right, or said what it was. */
function problemsOf(ended: Ended | "hangs", isRight: (ended: Ended) => boolean): string[] {
  if (ended === "hangs") return ["hangs"];
  if (ended.status === 0) return isRight(ended) ? [] : ["presents wrong figures as right"];
  if (/\n\s+at .*\.(js|ts):\d+/.test(ended.stderr)) return [`shows a stack trace: ${ended.stderr}`];
  return ended.status === 3 ? [] : [`ends with ${ended.status}: ${ended.stderr}`];
}

it("kills of the embedded Postgres at random moments of local runs", async () => {
  const random = randomFor("kills of Postgres");
  const tool = aTool();
  const begunAt = Date.now();
  const expected = resultOf(recordsIn(await run(tool, ...aRun("undisturbed")))[0]!);
  const takesMs = Date.now() - begunAt;
  const isRight = (ended: Ended) => resultOf(recordsIn(ended)[0]!) === expected;
  const found: string[] = [];
  let [tried, lost, left] = [0, 0, 0];
  for (let attempt = 0; tried < restarts; attempt++) {
    const started = begin(tool, ...aRun(`struck-${attempt}`));
    await pause(random.share() * takesMs);
    const server = started.child.exitCode === null ? serverOf(tool.directory) : null;
    if (server !== null) process.kill(server, "SIGKILL");
    const problems = problemsOf(await endOf(started), isRight);
    if (server === null) continue;
    tried++;
    const next = await run(tool, ...aRun(`next-${attempt}`));
    if (next.status !== 0 || !isRight(next)) {
      lost++;
      problems.push(`the next run: ${next.status} ${next.stderr}`);
    }
    problems.push(...(await faultsOfRecords(tool, "scenario-5")));
    const remains = [...(await processesLeftIn(tool.directory)), ...draftsIn(tool)];
    left += remains.length;
    problems.push(...remains.map((each) => `left: ${each}`));
    if (problems.length > 0) found.push(`${attempt}: ${problems.join("; ")}`);
  }
  expect(found).toEqual([]);
  tell({ what: "kills of the embedded Postgres in local runs", tried, held: tried - found.length, lost, left });
});

async function serveOn(tool: Tool, port: number, databaseUrl: string): Promise<{ server: Begun; port: number }> {
  const server = begin(tool, ...["serve", "--port", String(port), "--speed", "max", "--database-url", databaseUrl]);
  const address = () => /http:\/\/127\.0\.0\.1:(\d+)/.exec(server.said.stdout + server.said.stderr)?.[1];
  while (address() === undefined) {
    if (server.child.exitCode !== null) throw new Error(server.said.stderr);
    await pause(5);
  }
  return { server, port: Number(address()) };
}

it("restarts of serve at random moments of runs over HTTP", async () => {
  const random = randomFor("restarts of serve");
  const database = await openDatabase();
  onTestFinished(database.close);
  const host = aTool();
  let { server, port } = await serveOn(host, 0, database.url);
  onTestFinished(() => void server.child.kill("SIGKILL"));
  const tool = aTool({
    ...{ AWS_ACCESS_KEY_ID: "x", AWS_SECRET_ACCESS_KEY: "x", AWS_REGION: "us-east-1", THROTTLE_BENCH_TARGET: "aws" },
    ...{ AWS_ENDPOINT_URL: `http://127.0.0.1:${port}`, DATABASE_URL: database.url },
  });
  const isRight = (ended: Ended) => {
    const { totalEvents, eventsCompleted, duplicates } = recordsIn(ended)[0]!.summary;
    return totalEvents === 200 && eventsCompleted === 200 && duplicates === 0;
  };
  const begunAt = Date.now();
  expect(isRight(await run(tool, ...aRun("undisturbed")))).toBe(true);
  const takesMs = Date.now() - begunAt;
  const found: string[] = [];
  let tried = 0;
  for (let attempt = 0; tried < restarts; attempt++) {
    const started = begin(tool, ...aRun(`struck-${attempt}`));
    await pause(random.share() * takesMs);
    const isStruck = started.child.exitCode === null;
    server.child.kill("SIGKILL");
    await server.ended;
    ({ server } = await serveOn(host, port, database.url));
    const ended = await endOf(started);
    if (!isStruck) continue;
    tried++;
    // The account is empty now: events of a burst that was fired are missing, which is said by the status of missing events.
    const problems = ended !== "hangs" && ended.status === 1 ? [] : problemsOf(ended, isRight);
    await run(tool, "resume", `struck-${attempt}`, "--drop");
    const next = await run(tool, ...aRun(`next-${attempt}`));
    if (next.status !== 0 || !isRight(next)) problems.push(`the next run: ${next.status} ${next.stderr}`);
    if (problems.length > 0) found.push(`${attempt}: ${problems.join("; ")}`);
  }
  server.child.kill("SIGTERM");
  await server.ended;
  const left = [
    ...(await processesLeftIn(tool.directory)),
    ...(await processesLeftIn(host.directory)),
    ...draftsIn(tool),
  ];
  expect(found).toEqual([]);
  expect(left).toEqual([]);
  tell({ what: "restarts of serve in runs over HTTP", tried, held: tried - found.length, left: left.length });
});
