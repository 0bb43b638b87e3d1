/** Simulations through a queue in Postgres: whoever makes them, the figures are those of threads, and nothing is left behind. */
import { fileURLToPath } from "node:url";
import pg from "pg";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { JobQueues, queueSchema } from "../../../src/database/job-queues.ts";
import { BenchError } from "../../../src/errors.ts";
import type { Figures } from "../../../src/model.ts";
import { findScenario } from "../../../src/scenarios/catalogue.ts";
import { settingsOf } from "../../../src/scenarios/settings.ts";
import { buildOf } from "../../../src/simulation/build.ts";
import { answersOf, batchesOf } from "../../../src/simulation/remote-jobs.ts";
import { RemoteSimulators } from "../../../src/simulation/remote-simulators.ts";
import { type Done, RemoteWorker } from "../../../src/simulation/remote-worker.ts";
import { type Plan, simulate, type Variation } from "../../../src/simulation/simulate.ts";
import { Simulators } from "../../../src/simulation/workers.ts";
import { openDatabase, type TestDatabase } from "../../postgres/a-database.ts";

const file = fileURLToPath(new URL("../../../.build/cli/simulation-worker.js", import.meta.url));
const threads = new Simulators(2, file);

let database: TestDatabase;
beforeAll(async () => {
  database = await openDatabase();
});
afterAll(async () => {
  await threads.close();
  await database.close();
});

const plan: Plan = {
  scenario: findScenario("scenario-4"),
  model: { platform: "2026", profile: null, ranges: true },
  limit: null,
  waitForMetrics: true,
};

function variations(count: number, rest: Partial<Variation> = {}): Variation[] {
  const settings = settingsOf(plan.scenario, []);
  return Array.from({ length: count }, (_, index) => {
    return {
      settings,
      events: (index * 7) % 60 || 1,
      seed: index + 1,
      assumptions: {},
      timeoutMs: 21_600_000,
      ...rest,
    };
  });
}

async function all(figures: AsyncIterable<Figures>): Promise<Figures[]> {
  const seen: Figures[] = [];
  for await (const each of figures) seen.push(each);
  return seen;
}

/** A worker that ends when the work is done, and what it says. */
async function withWorker<Result>(
  work: (heard: { otherBuilds: string[] }) => Promise<Result>,
): Promise<{ result: Result; done: Done }> {
  const ending = new AbortController();
  const heard = { otherBuilds: [] as string[] };
  const hearing = { done: () => {}, otherBuild: (build: string) => heard.otherBuilds.push(build) };
  const worker = await RemoteWorker.open(database.url, threads, hearing, file);
  const working = worker.work({ signal: ending.signal, idleMs: null });
  try {
    const result = await work(heard);
    ending.abort();
    return { result, done: await working };
  } finally {
    ending.abort();
    await worker.close();
  }
}

async function asking<Result>(work: (remote: RemoteSimulators) => Promise<Result>): Promise<Result> {
  const remote = await RemoteSimulators.open(database.url, () => {}, file);
  try {
    return await work(remote);
  } finally {
    await remote.close();
  }
}

async function query(text: string): Promise<Record<string, unknown>[]> {
  const client = new pg.Client(database.url);
  await client.connect();
  try {
    return (await client.query(text)).rows;
  } finally {
    await client.end();
  }
}

/** The jobs that wait, and where. */
async function left(): Promise<unknown> {
  const jobs = await query(`select count(*)::int as count from ${queueSchema}.job`);
  const queues = await query(`select name from ${queueSchema}.queue order by name`);
  return { jobs: jobs[0]!.count, queues: queues.map(({ name }) => name) };
}

const nothing = { jobs: 0, queues: [] };

describe("simulations through a queue", () => {
  it("have the figures of threads in their order, several plans at a time, and leave no queue and no job", async () => {
    const other: Plan = { ...plan, limit: { limit: "1/s", toleranceMs: 100, origin: "scenario" } };
    const asked = [...variations(6), ...variations(1, { settings: settingsOf(plan.scenario, ["WorkMs=4000"]) })];
    const inThreads = [await all(threads.figures(plan, asked)), await all(threads.figures(other, variations(5)))];
    const { result, done } = await withWorker(() =>
      asking((remote) => Promise.all([all(remote.figures(plan, asked)), all(remote.figures(other, variations(5)))])),
    );
    expect(JSON.stringify(result)).toBe(JSON.stringify(inThreads));
    expect(result).toEqual(inThreads);
    expect(done).toMatchObject({ simulations: 12, underway: 0 });
    expect(await left()).toEqual(nothing);
  });

  it("end with the first that fails, as in threads, and serve the next plan all the same", async () => {
    const bad = variations(1, { settings: { QueueRetention: "?" } });
    const seen: (number | null)[] = [];
    const { result } = await withWorker(() =>
      asking(async (remote) => {
        const failing = async () => {
          for await (const { seed } of remote.figures(plan, [...variations(2), ...bad, ...variations(3)]))
            seen.push(seed);
        };
        await expect(failing()).rejects.toThrow(BenchError);
        return all(remote.figures(plan, variations(1)));
      }),
    );
    expect(seen).toEqual([1, 2]);
    expect(result).toEqual([await simulate(plan, variations(1)[0]!)]);
    expect(await left()).toEqual(nothing);
  });

  it("are taken back when nobody waits for them any more, and end with the signal's reason", async () => {
    const controller = new AbortController();
    const reason = new Error("enough");
    await asking(async (remote) => {
      const waiting = all(remote.figures(plan, variations(20), controller.signal));
      await expect
        .poll(async () => (await query(`select count(*)::int as count from ${queueSchema}.job`))[0]!.count)
        .toBe(20);
      controller.abort(reason);
      await expect(waiting).rejects.toBe(reason);
      await expect
        .poll(async () => (await query(`select count(*)::int as count from ${queueSchema}.job`))[0]!.count)
        .toBe(0);
    });
    expect(await left()).toEqual(nothing);
  });

  it("are left to workers of their own build, and a worker of another says so", async () => {
    const queues = await JobQueues.open(database.url);
    const asker = { id: queues.newId(), build: "0123456789ab-node20" };
    await queues.renew(answersOf(asker));
    await queues.renew(batchesOf(asker));
    await queues.insert([{ queue: batchesOf(asker), id: queues.newId(), data: {} }]);
    await withWorker(async ({ otherBuilds }) => {
      await expect.poll(() => otherBuilds).toEqual([asker.build]);
      expect(await asking((remote) => all(remote.figures(plan, variations(1))))).toHaveLength(1);
    });
    expect(await left()).toMatchObject({ jobs: 1, queues: [answersOf(asker), batchesOf(asker)] });
    expect(await queues.remove(batchesOf(asker))).toBe(true);
    expect(await queues.remove(answersOf(asker))).toBe(true);
    await queues.close();
  });

  it("are removed by a worker when who asked for them has died", async () => {
    const build = await buildOf(file);
    const queues = await JobQueues.open(database.url);
    const dead = { id: queues.newId(), build };
    await queues.renew(answersOf(dead));
    await queues.renew(batchesOf(dead), { retryLimit: 1, deadLetter: answersOf(dead) });
    await queues.insert([{ queue: batchesOf(dead), id: queues.newId(), data: {} }]);
    await query(`update ${queueSchema}.queue set updated_on = now() - interval '1 hour'`);
    await withWorker(async () => {
      await expect.poll(left).toEqual(nothing);
    });
    await queues.close();
  });

  it("keep a worker as long as somebody asks, because what another has taken may come back from it", async () => {
    const queues = await JobQueues.open(database.url);
    const asker = { id: queues.newId(), build: await buildOf(file) };
    await queues.renew(answersOf(asker));
    await queues.renew(batchesOf(asker));
    const worker = await RemoteWorker.open(database.url, threads, { done: () => {}, otherBuild: () => {} }, file);
    let hasEnded = false;
    const working = worker.work({ signal: new AbortController().signal, idleMs: 100 }).finally(() => {
      hasEnded = true;
    });
    await new Promise((resolve) => setTimeout(resolve, 1_000));
    expect(hasEnded).toBe(false);
    await queues.remove(batchesOf(asker));
    await queues.remove(answersOf(asker));
    expect(await working).toEqual({ batches: 0, simulations: 0, underway: 0 });
    await Promise.all([worker.close(), queues.close()]);
  });
});
