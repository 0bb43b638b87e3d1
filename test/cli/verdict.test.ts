/** The verdict at the command line: what is given and broken ends 1, and defaults only speak. */
import { mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { callsOf } from "../../src/metrics/limit.ts";
import type { RunRecord } from "../../src/model.ts";
import { openDatabase, type TestDatabase } from "../postgres/a-database.ts";
import { aSummary } from "../unit/metrics/a-side.ts";
import { aRecord } from "../unit/records/a-record.ts";
import { aWorkplace, openWorkplace, type Workplace } from "./throttle-bench.ts";

describe("run", () => {
  let workplace: Workplace & { remove(): void };
  let database: TestDatabase;

  beforeAll(async () => {
    workplace = openWorkplace();
    database = await openDatabase();
  });
  afterAll(async () => {
    workplace.remove();
    await database.close();
  });

  const run = (...args: string[]) =>
    workplace.run("run", "scenario-4", "--events", "40", "--database-url", database.url, ...args);
  const verdictIn = (stdout: string) => (JSON.parse(stdout) as RunRecord[])[0]!.verdict!;

  it("says first whether the scenario's own limit was kept, and ends 0 although it was not", async () => {
    const { status, stdout } = await run("--set", "WorkMs=100");
    expect(stdout).toMatch(
      /✗ Limit 1\/s exceeded in \d+ seconds, peak \d calls in one second, against its claim\n✓ No event lost\n {2}Drained in /,
    );
    expect(stdout).toContain("The limit is the scenario's own (--limit sets yours), with a tolerance of 100 ms.");
    expect(status).toBe(0);
  });

  it("ends 1 when it breaks a limit that is given, and 0 when it keeps it", async () => {
    const broken = await run("--set", "WorkMs=100", "--limit", "1/s", "--json");
    expect(verdictIn(broken.stdout)).toMatchObject({
      limit: { limit: "1/s", origin: "flag", status: "exceeded" },
      broken: ["limit"],
    });
    expect(broken.status).toBe(1);
    const kept = await run("--set", "WorkMs=100", "--limit", "10/s", "--max-loss", "0", "--max-wait", "1h", "--json");
    expect(verdictIn(kept.stdout)).toMatchObject({ limit: { status: "kept" }, broken: [] });
    expect(kept.status).toBe(0);
  });

  it("takes the configuration file's limit for a given one, and DownstreamLimit for the scenario's", async () => {
    workplace.write("throttle-bench.config.json", '{ "limit": "2/s", "limitTolerance": 0, "maxWait": "1s" }');
    const { stdout, status } = await run("--set", "WorkMs=100", "--json");
    workplace.write("throttle-bench.config.json", "{}");
    expect(verdictIn(stdout)).toMatchObject({
      limit: { limit: "2/s", toleranceMs: 0, origin: "configuration" },
      wait: { allowedMs: 1_000 },
      broken: ["limit", "wait"],
    });
    expect(status).toBe(1);
    const set = await run("--set", "DownstreamLimit=2/s", "--set", "WhenRefused=wait", "--json");
    const [record] = JSON.parse(set.stdout) as [RunRecord];
    expect(record.verdict).toMatchObject({ limit: { limit: "2/s", origin: "setting", status: "kept" }, broken: [] });
    expect(record.calls).toMatchObject({ source: "recorded", count: 40 });
    expect(set.status).toBe(0);
  });

  it("says of repeated runs in how many a limit was broken", async () => {
    const { stdout, status } = await run("--set", "WorkMs=100", "--limit", "1/s", "--repeat", "3");
    expect(stdout).toMatch(/Limit 1\/s exceeded in 3 of 3 runs, in up to \d+ seconds, peak \d calls in one second/);
    expect(status).toBe(1);
  });

  it.each([
    [["--limit", "1/h"], '--limit "1/h" is no limit; give calls per second or per minute'],
    [["--limit-tolerance", "soon"], '--limit-tolerance "soon" is no number of milliseconds'],
    [["--limit", "1/s", "--limit-tolerance", "1000"], "A tolerance of 1000 ms leaves nothing of the 1000 ms of 1/s"],
    [["--max-loss", "few"], "--max-loss"],
    [["--max-wait", "10"], "--max-wait"],
  ])("refuses %j", async (args, message) => {
    const { status, stdout, stderr } = await run(...args);
    expect({ status, stdout }).toEqual({ status: 2, stdout: "" });
    expect(stderr).toContain(message);
  });
});

describe("report", () => {
  /** Ten calls, 1.2 s apart, two of twelve events lost. */
  const record = aRecord({ runId: "one" });

  function workplaceWith(...records: object[]): Workplace {
    const workplace = aWorkplace();
    mkdirSync(join(workplace.directory, ".throttle-bench/runs"), { recursive: true });
    for (const one of records) workplace.write(`.throttle-bench/runs/one.json`, JSON.stringify(one));
    return workplace;
  }

  it("judges a record anew by its flags, and ends 1 for what it breaks", async () => {
    const workplace = workplaceWith(record);
    expect(await workplace.run("report", "one")).toMatchObject({ status: 0 });
    const strict = await workplace.run("report", "one", "--limit", "30/m", "--max-loss", "1", "--json");
    expect((JSON.parse(strict.stdout) as RunRecord[])[0]!.verdict).toMatchObject({
      limit: { limit: "30/m", origin: "flag", status: "kept" },
      loss: { allowed: { amount: 1 }, brokenIn: 1 },
      broken: ["loss"],
    });
    expect(strict.status).toBe(1);
    expect(await workplace.run("report", "one", "--limit", "1/m")).toMatchObject({ status: 1 });
    expect(await workplace.run("report", "one", "--max-loss", "20%")).toMatchObject({ status: 0 });
  });

  it("fails JUnit for what was asked of the run, then or now, and not for what was not", async () => {
    const asked = aRecord({
      runId: "one",
      expected: { ...record.expected!, maxLoss: { allowed: { amount: 0 }, origin: "flag" } },
    });
    const junit = async (one: object, ...args: string[]) =>
      (await workplaceWith(one).run("report", "one", "--junit", ...args)).stdout;
    expect(await junit(record)).toContain('failures="0"');
    expect(await junit(asked)).toContain(
      '<failure type="loss" message="Lost 2 of 12 events (dead-lettered), more than the 0 allowed."',
    );
    expect(await junit(record, "--limit", "1/m")).toMatch(/<failure type="limit" message="Limit 1\/m exceeded in/);
    expect(await junit(record)).toContain("Limit 1/s kept, peak 1 call in one second; lost 2 of 12 events");
  });

  it("says that it cannot judge a limit of a record of an earlier version", async () => {
    const left = JSON.parse(readFileSync(new URL("../unit/records/left-by-a-run.json", import.meta.url), "utf8"));
    const { stdout, status } = await workplaceWith(left).run("report", "latest", "--limit", "1/s");
    expect(stdout).toContain("Limit 1/s cannot be judged, because the record does not keep the calls");
    expect(status).toBe(0);
  });
});

describe("compare", () => {
  const paced = aRecord({ runId: "paced", summary: aSummary(260), seed: 1 });
  const crowded = {
    ...paced,
    runId: "crowded",
    seed: 2,
    calls: callsOf([0, 100, 200, 300], "rows", paced.expected!.limit),
  };
  const compare = async (...args: string[]) => {
    const workplace = aWorkplace();
    mkdirSync(join(workplace.directory, ".throttle-bench/runs"), { recursive: true });
    for (const one of [paced, crowded]) {
      workplace.write(`.throttle-bench/runs/${one.runId}.json`, JSON.stringify(one));
    }
    return workplace.run("compare", ...args);
  };

  it("ends 1 where a limit that was kept is exceeded, although no figure got worse, and says so first", async () => {
    const { status, stdout } = await compare("paced", "crowded");
    expect(status).toBe(1);
    expect(stdout).toContain("base: Limit 1/s kept, peak 1 call in one second; no event lost");
    expect(stdout).toContain("candidate: Limit 1/s exceeded in 1 second, peak 4 calls in one second; no event lost");
    expect(stdout.indexOf("candidate: Limit")).toBeLessThan(stdout.indexOf("┌"));
    expect(stdout.replace(/\s+/g, " ")).toContain(
      "Regression in scenario-4: limit 1/s exceeded in 1 second, peak 4 calls in one second, where it was kept before.",
    );
    expect(await compare("crowded", "paced")).toMatchObject({ status: 0 });
  });

  it("judges both by a limit that is given, and ends 1 when the candidate breaks it", async () => {
    expect(await compare("paced", "crowded", "--limit", "9/s")).toMatchObject({ status: 0 });
    expect(await compare("crowded", "crowded", "--limit", "3/s")).toMatchObject({ status: 1 });
    expect(await compare("crowded", "crowded")).toMatchObject({ status: 0 });
    const [comparison] = JSON.parse((await compare("paced", "crowded", "--limit", "3/s", "--json")).stdout);
    expect(comparison.verdicts).toMatchObject({
      base: { limit: { status: "kept" } },
      candidate: { limit: { status: "exceeded", origin: "flag" }, broken: ["limit"] },
      turned: ["limit"],
    });
    expect(JSON.stringify(comparison)).not.toContain('"judged"');
  });
});
