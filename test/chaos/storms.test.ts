/** Storms before the account: while one lasts, requests of a run meet its faults. The run is right all the same, or says what is left. */
import { DeleteStackCommand } from "@aws-sdk/client-cloudformation";
import pg from "pg";
import { afterAll, beforeAll, expect, it, vi } from "vitest";
import { BenchError } from "../../src/errors.ts";
import type { Fault } from "../aws/faults.ts";
import { type FaultyRun, kinds, runWithFaults } from "../aws/one-fault.ts";
import { openDatabase, type Serving, serving, type TestDatabase } from "../aws/serving.ts";
import { tell } from "./figures.ts";
import { tries } from "./pace.ts";
import { type Random, randomFor } from "./random.ts";

let database: TestDatabase;
let served: Serving;

beforeAll(async () => {
  for (const name of ["AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"]) vi.stubEnv(name, "x");
  database = await openDatabase();
  served = await serving(database.url);
});
afterAll(async () => {
  vi.unstubAllEnvs();
  await served?.close();
  await database?.close();
});

/** The kinds of one request, and those that hold for as long as they last. */
const storms: Record<string, () => Fault> = {
  ...Object.fromEntries(Object.entries(kinds).map(([name, fault]) => [name, () => fault as Fault])),
  "a latency of up to 300 ms": () => ({ delayMs: 300 }),
  "no answer in time": () => ({ delayMs: 1_500 }),
  "expired credentials": () => ({ error: "ExpiredToken", message: "The security token is expired", status: 403 }),
  "a wrong clock": () => ({
    page: JSON.stringify({ __type: "InvalidSignatureException", message: "Signature not yet current" }),
    status: 403,
    headers: { "x-amzn-errortype": "InvalidSignatureException", date: new Date(Date.now() + 3_600_000).toUTCString() },
  }),
};

/** A fault that begins at some request of the run, lasts for many, and meets a share of these. */
interface Storm {
  kind: string;
  from: number;
  requests: number;
  share: number;
}

/** Each request that times out takes more than a second, so that a storm of these is short. */
const longest: Record<string, number> = { "no answer in time": 3, "a latency of up to 300 ms": 10 };

function aStorm(random: Random, requestsOfRun: number): Storm {
  const kind = random.one(Object.keys(storms));
  const mostRequests = longest[kind] ?? random.one([3, 30, 300]);
  return {
    kind,
    from: random.whole(1, requestsOfRun),
    requests: random.whole(1, mostRequests),
    share: random.one([0.3, 0.6, 1]),
  };
}

/** The rows of a run's group in the database: what truly came through. */
async function rowsOf(runId: string): Promise<{ completed: number; duplicates: number }> {
  const client = new pg.Client(database.url);
  await client.connect();
  try {
    const { rows } = await client.query(
      "select count(distinct id)::int as completed, (count(*) - count(distinct id))::int as duplicates from invocations where group_id like $1 || '/%' and group_id not like '%dead%'",
      [runId],
    );
    return rows[0];
  } finally {
    await client.end();
  }
}

const events = 5;

/** The problems with how a run came through; empty: it held. */
async function problemsOf({ ended, stacksLeft, operations }: FaultyRun, runId: string): Promise<string[]> {
  const invocations = operations.filter((operation) => operation === "Invoke").length;
  if (ended instanceof BenchError) {
    const told = `${ended.message} ${ended.cleanUp}`;
    return [
      ...(ended.exitStatus === 3 ? [] : [`ends with ${ended.exitStatus}`]),
      ...stacksLeft.filter((name) => !told.includes(name)).map((name) => `does not tell of ${name}`),
      ...(ended.cleanUp === null && operations.includes("CreateStack")
        ? ["does not tell what became of its stack"]
        : []),
      ...(/hidden field|Deserialization|secret/.test(told) ? [`tells ${told}`] : []),
    ];
  }
  const { summary, caveats, cleanUp } = ended;
  const { eventsCompleted: completed, eventsMissing, eventsFailed, duplicates } = summary;
  const truth = await rowsOf(runId);
  const codes = caveats.map(({ code }) => code);
  return [
    ...(completed === truth.completed && duplicates === truth.duplicates
      ? []
      : [`says ${completed} completed and ${duplicates} duplicates of ${JSON.stringify(truth)}`]),
    ...(completed + eventsMissing + eventsFailed === events ? [] : ["the events do not add up"]),
    ...(eventsMissing > 0 && !codes.includes("events-missing") ? ["does not tell of missing events"] : []),
    ...(eventsMissing > 0 && !codes.includes("shards-unreported")
      ? [`does not tell why ${eventsMissing} are missing`]
      : []),
    ...(duplicates > 0 ? [`${duplicates} duplicates by ${invocations} invocations`] : []),
    ...stacksLeft.filter((name) => !cleanUp.includes(name)).map((name) => `does not tell of ${name}`),
  ];
}

it("storms before the account, at random requests of a run and for a random time", async () => {
  const random = randomFor("storms");
  const place = { databaseUrl: database.url, served };
  const calm = await runWithFaults(place, () => undefined, { runId: "calm" });
  expect(await problemsOf(calm, "calm")).toEqual([]);
  const storming = tries({ short: 20, long: 400 });
  const found: string[] = [];
  const endings = { measured: 0, failed: 0 };
  let [lost, left] = [0, 0];
  for (let number = 0; number < storming; number++) {
    const storm = aStorm(random, calm.operations.length);
    let requests = 0;
    const rule = () => {
      requests++;
      const isIn = requests >= storm.from && requests < storm.from + storm.requests;
      return isIn && random.share() < storm.share ? storms[storm.kind]!() : undefined;
    };
    const runId = `storm-${number}`;
    const startedAt = Date.now();
    const run = await runWithFaults(place, rule, { runId });
    endings[run.ended instanceof BenchError ? "failed" : "measured"]++;
    const problems = await problemsOf(run, runId);
    if (Date.now() - startedAt > 120_000) problems.push("took more than two minutes");
    if (problems.length > 0) {
      found.push(`${JSON.stringify(storm)}: ${problems.join("; ")}`);
      if (problems.some((problem) => problem.startsWith("says"))) lost++;
      left += problems.filter((problem) => problem.startsWith("does not tell of throttle")).length;
    }
    // A stack that is left, and told of, is removed as its user would.
    for (const StackName of run.stacksLeft) await served.cloudFormation.send(new DeleteStackCommand({ StackName }));
  }
  console.log(`${endings.measured} of the runs measured, ${endings.failed} said why they could not`);
  expect(found).toEqual([]);
  tell({ what: "storms before the account", tried: storming, held: storming - found.length, lost, left });
});
