/** A run that is interrupted, or killed, in each of its steps: the real binary against the served model, and nothing is left behind. */
import { existsSync, readFileSync } from "node:fs";
import { DescribeStacksCommand } from "@aws-sdk/client-cloudformation";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { RunRecord } from "../../src/model.ts";
import { type Faults, faultsBefore } from "./faults.ts";
import { openDatabase, type Serving, serving, type TestDatabase } from "./serving.ts";
import { aPlace, journalIn, type Place, type StartedRun, start, until } from "./started-run.ts";

let database: TestDatabase;
let served: Serving;
let faults: Faults;
let place: Place;
let runId: string;
let runs = 0;

beforeAll(async () => {
  database = await openDatabase();
  served = await serving(database.url, { speed: 60 });
});
afterAll(async () => {
  await served.close();
  await database.close();
});
beforeEach(async () => {
  faults = await faultsBefore(served.endpoint);
  place = aPlace(faults.endpoint, served.clockUrl, database.url);
  runId = `stopped-${++runs}`;
});
afterEach(() => faults.close());

const events = 100;

/** A step of a run: how it is known that the run is in it, what it needs for that, and what is there when it is interrupted. */
interface Step {
  name: string;
  isIn: (run: StartedRun) => boolean;
  flags?: string[];
  /** Its outcome, and whether all events completed; null: nothing had been measured, so there is no record. */
  record: { outcome: string; completed: "all" | "some" } | null;
}

const says = (text: string) => (run: StartedRun) => run.stderr().includes(text);
const asks = (operation: string) => () => faults.operations.includes(operation);

/** 25 s of burst, and about two minutes until the last event is through. */
const slow = ["--rate", "4/s", "--no-wait"];
/** All through within seconds. */
const fast = ["--set", "WorkMs=0"];

const steps: Step[] = [
  { name: "the stack is created", isIn: says("CREATE_IN_PROGRESS"), record: null },
  { name: "code is uploaded", isIn: says("uploading the code of"), record: null },
  { name: "the burst is fired", isIn: asks("Invoke"), record: null },
  {
    name: "the events come",
    isIn: says(`of ${events} completed`),
    record: { outcome: "interrupted", completed: "some" },
  },
  {
    name: "CloudWatch is waited for",
    isIn: says("waiting for CloudWatch"),
    flags: fast,
    record: { outcome: "drained", completed: "all" },
  },
  {
    name: "the stack is deleted",
    isIn: asks("DeleteStack"),
    flags: [...fast, "--no-wait"],
    record: { outcome: "drained", completed: "all" },
  },
];

async function stopIn({ isIn, flags = slow }: Step, signal: NodeJS.Signals): Promise<number | null> {
  const scenario = flags === slow ? "scenario-4" : "scenario-5";
  const run = start(place, scenario, "--events", String(events), "--run-id", runId, ...flags);
  await until(run, () => isIn(run));
  run.child.kill(signal);
  return run.ended;
}

async function stacksLeft(): Promise<string[]> {
  const { Stacks } = await served.cloudFormation.send(new DescribeStacksCommand({}));
  return Stacks!.map(({ StackName, StackStatus }) => `${StackName} ${StackStatus}`);
}

function recorded(): RunRecord | null {
  const file = `${place.workplace.directory}/.throttle-bench/runs/${runId}.json`;
  return existsSync(file) ? JSON.parse(readFileSync(file, "utf8")) : null;
}

describe("Ctrl-C", () => {
  it.each(steps)(
    "while $name ends with 130, cleans up, and keeps what was measured",
    { timeout: 60_000 },
    async (step) => {
      expect(await stopIn(step, "SIGINT")).toBe(130);
      expect(await stacksLeft()).toEqual([]);
      expect(journalIn(place.workplace, runId)).toBe("");
      const record = recorded();
      if (step.record === null) return expect(record).toBeNull();
      expect(record).toMatchObject({
        outcome: step.record.outcome,
        cleanUp: `The stack throttle-bench-${runId} was deleted.`,
        metricsWindow: { complete: false },
      });
      const { eventsCompleted, eventsMissing } = record!.summary;
      expect(eventsCompleted + eventsMissing).toBe(events);
      if (step.record.completed === "all") expect(eventsMissing).toBe(0);
      else expect(eventsMissing).toBeGreaterThan(0);
    },
  );
});

describe("a sudden end", () => {
  it.each(steps)("while $name leaves a run that can be gone on with", { timeout: 60_000 }, async (step) => {
    expect(await stopIn(step, "SIGKILL")).toBeNull();
    expect(journalIn(place.workplace, runId)).not.toBe("");
    expect(recorded()).toBeNull();
    const { status, stderr } = await place.workplace.runBinary(place.environment, "resume", runId, "--json");
    expect({ status, stderr }).toEqual({ status: 0, stderr: expect.stringContaining("The record is") });
    expect(recorded()).toMatchObject({
      outcome: "drained",
      summary: { totalEvents: events, eventsCompleted: events, eventsMissing: 0, duplicates: 0 },
    });
    expect(faults.operations.filter((operation) => operation === "Invoke")).toHaveLength(1);
    expect(journalIn(place.workplace, runId)).toBe("");
    expect(await stacksLeft()).toEqual([]);
  });

  it.each([steps[0]!, steps[3]!, steps[5]!])(
    "while $name leaves nothing that clean does not remove",
    { timeout: 60_000 },
    async (step) => {
      expect(await stopIn(step, "SIGKILL")).toBeNull();
      const { workplace, environment } = place;
      const cleaned = await workplace.runBinary(environment, "clean", runId, "--yes");
      // A deletion that was under way may be over: then there is none of this name.
      expect(step.name === "the stack is deleted" ? [0, 2] : [0]).toContain(cleaned.status);
      expect(await stacksLeft()).toEqual([]);
      expect(await workplace.runBinary(environment, "resume", runId, "--drop")).toMatchObject({ status: 0 });
      expect(journalIn(workplace, runId)).toBe("");
    },
  );
});
