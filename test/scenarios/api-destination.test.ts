/** The scenario api-destination: its pace, what waits too long, and its secret key. */
import { GetFunctionConfigurationCommand, LambdaClient } from "@aws-sdk/client-lambda";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { bench } from "../../src/bench.ts";
import type { RunRecord } from "../../src/model.ts";
import { findScenario } from "../../src/scenarios/catalogue.ts";
import { simulateRecord } from "../../src/simulation/simulate.ts";
import { deployStack } from "../../src/stacks/deployment.ts";
import { tagNames } from "../../src/stacks/tags.ts";
import { Clients } from "../../src/targets/clients.ts";
import { openLocal } from "../../src/targets/local.ts";
import { openDatabase, type TestDatabase } from "../postgres/a-database.ts";
import { aContext, aRequest } from "./a-request.ts";

const scenario = findScenario("api-destination");

function simulated(events: number, set: readonly string[], seed = 1): Promise<RunRecord> {
  const request = aRequest(scenario, { runId: "run", events, set, timeoutMs: 86_400_000 });
  return simulateRecord({ request, model: { platform: "2026", profile: null, ranges: true, seed, constants: {} } });
}

describe("api-destination", () => {
  it("calls the downstream at most once a second, and loses nothing", async () => {
    for (let seed = 1; seed <= 5; seed++) {
      const { summary, calls } = await simulated(150, [], seed);
      expect(summary).toMatchObject({ eventsCompleted: 150, eventsFailed: 0, eventsMissing: 0, duplicates: 0 });
      expect(calls!.breach).toMatchObject({ exceededSeconds: 0, peak: 1 });
    }
  });

  it("comes too close after cold starts where neither a reservation nor a hold is there", async () => {
    const { calls } = await simulated(150, ["ReservedConcurrency=100", "HoldMs=0"]);
    expect(calls!.breach!.peak).toBeGreaterThan(1);
  });

  it("dead-letters what waits longer than MaximumEventAge, so that every event is accounted for", async () => {
    const { summary, outcome } = await simulated(150, ["MaximumEventAge=60"]);
    expect(summary.eventsMissing).toBe(0);
    expect(summary.eventsCompleted + summary.eventsFailed).toBe(150);
    expect(summary.eventsCompleted).toBeGreaterThan(50);
    expect(summary.eventsFailed).toBeGreaterThan(70);
    expect(outcome).toBe("drained");
  });

  it("works failed events again, until none is left", async () => {
    const { summary, details } = await simulated(100, ["FailureRate=0.2"]);
    expect(summary).toMatchObject({ eventsCompleted: 100, eventsFailed: 0, eventsMissing: 0 });
    // The consumer answers a failure, and does not throw it.
    expect(details.errors).toBe(0);
    expect(details.calls!.atLeast).toBeGreaterThan(110);
  });

  it("gives up poisonous events alone, when their retries are used up", async () => {
    const { summary } = await simulated(100, ["PoisonRate=0.05", "MaximumRetryAttempts=3"]);
    expect(summary.eventsMissing).toBe(0);
    expect(summary.eventsFailed).toBeGreaterThan(0);
    expect(summary.eventsCompleted).toBe(100 - summary.eventsFailed);
  });
});

describe("the key of the public URL", () => {
  let database: TestDatabase;
  const keys: string[] = [];
  const said: string[] = [];

  beforeAll(async () => {
    database = await openDatabase();
    for (const runId of ["one", "two"]) {
      const local = await openLocal({
        databaseUrl: database.url,
        platform: "2026",
        seed: 1,
        log: (_, message) => said.push(message),
      });
      const { configuration } = local.clients;
      const { handle } = configuration.requestHandler;
      const requestHandler = {
        ...configuration.requestHandler,
        async handle(request: { body?: unknown }, ...rest: unknown[]) {
          const form = new URLSearchParams(typeof request.body === "string" ? request.body : "");
          for (const [name, value] of form) {
            if (value !== "UrlKey" || !name.endsWith("ParameterKey")) continue;
            keys.push(form.get(name.replace("ParameterKey", "ParameterValue"))!);
          }
          const answer = await handle.call(configuration.requestHandler, request, ...rest);
          if (form.get("Action")?.startsWith("Describe")) {
            said.push(new TextDecoder().decode(answer.response.body as Uint8Array));
          }
          return answer;
        },
      };
      const target = { ...local, clients: new Clients({ ...configuration, requestHandler }) };
      const record = await bench(target, aRequest(scenario, { runId, events: 5 }), aContext());
      said.push(JSON.stringify(record));
      await local.close();
    }
  });
  afterAll(() => database.close());

  it("is long, and another in each run", () => {
    expect(keys.length).toBe(2);
    for (const key of keys) expect(key).toMatch(/^[A-Za-z0-9_-]{43}$/);
    expect(keys[0]).not.toBe(keys[1]);
  });

  it("stays the stack's where a run goes on with the stack that it has", async () => {
    const target = await openLocal({ databaseUrl: null, platform: "2026", seed: 1 });
    const signal = new AbortController().signal;
    const [first, second] = ["a", "b"].map((letter) => letter.repeat(43));
    const request = { name: "throttle-bench-x", templateBody: scenario.templateBody, signal };
    const parameters = { DatabaseUrl: "postgresql://memory", UrlKey: first! };
    const tags = { [tagNames.kind]: "run" };
    await deployStack(target, { ...request, tags, parameters, clientRequestToken: "one" }, () => {});
    const { outputs } = await deployStack(
      target,
      {
        ...request,
        tags,
        parameters: { ...parameters, UrlKey: second! },
        keptParameters: ["UrlKey"],
        clientRequestToken: "two",
      },
      () => {},
    );
    const asked = new GetFunctionConfigurationCommand({ FunctionName: outputs.get("ConsumerFunction")! });
    const { Environment } = await target.clients.get(LambdaClient).send(asked);
    expect(Environment!.Variables!.URL_KEY).toBe(first);
    await target.close();
  });

  it("is in no record, no log and no answer about a stack", () => {
    expect(said.length).toBeGreaterThan(10);
    for (const key of keys) expect(said.filter((text) => text.includes(key))).toEqual([]);
  });
});
