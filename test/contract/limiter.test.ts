/**
 * The limiter, of the model and of a real Postgres with real parallel clients, held to the same bounds.
 * Provenance: assumed; a limiter is what this package defines it to be, and on AWS the same statement decides it.
 */
import { describe, expect, it } from "vitest";
import { connect } from "../../infra/handlers/aws/database.ts";
import type { Limiter } from "../../infra/handlers/limiter.ts";
import type { Grant, GrantRequest } from "../../infra/handlers/ports.ts";
import { Kernel } from "../../src/emulator/kernel/kernel.ts";
import { Database } from "../../src/emulator/lambda/downstream.ts";
import { constantsOf } from "../../src/emulator/platforms/platforms.ts";
import { aTableOfTheHandlers } from "../postgres/a-table-of-the-handlers.ts";

/** One instance's way to the limiter. */
type Client = (request: GrantRequest) => Promise<Grant>;

interface World {
  open(): Promise<Client>;
  now(): number;
  sleep(ms: number): Promise<void>;
  /** Lets time pass until all are through. */
  until<T>(promise: Promise<T>): Promise<T>;
}

aTableOfTheHandlers("timezone to 'Asia/Tokyo'", "default_transaction_isolation to 'serializable'");

function aPostgres(): World {
  return {
    open: async () => (await connect()).take,
    now: () => performance.now(),
    sleep: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
    until: (promise) => promise,
  };
}

function aModel(): World {
  const kernel = new Kernel(Date.UTC(2026, 0, 1), 1);
  const downstream = new Database(kernel, constantsOf("2026"), { insertRow() {}, insertCall() {} });
  const sleep = (ms: number) => new Promise<void>((resolve) => kernel.after(ms, () => kernel.wake(resolve)));
  return {
    open: async () => async (request) => {
      const { roundTripMs, answer } = downstream.take(request);
      await sleep(roundTripMs);
      return answer;
    },
    now: () => kernel.now,
    sleep,
    until: (promise) => kernel.advanceUntil(promise, "the clients"),
  };
}

const intervalMs = 40;
const bucket: Limiter = { kind: "token-bucket", intervalUs: intervalMs * 1_000, capacity: 3 };
const turns: Limiter = { kind: "reservation", intervalUs: intervalMs * 1_000, capacity: 1 };
const clients = 8;

/** The moment of a grant lies between these, by the client's clock. */
interface Granted {
  asked: number;
  answered: number;
}

describe.each([
  ["the model", aModel],
  ["Postgres", aPostgres],
])("the limiter of %s", (name, open) => {
  it("grants at most its capacity and what its rate adds, however many clients ask at once", async () => {
    const world = open();
    const granted: Granted[] = [];
    const refusals: number[] = [];
    const askOften = async (client: number) => {
      const take = await world.open();
      for (let n = 0; n < 12; n++) {
        const asked = world.now();
        const grant = await take({ runId: `bucket-${name}`, id: client, limiter: bucket, longestWaitMs: 0 });
        if (grant.granted) granted.push({ asked, answered: world.now() + grant.waitMs });
        else refusals.push(grant.waitMs);
        // Some wait as long as they are told, and some do not.
        if (!grant.granted) await world.sleep(client % 2 === 0 ? grant.waitMs : 7);
      }
    };
    await world.until(Promise.all(Array.from({ length: clients }, (_, client) => askOften(client))));

    expect(granted.length).toBeGreaterThan(bucket.capacity);
    expect(refusals.length).toBeGreaterThan(0);
    for (const waitMs of refusals) expect(waitMs > 0 && waitMs <= intervalMs).toBe(true);
    // A grant that was asked for and answered between two moments was made between them.
    for (const { asked: from } of granted) {
      for (const { answered: to } of granted.filter((each) => each.answered >= from)) {
        const within = granted.filter(({ asked, answered }) => asked >= from && answered <= to).length;
        expect(within).toBeLessThanOrEqual(bucket.capacity + (to - from) / intervalMs);
      }
    }
  });

  it("fills up again while it rests, and holds no more than its capacity", async () => {
    const world = open();
    const ask = async () => {
      const take = await world.open();
      const slow: Limiter = { ...bucket, intervalUs: 200_000 };
      const request = { runId: `rest-${name}`, id: 1, limiter: slow, longestWaitMs: 0 };
      await take({ ...request, id: 0 });
      const bursts: { granted: number; least: number; most: number }[] = [];
      let restedSince = { earliest: world.now(), latest: world.now() };
      for (const restMs of [0, 300, 900]) {
        await world.sleep(restMs);
        const asked = world.now();
        let granted = 0;
        while ((await take(request)).granted) granted++;
        const tokens = (ms: number) => ms / 200;
        const least = Math.min(slow.capacity, Math.floor(tokens(asked - restedSince.latest)));
        // Tokens that come while it is asked count, too.
        const most = Math.min(slow.capacity, tokens(asked - restedSince.earliest) + 1) + tokens(world.now() - asked);
        bursts.push({ granted, least, most: restMs === 0 ? slow.capacity : most });
        restedSince = { earliest: asked, latest: world.now() };
      }
      return bursts;
    };
    const bursts = await world.until(ask());
    for (const { granted, least, most } of bursts) {
      expect(granted).toBeGreaterThanOrEqual(least);
      expect(granted).toBeLessThanOrEqual(most);
    }
    expect(bursts.every(({ granted }) => granted > 0)).toBe(true);
  });

  it("reserves turns that are its interval apart, one for each event, however many ask at once", async () => {
    const world = open();
    const turnsGiven: { earliest: number; latest: number; waitMs: number }[] = [];
    const askOften = async (client: number) => {
      const take = await world.open();
      for (let n = 0; n < 5; n++) {
        const asked = world.now();
        const id = client * 100 + n;
        const { granted, waitMs } = await take({ runId: `turns-${name}`, id, limiter: turns, longestWaitMs: 60_000 });
        expect(granted).toBe(true);
        turnsGiven.push({ earliest: asked + waitMs - 1, latest: world.now() + waitMs, waitMs });
      }
    };
    await world.until(Promise.all(Array.from({ length: clients }, (_, client) => askOften(client))));

    expect(Math.min(...turnsGiven.map(({ waitMs }) => waitMs))).toBe(0);
    const inOrder = turnsGiven.toSorted((one, other) => one.earliest - other.earliest);
    const first = inOrder[0]!;
    // The requests came faster than the turns, so that the turns follow on each other, and no two are the same.
    for (const [index, { earliest, latest }] of inOrder.entries()) {
      expect(latest - first.earliest).toBeGreaterThanOrEqual(index * intervalMs);
      expect(earliest - first.latest).toBeLessThanOrEqual(index * intervalMs);
    }
  });

  it("keeps the turn of an event that cannot wait so long, and gives it once", async () => {
    const world = open();
    const ask = async () => {
      const take = await world.open();
      const other = await world.open();
      const request = (id: number, longestWaitMs: number) => {
        const limiter: Limiter = { ...turns, intervalUs: 3_000_000 };
        return { runId: `kept-${name}`, id, limiter, longestWaitMs };
      };
      const grants: Grant[] = [];
      grants.push(await take(request(1, 0)));
      grants.push(await take(request(2, 0)));
      grants.push(await take(request(3, 0)));
      await world.sleep(100);
      // Two deliveries of one event ask at once: one has the kept turn, and the other gets a turn of its own.
      grants.push(...(await Promise.all([take(request(2, 5_000)), other(request(2, 5_000))])));
      grants.push(await take(request(3, 20_000)));
      return grants;
    };
    const [first, second, third, one, again, last] = await world.until(ask());
    expect([first, second!.granted, third!.granted]).toEqual([{ granted: true, waitMs: 0 }, false, false]);
    expect(second!.waitMs).toBeGreaterThan(1_000);
    expect(third!.waitMs - second!.waitMs).toBeGreaterThan(1_000);
    const given = [one!, again!];
    expect(given.map(({ granted }) => granted).sort()).toEqual([false, true]);
    expect(given.find(({ granted }) => granted)!.waitMs).toBeLessThanOrEqual(2_900);
    expect(given.find(({ granted }) => !granted)!.waitMs).toBeGreaterThan(5_000);
    expect(last!.granted).toBe(true);
    expect(last!.waitMs).toBeGreaterThan(3_000);
    expect(last!.waitMs).toBeLessThanOrEqual(5_900);
  });

  it("gives an event that comes after its turn another one", async () => {
    const world = open();
    const ask = async () => {
      const take = await world.open();
      const request = (id: number, longestWaitMs: number) => {
        const limiter: Limiter = { ...turns, intervalUs: 500_000 };
        return { runId: `late-${name}`, id, limiter, longestWaitMs };
      };
      for (const id of [1, 2, 3, 4]) await take(request(id, 0));
      await world.sleep(600);
      return take(request(2, 10_000));
    };
    const { granted, waitMs } = await world.until(ask());
    expect(granted).toBe(true);
    expect(waitMs).toBeGreaterThan(500);
    expect(waitMs).toBeLessThanOrEqual(1_400);
  });

  it("keeps the limiters of two runs apart", async () => {
    const world = open();
    const ask = async () => {
      const take = await world.open();
      const grants: boolean[] = [];
      for (const runId of ["one", "other"]) {
        for (const limiter of [{ ...turns, intervalUs: 10_000_000 }]) {
          const request = { runId: `${runId}-${name}`, limiter, longestWaitMs: 0 };
          grants.push((await take({ ...request, id: 1 })).granted, (await take({ ...request, id: 2 })).granted);
        }
      }
      return grants;
    };
    expect(await world.until(ask())).toEqual([true, false, true, false]);
  });
});
