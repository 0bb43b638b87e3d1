/**
 * The downstream's calls, of the model and of a real Postgres with real parallel clients, held to the same bounds.
 * Provenance: assumed; a limit is what this package defines it to be, and on AWS the same statements decide it.
 */
import { describe, expect, it } from "vitest";
import { connect } from "../../infra/handlers/aws/database.ts";
import { type Limit, limitWindowMs } from "../../infra/handlers/limit.ts";
import type { CallAnswer, CallRequest } from "../../infra/handlers/ports.ts";
import { Invocations } from "../../src/database/invocations.ts";
import { Kernel } from "../../src/emulator/kernel/kernel.ts";
import { Database } from "../../src/emulator/lambda/downstream.ts";
import { constantsOf } from "../../src/emulator/platforms/platforms.ts";
import type { Call } from "../../src/model.ts";
import { openDatabase } from "../postgres/a-database.ts";
import { aTableOfTheHandlers } from "../postgres/a-table-of-the-handlers.ts";

/** One instance's way to the downstream. */
type Client = (request: CallRequest) => Promise<CallAnswer>;

interface World {
  open(): Promise<Client>;
  sleep(ms: number): Promise<void>;
  /** Lets time pass until all are through. */
  until<T>(promise: Promise<T>): Promise<T>;
  calls(runId: string): Promise<Call[]>;
}

// An account may have set this for all its sessions.
const opened = aTableOfTheHandlers("default_transaction_isolation to 'serializable'");

function aPostgres(): World {
  return {
    open: async () => (await connect()).call,
    sleep: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
    until: (promise) => promise,
    calls: (runId) => opened.table.calls(runId),
  };
}

function aModel(): World {
  const kernel = new Kernel(Date.UTC(2026, 0, 1), 1);
  const calls: Call[] = [];
  const tables = { insertRow() {}, insertCall: (call: Call) => void calls.push(call) };
  const downstream = new Database(kernel, constantsOf("2026"), tables);
  const sleep = (ms: number) => new Promise<void>((resolve) => kernel.after(ms, () => kernel.wake(resolve)));
  return {
    open: async () => async (request) => {
      const { roundTripMs, answer } = downstream.call(request, "");
      await sleep(roundTripMs);
      return answer;
    },
    sleep,
    until: (promise) => kernel.advanceUntil(promise, "the clients"),
    calls: async (runId) => calls.filter((call) => call.runId === runId),
  };
}

const limit: Limit = { calls: 3, perMs: 250 };
const clients = 8;
const callsOfEach = 12;

describe.each([
  ["the model", aModel],
  ["Postgres", aPostgres],
])("the downstream of %s", (_name, open) => {
  it("takes no more calls in any window than its limit, however many clients call at once, and records each call", async () => {
    const world = open();
    const runId = `limited-${_name}`;
    const answers: CallAnswer[] = [];
    const callOften = async (client: number) => {
      const call = await world.open();
      for (let n = 0; n < callsOfEach; n++) {
        const answer = await call({ runId, id: client * 100 + n, fails: client === 0, limit, countsRefused: false });
        answers.push(answer);
        // Some wait as long as they are told, and some do not.
        if (answer.refused) await world.sleep(client % 2 === 0 ? answer.retryAfterMs : 7);
      }
    };
    await world.until(Promise.all(Array.from({ length: clients }, (_, client) => callOften(client))));

    const calls = await world.calls(runId);
    expect(calls.map(({ id }) => id).sort((a, b) => a - b)).toEqual(
      Array.from({ length: clients * callsOfEach }, (_, n) => Math.floor(n / callsOfEach) * 100 + (n % callsOfEach)),
    );
    expect(calls.filter(({ outcome }) => outcome === "refused")).toHaveLength(
      answers.filter(({ refused }) => refused).length,
    );
    expect(answers.every(({ refused, retryAfterMs }) => (refused ? retryAfterMs > 0 : retryAfterMs === 0))).toBe(true);
    expect(Math.max(...answers.map(({ retryAfterMs }) => retryAfterMs))).toBeLessThanOrEqual(limitWindowMs(limit));
    for (const { id, outcome } of calls) {
      if (outcome !== "refused") expect(outcome).toBe(id < 100 ? "failed" : "accepted");
    }
    const taken = calls.filter(({ outcome }) => outcome !== "refused").map(({ beganAt }) => beganAt);
    expect(taken.length).toBeGreaterThan(limit.calls);
    for (const [index, beganAt] of taken.entries()) {
      const nthBefore = taken[index - limit.calls];
      if (nthBefore !== undefined) expect(beganAt - nthBefore).toBeGreaterThanOrEqual(limitWindowMs(limit));
    }
    // The n-th call before a refused one was still in its window.
    for (const { outcome, beganAt } of calls) {
      if (outcome !== "refused") continue;
      const within = taken.filter((at) => at <= beganAt && at >= beganAt - limitWindowMs(limit));
      expect(within.length).toBeGreaterThanOrEqual(limit.calls);
    }
  });

  it("takes the call that comes after the time that a refusal named", async () => {
    const world = open();
    const request: CallRequest = {
      runId: `again-${_name}`,
      id: 1,
      fails: false,
      limit: { calls: 1, perMs: 200 },
      countsRefused: false,
    };
    const ask = async () => {
      const call = await world.open();
      const answers: CallAnswer[] = [];
      for (let n = 0; n < 3; n++) {
        answers.push(await call(request));
        await world.sleep(answers.at(-1)!.retryAfterMs);
      }
      return answers.map(({ refused }) => refused);
    };
    expect(await world.until(ask())).toEqual([false, true, false]);
  });

  it("refuses whoever asks too early again and again, where refused calls count", async () => {
    const world = open();
    const request: CallRequest = {
      runId: `counted-${_name}`,
      id: 1,
      fails: false,
      limit: { calls: 1, perMs: 1_100 },
      countsRefused: true,
    };
    const ask = async () => {
      const call = await world.open();
      const answers: CallAnswer[] = [];
      for (let n = 0; n < 5; n++) {
        answers.push(await call(request));
        await world.sleep(300);
      }
      await world.sleep(700);
      answers.push(await call(request));
      return answers;
    };
    const answers = await world.until(ask());
    expect(answers.map(({ refused }) => refused)).toEqual([false, true, true, true, true, false]);
    for (const { refused, retryAfterMs } of answers) if (refused) expect(retryAfterMs).toBeGreaterThan(0);
  });

  it("keeps the limits of two runs apart, and refuses nothing without one", async () => {
    const world = open();
    const ask = async () => {
      const call = await world.open();
      const refused: boolean[] = [];
      for (const [runId, given] of [
        ["one", limit],
        ["other", limit],
        ["one", null],
      ] as const) {
        for (let id = 1; id <= 3; id++) {
          refused.push(
            (await call({ runId: `${runId}-${_name}`, id, fails: false, limit: given, countsRefused: false })).refused,
          );
        }
      }
      return refused;
    };
    expect(await world.until(ask())).toEqual(Array.from({ length: 9 }, () => false));
  });
});

describe("the calls of a database", () => {
  it("are read back as they were written, by time and id", async () => {
    const call = (id: number, beganAt: number, outcome: Call["outcome"]): Call => ({
      runId: "kept",
      id,
      beganAt,
      outcome,
    });
    const start = Date.UTC(2026, 0, 1);
    await opened.table.insertCalls([
      call(2, start + 5, "refused"),
      call(1, start + 5, "accepted"),
      call(3, start + 1, "failed"),
    ]);
    expect(await opened.table.calls("kept")).toEqual([
      call(3, start + 1, "failed"),
      call(1, start + 5, "accepted"),
      call(2, start + 5, "refused"),
    ]);
    expect(await opened.table.calls("another")).toEqual([]);
  });

  it("are none where there is no such table, as in a database of an earlier version", async () => {
    const earlier = await openDatabase();
    const connected = await Invocations.open(earlier.url);
    expect(await connected.calls("any")).toEqual([]);
    await connected.close();
    await earlier.close();
  });
});
