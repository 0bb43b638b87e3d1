/** CloudWatch as it is: points that come late, or never, are shown as missing and can be asked for again. */
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { bench } from "../../src/bench.ts";
import type { RunRecord, RunRequest } from "../../src/model.ts";
import { RecordStore } from "../../src/records/store.ts";
import { findScenario } from "../../src/scenarios/catalogue.ts";
import type { ProgressUpdate } from "../../src/steps/progress.ts";
import { refresh } from "../../src/steps/refresh.ts";
import { openAws } from "../../src/targets/aws.ts";
import { openRemoteClock } from "../../src/targets/clock.ts";
import { aWorkplace } from "../cli/throttle-bench.ts";
import { aContext, aRequest } from "../scenarios/a-request.ts";
import { faultsBefore } from "./faults.ts";
import { openDatabase, region, type Serving, servedTarget, serving, type TestDatabase } from "./serving.ts";

let database: TestDatabase;
let served: Serving;

beforeAll(async () => {
  database = await openDatabase();
  Object.assign(process.env, { AWS_ACCESS_KEY_ID: "x", AWS_SECRET_ACCESS_KEY: "x" });
});
afterAll(() => database.close());
afterEach(() => served.close());

let runs = 0;

async function run(
  { signal, ...request }: Partial<RunRequest> & { signal?: AbortSignal } = {},
  endpointUrl = served.endpoint,
  watch: (update: ProgressUpdate) => void = () => {},
) {
  const target = await servedTarget({ databaseUrl: database.url, clockUrl: served.clockUrl, endpointUrl });
  const updates: ProgressUpdate[] = [];
  const record = await bench(
    target,
    aRequest(findScenario("scenario-5"), { runId: `metrics-${++runs}`, timeoutMs: 3_600_000, ...request }),
    aContext({
      signal,
      progress: (update) => {
        updates.push(update);
        watch(update);
      },
    }),
  ).finally(() => target.close());
  return { record, updates };
}

const codes = ({ caveats }: RunRecord) => caveats.map(({ code }) => code);

it("waits for the run's last minutes with a countdown, so that every figure is there", async () => {
  served = await serving(database.url);
  const { record, updates } = await run();
  const countdown = updates.flatMap((update) => (update.phase === "metrics" ? [update.remainingMs] : []));
  expect(countdown.length).toBeGreaterThan(10);
  expect(countdown).toEqual([...countdown].sort((a, b) => b - a));
  expect(record.metricsWindow).toMatchObject({ complete: true });
  expect(record.summary.maxConcurrency).toBe(5);
  expect(record.details.invocations).toBe(20 + record.details.errors!);
  expect(codes(record)).not.toContain("metrics-incomplete");
});

describe("points that come late", () => {
  it("are waited for as long as the rows prove that some are missing", async () => {
    served = await serving(database.url, { constants: { "cloudwatch.publishingDelayMs": 420_000 } });
    const { record, updates } = await run();
    const { start, end, readAt, complete } = record.metricsWindow;
    expect(complete).toBe(true);
    expect(readAt! - end).toBeGreaterThan(420_000);
    expect(readAt! - end).toBeLessThan(900_000);
    expect(record.details.batches).toBe(20);
    expect(record.details.invocations).toBeGreaterThanOrEqual(20);
    expect(start).toBeLessThan(end);
    expect(updates.filter(({ phase }) => phase === "metrics").length).toBeGreaterThan(60);
  });

  it("are not taken for all when a part of them has come first", async () => {
    served = await serving(database.url);
    const faults = await faultsBefore(served.endpoint);
    const minute = Math.floor((await served.now()) / 60_000) * 60_000;
    let isMeasuring = false;
    let partial = 0;
    faults.rule = (operation) => {
      if (operation !== "GetMetricData" || !isMeasuring || ++partial > 5) return undefined;
      // The first that is asked for is the consumer's Invocations.
      return { answer: { MetricDataResults: [{ Id: "m0", Timestamps: [minute / 1000], Values: [3] }] } };
    };
    const { record } = await run({}, faults.endpoint, ({ phase }) => {
      isMeasuring ||= phase === "measure";
    }).finally(() => faults.close());
    expect(partial).toBeGreaterThan(5);
    expect(record.metricsWindow).toMatchObject({ complete: true });
    expect(record.details.invocations).toBeGreaterThanOrEqual(20);
    expect(record.summary.maxConcurrency).toBe(5);
  });

  const late = { "cloudwatch.publishingDelayMs": 900_000 };

  it("are missing, never 0, until `report --refresh` finds them", { timeout: 60_000 }, async () => {
    served = await serving(database.url, { constants: late });
    const { record } = await run({ waitForMetrics: false });
    expect(record.metricsWindow).toMatchObject({ complete: false });
    expect(record.summary).toMatchObject({ eventsCompleted: 20, maxConcurrency: null });
    expect(record.details).toMatchObject({ invocations: null, throttles: null, errors: null });
    expect(record.cost).toMatchObject({ run: null, perMillionEvents: null, month: null });
    expect(codes(record)).toEqual(expect.arrayContaining(["metric-missing", "metrics-incomplete"]));

    const workplace = aWorkplace();
    const store = new RecordStore(`${workplace.directory}/.throttle-bench/runs`);
    await store.save(record);
    const refresh = () =>
      workplace.runBinary(
        { AWS_ACCESS_KEY_ID: "x", AWS_SECRET_ACCESS_KEY: "x", THROTTLE_BENCH_CLOCK: served.clockUrl },
        ...["report", record.runId, "--refresh", "--json"],
      );
    await served.sleep(1_800_000);
    const { status, stdout, stderr } = await refresh();
    expect({ status, stderr }).toEqual({ status: 0, stderr: `${record.runId}: refreshed.\n` });
    const [refreshed] = JSON.parse(stdout) as [RunRecord];
    expect(refreshed.summary).toEqual({ ...record.summary, maxConcurrency: 5 });
    expect(refreshed.details).toMatchObject({ invocations: expect.any(Number), throttles: expect.any(Number) });
    expect(refreshed.cost!.lines.map(({ count }) => count)).not.toContain(null);
    expect(refreshed.cost!.run).toBeGreaterThan(0);
    expect(refreshed.metricsWindow).toMatchObject({ complete: true });
    expect(codes(refreshed)).toEqual(["other-endpoint", ...codes(refreshed).slice(1)]);
    expect(codes(refreshed)).not.toContain("metric-missing");
    expect(codes(refreshed)).not.toContain("metrics-incomplete");
    expect(await store.load(record.runId)).toEqual(refreshed);
    expect((await refresh()).stderr).toBe(`${record.runId}: CloudWatch has nothing new.\n`);
  });

  it("are complete when two refreshes some time apart say the same, and not when one shows too little", async () => {
    served = await serving(database.url);
    const faults = await faultsBefore(served.endpoint);
    const { record } = await run({ waitForMetrics: false }, faults.endpoint);
    const clock = await openRemoteClock(served.clockUrl);
    const target = await openAws({ region, endpointUrl: faults.endpoint, clock });
    const refreshed = (record: RunRecord) => refresh(target, record);
    await clock.sleep(240_000);
    const once = await refreshed(record);
    expect(once.details.invocations).toBeGreaterThanOrEqual(20);
    expect(once.metricsWindow).toMatchObject({ complete: false });
    const atOnce = await refreshed(once);
    expect(atOnce.metricsWindow).toMatchObject({ complete: false });
    await clock.sleep(60_000);
    const twice = await refreshed(once);
    expect(twice.metricsWindow).toMatchObject({ complete: true });
    expect(codes(twice)).not.toContain("metrics-incomplete");

    await clock.sleep(1_800_000);
    const { start } = record.metricsWindow;
    faults.rule = () => ({
      answer: { MetricDataResults: [{ Id: "m0", Timestamps: [start / 1000], Values: [19] }] },
    });
    expect((await refreshed(record)).metricsWindow).toMatchObject({ complete: false });
    // Points that CloudWatch no longer has do not undo the figures that they gave.
    expect((await refreshed(twice)).metricsWindow).toMatchObject({ complete: true });
    await faults.close();
  });
});

it("shows points that never come as missing, and the run is none the worse for it", async () => {
  served = await serving(database.url);
  const faults = await faultsBefore(served.endpoint);
  faults.rule = (operation) => (operation === "GetMetricData" ? { answer: { MetricDataResults: [] } } : undefined);
  const { record, updates } = await run({}, faults.endpoint).finally(() => faults.close());
  expect(record).toMatchObject({ outcome: "drained", summary: { eventsCompleted: 20, maxConcurrency: null } });
  const { end, readAt, complete } = record.metricsWindow;
  expect({ complete, codes: codes(record) }).toMatchObject({
    complete: false,
    codes: expect.arrayContaining(["metrics-incomplete"]),
  });
  expect(readAt! - end).toBeGreaterThanOrEqual(900_000);
  expect(updates.find(({ phase }) => phase === "metrics")).toMatchObject({
    remainingMs: expect.toSatisfy((ms) => ms > 900_000),
  });
  expect(record.details).toMatchObject({ maxOverlap: 5, invocations: null, throttles: null, errors: null });
  expect(record.caveats.filter(({ code }) => code === "metric-missing")).toHaveLength(4);
});

it("reads what there is when the wait is interrupted", async () => {
  served = await serving(database.url);
  const controller = new AbortController();
  const { record } = await run({ signal: controller.signal }, served.endpoint, ({ phase }) => {
    if (phase === "metrics") controller.abort(new Error("interrupted"));
  });
  expect(record).toMatchObject({ outcome: "drained", metricsWindow: { complete: false } });
  expect(record.summary.eventsCompleted).toBe(20);
  expect(codes(record)).toContain("metrics-incomplete");
  expect(record.cleanUp).toMatch(/was deleted/);
});

it("does not refresh a prediction", async () => {
  served = { close: async () => {} } as Serving;
  const workplace = aWorkplace();
  await workplace.run("run", "scenario-5", "--events", "5", "--run-id", "predicted");
  expect(await workplace.run("report", "predicted", "--refresh")).toMatchObject({
    status: 2,
    stdout: "",
    stderr: expect.stringMatching(/predicted is a prediction/),
  });
});
