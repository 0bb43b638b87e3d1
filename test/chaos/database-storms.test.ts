/** Storms on the way to Postgres: a run comes to the figures of its rows all the same, or ends and says what is left. */
import { setTimeout as pause } from "node:timers/promises";
import { DescribeStacksCommand } from "@aws-sdk/client-cloudformation";
import pg from "pg";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { bench } from "../../src/bench.ts";
import { BenchError } from "../../src/errors.ts";
import type { RunRecord } from "../../src/model.ts";
import { findScenario } from "../../src/scenarios/catalogue.ts";
import { openLocal } from "../../src/targets/local.ts";
import type { Target } from "../../src/targets/target.ts";
import { flakyDatabase, type Spoiling } from "../aws/flaky-database.ts";
import { openDatabase, type Serving, servedTarget, serving, type TestDatabase } from "../aws/serving.ts";
import { aContext, aRequest } from "../scenarios/a-request.ts";
import { tell } from "./figures.ts";
import { tries } from "./pace.ts";
import { type Random, randomFor } from "./random.ts";

let database: TestDatabase;

beforeAll(async () => {
  for (const name of ["AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"]) vi.stubEnv(name, "x");
  database = await openDatabase();
});
afterAll(async () => {
  vi.unstubAllEnvs();
  await database?.close();
});

/** A message of Postgres: https://www.postgresql.org/docs/current/protocol-message-formats.html */
function message(type: string, content: Buffer): Buffer {
  const head = Buffer.alloc(5);
  head.write(type);
  head.writeInt32BE(4 + content.length, 1);
  return Buffer.concat([head, content]);
}

/** An error of the statement, after which the connection is ready for the next, or a fatal one. */
function refusal(severity: "ERROR" | "FATAL", code: string, text: string): Buffer {
  const fields = Buffer.from(`S${severity}\0V${severity}\0C${code}\0M${text}\0\0`);
  const isReady = severity === "ERROR" ? [message("Z", Buffer.from("I"))] : [];
  return Buffer.concat([message("E", fields), ...isReady]);
}

const storms: Record<string, (random: Random) => Spoiling> = {
  "a latency of up to 200 ms": (random) => ({ delayMs: random.whole(1, 200) }),
  resets: () => "reset",
  "answers cut short": () => "half",
  garbage: (random) => Buffer.from(Array.from({ length: random.whole(1, 200) }, () => random.whole(0, 255))),
  "too many connections": () => refusal("FATAL", "53300", "sorry, too many clients already"),
  "statement time-outs": () => refusal("ERROR", "57014", "canceling statement due to statement timeout"),
  "a shutdown": () => refusal("FATAL", "57P01", "terminating connection due to administrator command"),
  "a silence": () => "stall",
};

/** A run whose rows are read and written over the way that the storm is on; over HTTP the model's own way is calm. */
const targets: Record<string, (databaseUrl: string, served: Serving) => Promise<Target>> = {
  "local runs": (databaseUrl) => openLocal({ databaseUrl, platform: "2026", seed: 1 }),
  "runs over HTTP": (databaseUrl, { clockUrl, endpoint: endpointUrl }) =>
    servedTarget({ databaseUrl, clockUrl, endpointUrl }),
};

const events = 20;
/** Some attempts to connect in vain, and some silences one after the other. */
const patienceMs = 600_000;

interface Ended {
  run: RunRecord | BenchError | "hangs";
  stacksLeft: string[];
  pieces: number;
}

/** `spoil` is told the number of the piece, from 1. */
async function runWith(
  open: (typeof targets)[string],
  runId: string,
  spoil: (piece: number) => Spoiling | undefined,
): Promise<Ended> {
  const flaky = await flakyDatabase(database.url);
  const served = await serving(database.url);
  let pieces = 0;
  flaky.spoil = () => spoil(++pieces);
  const run = async () => {
    const target = await open(flaky.url, served);
    const request = aRequest(findScenario("scenario-5"), { runId, events, waitForMetrics: false });
    return bench(target, request, aContext()).finally(() => target.close().catch(() => {}));
  };
  const ended = run().catch((failure) => {
    if (failure instanceof BenchError) return failure;
    throw failure;
  });
  const hangs = pause(patienceMs, "hangs" as const, { ref: false });
  try {
    const result = await Promise.race([ended, hangs]);
    const { Stacks = [] } = await served.cloudFormation.send(new DescribeStacksCommand({}));
    return { run: result, stacksLeft: Stacks.map(({ StackName }) => StackName!), pieces };
  } finally {
    await flaky.close();
    await served.close();
  }
}

/** The rows of a run in the database: what truly came through. */
async function rowsOf(runId: string): Promise<{ completed: number; duplicates: number }> {
  const client = new pg.Client(database.url);
  await client.connect();
  const counts = "count(distinct id)::int as completed, (count(*) - count(distinct id))::int as duplicates";
  const { rows } = await client
    .query(`select ${counts} from invocations where group_id like $1 || '/%'`, [runId])
    .finally(() => client.end());
  return rows[0];
}

async function problemsOf({ run, stacksLeft }: Ended, runId: string): Promise<string[]> {
  const left = stacksLeft.map((name) => `left: ${name}`);
  if (run === "hangs") return ["hangs"];
  const told = run instanceof BenchError ? `${run.message} ${run.cleanUp}` : JSON.stringify(run);
  const leaks = told.includes(new URL(database.url).password) ? ["tells the password"] : [];
  if (run instanceof BenchError) {
    return [...left, ...leaks, ...(run.exitStatus === 3 ? [] : [`ends with ${run.exitStatus}: ${run.message}`])];
  }
  const { eventsCompleted: completed, duplicates } = run.summary;
  const truth = await rowsOf(runId);
  const isTrue = completed === truth.completed && duplicates === truth.duplicates && completed === events;
  return [...left, ...leaks, ...(isTrue ? [] : [`says ${JSON.stringify(run.summary)} of ${JSON.stringify(truth)}`])];
}

/** Most of a storm is waiting, so that several go on at once. Each has some connections, and the Postgres of all tests has 50. */
const atOnce = 4;

describe.each(Object.keys(targets))("storms on the way to Postgres of %s", (name) => {
  it("at random answers and for a random time", async () => {
    const open = targets[name]!;
    const calmId = `calm ${name}`.replaceAll(" ", "-");
    const calm = await runWith(open, calmId, () => undefined);
    expect(await problemsOf(calm, calmId)).toEqual([]);
    const storming = tries({ short: 8, long: 200 });
    const found: string[] = [];
    const endings = { measured: 0, failed: 0 };
    let [begun, lost, left] = [0, 0, 0];
    const stormOnce = async (number: number) => {
      const random = randomFor(`way to Postgres of ${name}, ${number}`);
      const kind = random.one(Object.keys(storms));
      const from = random.whole(1, calm.pieces);
      const storm = { kind, from, pieces: random.one([1, 3, 30]), share: random.one([0.3, 1]) };
      const runId = `${calmId}-${number}`;
      const ended = await runWith(open, runId, (piece) => {
        const isIn = piece >= from && piece < from + storm.pieces;
        return isIn && random.share() < storm.share ? storms[kind]!(random) : undefined;
      });
      endings[ended.run instanceof BenchError ? "failed" : "measured"]++;
      const problems = await problemsOf(ended, runId);
      if (problems.length > 0) found.push(`${number} ${JSON.stringify(storm)}: ${problems.join("; ")}`);
      if (problems.some((problem) => problem.startsWith("says"))) lost++;
      left += ended.stacksLeft.length;
    };
    const stormOn = async () => {
      while (begun < storming) await stormOnce(++begun);
    };
    await Promise.all(Array.from({ length: atOnce }, stormOn));
    console.log(`${endings.measured} of the runs measured, ${endings.failed} said why they could not`);
    expect(found).toEqual([]);
    tell({
      what: `storms on the way to Postgres of ${name}`,
      tried: storming,
      held: storming - found.length,
      lost,
      left,
    });
  });
});
