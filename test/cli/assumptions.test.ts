/** The downstream is the user's own: no number of it is hidden, and none that nobody asked for decides a run. */
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { RunRecord } from "../../src/model.ts";
import { modelNumbers, numberNames, readNumber } from "../../src/targets/assumptions.ts";
import { openDatabase, type TestDatabase } from "../postgres/a-database.ts";
import { aProfile } from "../unit/records/a-profile.ts";
import { openWorkplace } from "./throttle-bench.ts";

let workplace: ReturnType<typeof openWorkplace>;
let database: TestDatabase;

beforeAll(async () => {
  workplace = openWorkplace();
  database = await openDatabase();
});
afterAll(async () => {
  workplace.remove();
  await database.close();
});

async function recordOf(...args: string[]): Promise<RunRecord> {
  const { status, stdout, stderr } = await workplace.run("run", ...args, "--json", "--database-url", database.url);
  expect(stderr).not.toContain("error:");
  expect(status).toBe(0);
  return (JSON.parse(stdout) as [RunRecord])[0];
}

describe("by default", () => {
  it("a short piece of work fits into a short timeout: no connection takes longer than it", async () => {
    const { summary, details } = await recordOf(
      ...["scenario-1", "--events", "100", "--set", "WorkMs=100", "--set", "ConsumerTimeout=3"],
    );
    expect(details.errors).toBe(0);
    expect(summary.eventsCompleted).toBe(100);
  });

  it("a burst without a throttle loses nothing to connections that nobody limited", async () => {
    const { summary, details } = await recordOf("scenario-1", "--rate", "100/s", "--events", "1000");
    expect(summary).toMatchObject({ eventsCompleted: 1_000, eventsFailed: 0 });
    expect(summary.maxConcurrency).toBeGreaterThan(97);
    expect(details.errors).toBe(0);
  });

  it("short work is bounded by the burst's pace and the mapping, not by an insert", async () => {
    const { summary } = await recordOf("scenario-5", "--set", "WorkMs=50");
    const { avg, max } = summary.insertsPerSecond;
    expect(max).toBeGreaterThanOrEqual(50);
    expect(max).toBeLessThanOrEqual(80);
    expect(avg).toBeGreaterThanOrEqual(30);
    expect(avg).toBeLessThanOrEqual(50);
  });

  it("a large backlog behind a large reservation drains without an error", async () => {
    const { summary, details } = await recordOf(
      ...[
        "scenario-5",
        "--events",
        "5000",
        "--rate",
        "max",
        "--set",
        "ReservedConcurrency=900",
        "--set",
        "WorkMs=5000",
      ],
      ...["--set", "ConsumerTimeout=30", "--set", "VisibilityTimeout=180", "--set", "MaxReceiveCount=5"],
    );
    expect(summary).toMatchObject({ eventsCompleted: 5_000, eventsFailed: 0 });
    expect(details).toMatchObject({ errors: 0, throttles: 0 });
    expect(summary.timeTakenSeconds).toBeLessThan(180);
  });
});

/** The numbers of a record by their names, as `value origin`. */
function numbersOf({ assumptions }: RunRecord): Record<string, string> {
  return Object.fromEntries(assumptions!.map(({ name, value, origin }) => [name, `${value} ${origin}`]));
}

const few = ["scenario-5", "--events", "20"];

describe("an assumed number", () => {
  it("stands in the record with its unit and its origin, beside the downstream's others", async () => {
    const record = await recordOf(...few, "--assume", "database.connectMs=40");
    expect(numbersOf(record)).toEqual({
      "lambda.accountConcurrency": "1000 platform",
      "mapping.throttlePolicy": "0 platform",
      "database.connectMs": "40 given",
      "database.insertMedianMs": "4 platform",
      "database.sigma": "0.2 platform",
      "database.maximumConnections": "none platform",
    });
    expect(record.assumptions!.find(({ name }) => name === "database.connectMs")).toMatchObject({
      unit: "ms",
      range: [5, 60],
    });
  });

  it("decides: a database that takes 20 connections refuses the others", async () => {
    const burst = ["scenario-1", "--events", "200", "--rate", "max"];
    const limited = await recordOf(...burst, "--assume", "database.maximumConnections=20");
    expect(limited.details.errors).toBeGreaterThan(50);
    expect((await recordOf(...burst, "--assume", "database.maximumConnections=none")).details.errors).toBe(0);
  });

  it("comes from --assume, then the file, then the draw, then the profile, then the platform", async () => {
    const own = openWorkplace();
    try {
      mkdirSync(join(own.directory, ".throttle-bench/profiles"), { recursive: true });
      own.write(".throttle-bench/profiles/mine.json", JSON.stringify(aProfile()));
      own.write(
        "throttle-bench.config.yaml",
        "calibration: mine\nassume:\n  mapping.overheadMs: 111\n  database.connectMs: '33'\n",
      );
      const originsBy = async (...flags: string[]) => {
        const { stdout } = await own.run("show", "model", "--json", ...flags);
        const shown = JSON.parse(stdout) as { name: string; value: number; origin: string }[];
        return Object.fromEntries(shown.map(({ name, value, origin }) => [name, { value, origin }]));
      };
      expect(await originsBy("--assume", "database.connectMs=44", "--assume", "database.connectMs=45")).toMatchObject({
        "database.connectMs": { value: 45, origin: "given" },
        "mapping.overheadMs": { value: 111, origin: "configuration" },
        "database.insertMedianMs": { value: 20, origin: "profile" },
        "database.sigma": { value: 0.2, origin: "platform" },
      });
      const drawn = await originsBy("--ranges", "--seed", "3", "--assume", "database.connectMs=44");
      expect(drawn).toMatchObject({
        "database.connectMs": { value: 44, origin: "given" },
        "mapping.overheadMs": { value: 111, origin: "configuration" },
        "database.insertMedianMs": { origin: "drawn" },
        "database.maximumConnections": { value: "none", origin: "platform" },
        "lambda.accountConcurrency": { value: 1_000, origin: "platform" },
      });
      const [low, high] = aProfile().constants["database.insertMedianMs"]!.interval;
      expect(drawn["database.insertMedianMs"]!.value).toBeGreaterThanOrEqual(low);
      expect(drawn["database.insertMedianMs"]!.value).toBeLessThanOrEqual(high);
    } finally {
      own.remove();
    }
  });

  it("is not drawn by --ranges, while all unknown ones are, in a run as in `show model`", async () => {
    const ranges = ["--ranges", "--repeat", "1", "--seed", "5", "--assume", "database.insertMedianMs=7"];
    const record = await recordOf(...few, ...ranges);
    const numbers = numbersOf(record);
    expect(numbers["database.insertMedianMs"]).toBe("7 given");
    expect(numbers["database.maximumConnections"]).toBe("none platform");
    const { stdout } = await workplace.run(
      "show",
      "model",
      "--json",
      ...ranges.filter((_, at) => at !== 1 && at !== 2),
    );
    for (const { name, value, origin } of JSON.parse(stdout)) {
      if (origin === "drawn") expect(numbers[name]).toBe(`${value} drawn`);
    }
    expect(Object.values(numbers).filter((number) => number.endsWith(" drawn")).length).toBeGreaterThan(20);
  });

  it("of a file that is no number is refused before anything is touched", async () => {
    const own = openWorkplace();
    try {
      own.write("throttle-bench.config.yaml", "assume:\n  database.conectMs: 20\n");
      const { status, stdout, stderr } = await own.run("run", ...few);
      expect(stderr).toMatch(
        /^error: the configuration file's assume: database\.conectMs .*did you mean database\.con/,
      );
      expect({ status, stdout, files: own.files() }).toEqual({
        status: 2,
        stdout: "",
        files: ["throttle-bench.config.yaml"],
      });
    } finally {
      own.remove();
    }
  });
});

describe("a number that decided what became of events", () => {
  const decidedBy = ({ caveats }: RunRecord) =>
    Object.fromEntries(
      caveats.flatMap((caveat) => (caveat.code === "assumption-decided" ? [[caveat.name, caveat.count]] : [])),
    );

  it("is named where the database has no connection left, as often as that", async () => {
    const burst = ["scenario-1", "--events", "200", "--rate", "max", "--assume", "database.maximumConnections=20"];
    const record = await recordOf(...burst);
    // The recorder of dead letters needs connections, too.
    expect(decidedBy(record)["database.maximumConnections"]).toBeGreaterThanOrEqual(record.details.errors!);
    expect(Object.keys(decidedBy(record))).toEqual(["database.maximumConnections"]);
    expect((await workplace.run("report", record.runId)).stdout.replace(/\n +/g, " ")).toMatch(
      /! \d+ connections were refused, because the model's database takes 20 at once \(database\.maximumConnections=20, given\)\./,
    );
  });

  it("is named where invocations time out while connecting, and not where they time out at work", async () => {
    const slow = ["scenario-1", "--events", "10", "--set", "ConsumerTimeout=2", "--set", "MaximumRetryAttempts=0"];
    const record = await recordOf(...slow, "--assume", "database.connectMs=10000");
    expect(decidedBy(record)).toEqual({ "database.connectMs": 10 });
    expect(record.caveats).toContainEqual(
      expect.objectContaining({ code: "assumption-implausible", name: "database.connectMs", range: [5, 60] }),
    );
    const working = await recordOf(...slow, "--set", "WorkMs=3000");
    expect(working.details.errors).toBe(10);
    expect(decidedBy(working)).toEqual({});
  });

  it("is named where the account's quota throttles, and not where a reservation does", async () => {
    const quota = ["--assume", "lambda.accountConcurrency=105"];
    const burst = ["--events", "400", "--rate", "max", ...quota];
    const unreserved = await recordOf("scenario-1", ...burst);
    expect(decidedBy(unreserved)).toEqual({ "lambda.accountConcurrency": unreserved.details.throttles });
    const reserved = await recordOf("scenario-5", ...burst);
    expect(reserved.details.throttles).toBeGreaterThan(0);
    expect(decidedBy(reserved)).toEqual({});
  });

  it("is named where events behind a queue are lost under throttles, as it is not known what a mapping does then", async () => {
    const record = await recordOf("scenario-3", "--events", "200");
    expect(record.summary.eventsFailed).toBeGreaterThan(0);
    expect(decidedBy(record)).toEqual({ "mapping.throttlePolicy": record.summary.eventsFailed });
    expect(decidedBy(await recordOf("scenario-4", "--events", "50"))).toEqual({});
  });

  it("is counted over all repetitions", async () => {
    const burst = ["scenario-1", "--events", "100", "--rate", "max", "--assume", "database.maximumConnections=20"];
    let refused = 0;
    for (const seed of ["1", "2", "3"]) {
      refused += decidedBy(await recordOf(...burst, "--seed", seed))["database.maximumConnections"]!;
    }
    expect(decidedBy(await recordOf(...burst, "--repeat", "3"))).toEqual({ "database.maximumConnections": refused });
  });
});

describe("a new account's quota of 10", () => {
  const quota = ["--assume", "lambda.accountConcurrency=10"];

  it("lets nothing be reserved: status 3 in AWS's words, with the cure, and nothing is left", async () => {
    const refused = ["run", "scenario-4", ...quota, "--run-id", "reserving", "--database-url", database.url];
    const { status, stdout, stderr } = await workplace.run(...refused);
    expect({ status, stdout }).toEqual({ status: 3, stdout: "" });
    expect(stderr).toMatch(
      /ConsumerFunction \(AWS::Lambda::Function\) failed: Resource handler returned message: "Specified ReservedConcurrentExecutions for function decreases account's UnreservedConcurrentExecution below its minimum value of \[10\]\. .*HandlerErrorCode: InvalidRequest\); ask for a higher quota of concurrent executions in Service Quotas, or lower ReservedConcurrency by --set: 10 must stay unreserved/,
    );
    expect(stderr).toContain("It leaves nothing but its rows");
    expect((await workplace.run("report", "reserving")).status).toBe(2);
  });

  it("runs no more at once", async () => {
    const { summary, details } = await recordOf("scenario-1", "--events", "200", "--rate", "max", ...quota);
    expect(summary).toMatchObject({ maxConcurrency: 10, eventsCompleted: 200 });
    expect(details.throttles).toBeGreaterThan(0);
  });
});

it("begins the nights anew where another number is given", async () => {
  const nightly = ["nightly", "scenario-5", "--events", "20", "--repeat", "1", "--database-url", database.url];
  const assumed = [...nightly, "--assume", "database.connectMs=40"];
  expect((await workplace.run(...assumed)).stdout).toContain("no baseline");
  expect((await workplace.run(...assumed)).stdout).not.toContain("no baseline");
  expect((await workplace.run(...nightly)).stdout.replace(/\n +/g, " ")).toMatch(/numbers of the model/);
});

describe("a report", () => {
  it("tells the assumed downstream in one line, and all of it with --details", async () => {
    const { runId } = await recordOf(...few);
    const { stdout } = await workplace.run("report", runId);
    expect(stdout).toContain(
      "\nAssumed: database.connectMs=20, database.insertMedianMs=4, database.maximumConnections=none\n",
    );
    expect(stdout).not.toContain("Given:");
    expect((await workplace.run("report", runId, "--details")).stdout).toMatch(
      /lambda\.accountConcurrency +│ 1000 concurrent invocations │ of the platform/,
    );
  });

  it("always tells what was given", async () => {
    const { runId } = await recordOf(...few, "--assume", "lambda.accountConcurrency=500");
    expect((await workplace.run("report", runId)).stdout).toContain("\nGiven: lambda.accountConcurrency=500\n");
  });
});

describe("`show model`", () => {
  it("prints every number with unit, value, origin, range, confidence and source", async () => {
    const { stdout, status } = await workplace.run("show", "model", "--assume", "database.connectMs=40");
    expect(status).toBe(0);
    expect(stdout).toMatch(/^ {2}database\.connectMs = 40 ms \[by --assume; plausible: 5 to 60\]\n {4}\S/m);
    expect(stdout).toMatch(/^ {2}database\.maximumConnections = no limit \[of the platform 2026; chosen\]/m);
    expect(stdout).toMatch(/^ {2}lambda\.scalingBucket = 1000 new environments \[of the platform 2026; documented\]/m);
    const shown = JSON.parse((await workplace.run("show", "model", "--platform", "2020", "--json")).stdout);
    expect(shown.map(({ name }: { name: string }) => name)).toEqual(numberNames);
    for (const each of shown) expect(Object.keys(each)).toEqual(Object.keys(shown[0]));
    expect(shown).toContainEqual(
      expect.objectContaining({ name: "database.maximumConnections", value: 97, unit: "connections", range: null }),
    );
  });
});

describe("every number", () => {
  it("has a unit, and its platforms' values and ranges are possible", () => {
    for (const platform of ["2020", "2026"] as const) {
      for (const { name, value, range } of modelNumbers({ platform, seed: 1 })) {
        for (const each of [value, ...(range ?? [])]) {
          // The scaling of 2020 refills by a fraction that no decimal has.
          const typed = each === Number.POSITIVE_INFINITY ? "none" : String(Number(each.toPrecision(12)));
          expect({ name, ...readNumber(name, typed) }).toMatchObject({ name, value: expect.any(Number) });
        }
      }
    }
  });
});
