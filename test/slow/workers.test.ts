/** Workers on several machines, played by processes: one that is killed in the middle loses nothing but its time. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import pg from "pg";
import { expect, it, onTestFinished } from "vitest";
import { JobQueues, queueSchema } from "../../src/database/job-queues.ts";
import { findScenario } from "../../src/scenarios/catalogue.ts";
import { settingsOf } from "../../src/scenarios/settings.ts";
import type { RemoteBatch } from "../../src/simulation/remote-jobs.ts";
import { RemoteSimulators } from "../../src/simulation/remote-simulators.ts";
import { RemoteWorker } from "../../src/simulation/remote-worker.ts";
import type { Plan } from "../../src/simulation/simulate.ts";
import { Simulators } from "../../src/simulation/workers.ts";
import { aWorkplace, binary, onDatabase } from "../cli/throttle-bench.ts";
import { openDatabase } from "../postgres/a-database.ts";

const file = fileURLToPath(new URL("../../.build/cli/simulation-worker.js", import.meta.url));

async function aDatabase() {
  const { url, close } = await openDatabase();
  onTestFinished(close);
  const query = async (text: string) => {
    const client = new pg.Client(url);
    await client.connect();
    return client
      .query(text)
      .then(({ rows }) => rows)
      .finally(() => client.end());
  };
  return { url, query };
}

function startWorker(url: string, ...args: string[]): ChildProcess & { said(): string } {
  const child = spawn(process.execPath, [binary, "worker", "--database-url", url, ...args]);
  let said = "";
  child.stderr.setEncoding("utf8").on("data", (text) => {
    said += text;
  });
  child.stdout.resume();
  onTestFinished(() => void child.kill("SIGKILL"));
  return Object.assign(child, { said: () => said });
}

it("gives the same comparison by two workers, one of them killed, as by threads", async () => {
  const { url, query } = await aDatabase();
  const compare = ["list", "--compare", "scenario-4", "scenario-5", "fifo-one-group", "--repeat", "60", "--json"];
  const byThreads = await aWorkplace().run(...compare);
  const killed = startWorker(url, "--threads", "1");
  const asked = aWorkplace().runBinary({}, ...compare, "--workers", "remote", "--database-url", url);
  // It holds batches, and has answered some.
  await expect
    .poll(() => query(`select 1 from ${queueSchema}.job where state = 'active'`).catch(() => []), { timeout: 60_000 })
    .not.toEqual([]);
  killed.kill("SIGKILL");
  const survivor = startWorker(url, "--threads", "2", "--idle-exit", "3s");
  const { status, stdout, stderr } = await asked;
  expect({ status, stdout }).toEqual({ status: 0, stdout: byThreads.stdout });
  expect(stderr).not.toContain(new URL(url).password);
  expect(await query(`select name from ${queueSchema}.queue`)).toEqual([]);
  if (survivor.exitCode === null) await once(survivor, "exit");
  expect(survivor.exitCode).toBe(0);
  expect(survivor.said()).toMatch(/Ended after \d+ simulations in \d+ batches\./);
  expect(survivor.said()).not.toContain(new URL(url).password);
});

it("ends by what was asked for, when that has been done over and over by workers that died", async () => {
  const { url, query } = await aDatabase();
  const scenario = findScenario("scenario-4");
  const plan: Plan = {
    scenario,
    model: { platform: "2026", profile: null, ranges: false },
    limit: null,
    waitForMetrics: true,
  };
  const variation = { settings: settingsOf(scenario, []), events: 10, seed: 1, assumptions: {}, timeoutMs: 21_600_000 };
  const remote = await RemoteSimulators.open(url, () => {}, file);
  const asked = remote.figures(plan, [variation]).next();
  const isOver = asked.then(
    () => true,
    () => true,
  );
  const dying = await JobQueues.open(url);
  let taken = 0;
  while (!(await Promise.race([isOver, new Promise((resolve) => setTimeout(resolve, 500, false))]))) {
    for (const { name } of await dying.queues()) {
      if (name.startsWith("batches-")) taken += (await dying.fetch<RemoteBatch>(name, 1)).length;
    }
    await query(`update ${queueSchema}.job set started_on = now() - interval '1 hour' where state = 'active'`);
  }
  await expect(asked).rejects.toThrow("workers died over the same simulations");
  expect(taken).toBe(4);
  await Promise.all([remote.close(), dying.close()]);
});

it("asks again when its queues were removed while it slept", async () => {
  const { url } = await aDatabase();
  const scenario = findScenario("scenario-4");
  const plan: Plan = {
    scenario,
    model: { platform: "2026", profile: null, ranges: false },
    limit: null,
    waitForMetrics: true,
  };
  const variation = { settings: settingsOf(scenario, []), events: 10, seed: 1, assumptions: {}, timeoutMs: 21_600_000 };
  const remote = await RemoteSimulators.open(url, () => {}, file);
  const asked = remote.figures(plan, [variation]).next();
  const queues = await JobQueues.open(url);
  await expect.poll(async () => (await queues.queues()).length, { timeout: 30_000 }).toBe(2);
  for (const kind of ["batches-", "answers-"]) {
    const { name } = (await queues.queues()).find((each) => each.name.startsWith(kind))!;
    expect(await queues.remove(name)).toBe(true);
  }
  const threads = new Simulators(1, file);
  const worker = await RemoteWorker.open(url, threads, { done: () => {}, otherBuild: () => {} }, file);
  const controller = new AbortController();
  const working = worker.work({ signal: controller.signal, idleMs: null });
  expect((await asked).value).toMatchObject({ seed: 1 });
  controller.abort();
  await working;
  await Promise.all([remote.close(), worker.close(), queues.close(), threads.close()]);
});

it("simulates for a verb that runs elsewhere, which prints what threads would have given it", async () => {
  const database = await onDatabase();
  const compare = ["list", "--compare", "scenario-3", "--events", "20", "--repeat", "3", "--json"];
  const workplace = aWorkplace();
  const working = workplace.runBinary({}, "worker", ...database, "--threads", "1", "--idle-exit", "3s");
  const remote = await workplace.run(...compare, "--workers", "remote", ...database);
  expect(remote).toMatchObject({ status: 0, stdout: (await workplace.run(...compare)).stdout });
  const { status, stdout, stderr } = await working;
  expect({ status, stdout }).toEqual({ status: 0, stdout: "" });
  expect(stderr).toMatch(
    / simulates on one thread for whoever asks in 127\.0\.0\.1:\d+\/test_\S+ \(build \S+\); Ctrl-C ends it\.\nEnded after 3 simulations in 3 batches\.\n$/,
  );
  expect(workplace.files()).toEqual([]);

  const isThere = async () => {
    const client = new pg.Client(database[1]);
    await client.connect();
    const { rows } = await client
      .query("select 1 from pg_namespace where nspname = 'throttle_bench_queue'")
      .finally(() => client.end());
    return rows.length > 0;
  };
  expect((await workplace.run("worker", ...database, "--remove")).stderr).toContain(
    "Nothing was removed; --yes removes.",
  );
  expect(await isThere()).toBe(true);
  expect((await workplace.run("worker", ...database, "--remove", "--yes")).stderr).toMatch(
    /^Dropped the schema throttle_bench_queue from /,
  );
  expect(await isThere()).toBe(false);
  expect((await workplace.run("worker", ...database, "--remove", "--yes")).stderr).toMatch(/^There is no schema /);
});
