/**
 * Queueing theory as an independent judge of the kernel, the queue, the mapping and Lambda together. Each test is a fixed amount
 * of work, of a second or so; `test:slow` has the points that need more messages.
 */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { erlangC, waitAtOneServer, waitWithExponentialService, waitWithFixedService } from "./formulas.ts";
import { openLine } from "./queueing-system.ts";
import { exponential, faultsOf, type Point, points, theoryRow } from "./table.ts";

describe("the formulas", () => {
  it("give Erlang C's known values", () => {
    expect(erlangC(1, 0.7)).toBeCloseTo(0.7, 12);
    expect(erlangC(2, 1)).toBeCloseTo(1 / 3, 12);
    expect(erlangC(3, 2)).toBeCloseTo(4 / 9, 12);
    expect(erlangC(10, 8)).toBeCloseTo(0.4092, 4);
  });

  it("agree with each other where they describe one system", () => {
    for (const utilisation of [0.1, 0.5, 0.9]) {
      expect(waitWithExponentialService(1, utilisation, 1)).toBeCloseTo(waitAtOneServer(utilisation, 1, 1), 9);
      expect(waitWithFixedService(1, utilisation, 1)).toBeCloseTo(waitAtOneServer(utilisation, 1, 0), 6);
    }
  });

  it("give M/D/c about half of M/M/c's wait, and the more the fuller it is", () => {
    for (const servers of [2, 5, 20]) {
      const ratios = [0.5, 0.7, 0.9].map(
        (utilisation) =>
          waitWithFixedService(servers, utilisation, 1) / waitWithExponentialService(servers, utilisation, 1),
      );
      for (const ratio of ratios) expect(ratio).toBeGreaterThan(0.5);
      expect(ratios[2]).toBeLessThan(0.53);
    }
  });
});

describe("a consumer with c pollers and a reservation of c", () => {
  it.each(points.filter(({ messages }) => messages <= 20_000))(
    "waits, holds and works as theory says of $service.letter service by $servers at a utilisation of $utilisation",
    async (point) => {
      expect(faultsOf(await theoryRow(point))).toEqual([]);
    },
  );

  it("starts every message exactly when the recursion of Kiefer and Wolfowitz says, up to 20 servers and overload", async () => {
    const traffic = fc.record({
      servers: fc.integer({ min: 1, max: 20 }),
      messages: fc.array(fc.record({ gapMs: fc.nat(3_000), serviceMs: fc.nat(30_000) }), {
        maxLength: 100,
        size: "max",
      }),
    });
    await fc.assert(
      fc.asyncProperty(traffic, async ({ servers, messages }) => {
        const started: number[] = [];
        const { kernel, send } = openLine(
          { servers, seed: 1 },
          {
            serviceMs: (message) => messages[message]!.serviceMs,
            begun: (message) => {
              started[message] = kernel.now;
            },
            ended() {},
          },
        );
        const freeAt = new Array<number>(servers).fill(0);
        let arrivesAt = 0;
        const expectedStarts = messages.map(({ gapMs, serviceMs }) => {
          arrivesAt += gapMs;
          kernel.at(arrivesAt, send);
          freeAt.sort((a, b) => a - b);
          const start = Math.max(arrivesAt, freeAt[0]!);
          freeAt[0] = start + serviceMs;
          return start;
        });
        await kernel.advanceTo(Math.max(arrivesAt, ...freeAt));
        expect(started).toEqual(expectedStarts);
      }),
      { numRuns: 200, seed: 1 },
    );
  });
});

describe("the judge rejects", () => {
  const point: Point = { service: exponential, servers: 1, utilisation: 0.7, messages: 45_000 };
  const faults = async (differs: Parameters<typeof theoryRow>[1], at = point) => faultsOf(await theoryRow(at, differs));

  it("a service that is 5% longer than told", async () => {
    const slower = { service: (random: Parameters<typeof exponential.draw>[0]) => 1.05 * exponential.draw(random) };
    expect(await faults(slower)).toEqual(["mean wait", "number in system", "utilisation"]);
  });

  it("a reservation that is short of the pollers, so that they back off", async () => {
    const five: Point = { service: exponential, servers: 5, utilisation: 0.6, messages: 20_000 };
    expect(await faults({ reservedConcurrency: 4 }, five)).toContain("mean wait");
  });

  it("a sample too small to tell", async () => {
    expect(await faults({}, { ...point, messages: 2_000 })).toEqual(["interval too wide"]);
  });
});
