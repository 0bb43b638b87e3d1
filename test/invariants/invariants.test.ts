/**
 * The invariants hold in every system whatever happens in it. `FAST_CHECK_RUNS` says how many random systems are tried (100 unless
 * told), `FAST_CHECK_SEED` which ones.
 */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { LambdaFunction, Queue } from "../../src/emulator/account.ts";
import type { Emulator } from "../../src/emulator/emulator.ts";
import { randomStream } from "../../src/emulator/kernel/random.ts";
import { type Simulated, settle, simulate } from "./simulation.ts";
import { type System, system } from "./system.ts";

const parameters = {
  numRuns: Number(process.env.FAST_CHECK_RUNS ?? 100),
  seed: Number(process.env.FAST_CHECK_SEED ?? 1),
};

/** The system twice: its accounts settle, and the second run is the first one over again. */
async function hold(drawn: System, sabotage?: (emulator: Emulator) => void): Promise<Simulated> {
  const first = await simulate(drawn, sabotage);
  settle(drawn, first);
  const second = await simulate(drawn, sabotage);
  expect(second.ledger.trace, "the same seed gives the same bytes").toEqual(first.ledger.trace);
  expect([second.rows, second.metrics]).toEqual([first.rows, first.metrics]);
  return first;
}

/** The outcomes that random systems must reach, so that no property holds merely because nothing happens. */
const events: Record<string, (run: Simulated) => boolean> = {
  "every event is completed": ({ ledger }) => ledger.completed.size === ledger.published,
  "an event is given up": ({ ledger }) => ledger.dead.size > 0,
  "an event is dropped by Lambda": ({ ledger }) => ledger.dropped > 0,
  "a message outlives its retention period": ({ ledger }) => ledger.expired > 0,
  "a message stays in the queue": ({ ledger }) => ledger.inQueue.visible > 0,
  "an event is completed twice": ({ ledger, rows }) => rows.length > ledger.completed.size,
  "an event is completed and given up": ({ ledger }) => [...ledger.dead].some((event) => ledger.completed.has(event)),
  "an invocation is throttled": ({ ledger }) => ledger.throttles > 0,
  "a reservation is used to the full": ({ ledger }) => ledger.reserved !== null && ledger.peak === ledger.reserved,
  "a reservation is refused": ({ ledger }) => ledger.trace.some((line) => line.includes("refused")),
  "a mapping is deleted": ({ ledger }) => ledger.trace.some((line) => line.includes('"delete"')),
};

describe("in every system", () => {
  it("nothing is lost, no cap is passed, no message is both visible and in flight, billed time is worked time, and a seed gives one run", {
    timeout: 300_000,
  }, async () => {
    const seen = new Map(Object.keys(events).map((what) => [what, 0]));
    await fc.assert(
      fc.asyncProperty(system, async (drawn) => {
        const run = await hold(drawn);
        for (const [what, happened] of Object.entries(events)) {
          if (happened(run)) seen.set(what, seen.get(what)! + 1);
        }
      }),
      parameters,
    );
    const never = [...seen].filter(([, times]) => times === 0).map(([what]) => what);
    expect(never).toEqual([]);
  });
});

describe("the rules find", () => {
  /**
   * Tries random systems until a fault breaks this rule in one. Which of its rules a fault breaks first depends on the system: an error
   * that is taken for success also loses events where there is no mapping.
   */
  async function finds(rule: RegExp, sabotage: (emulator: Emulator) => void): Promise<void> {
    const all: string[] = [];
    for (const drawn of fc.sample(system, { numRuns: 100, seed: parameters.seed })) {
      try {
        await hold(drawn, sabotage);
      } catch (broken) {
        all.push((broken as Error).message);
        if (rule.test(all.at(-1)!)) break;
      }
    }
    expect(all.join("\n")).toMatch(rule);
  }

  function faultyQueue(change: (queue: Queue) => void) {
    return ({ sqs }: Emulator) => {
      const create = sqs.create.bind(sqs);
      sqs.create = (name, settings) => {
        const queue = create(name, settings);
        if (name === "source") change(queue);
        return queue;
      };
    };
  }

  function faultyFunction(change: (fn: LambdaFunction) => void) {
    return ({ lambda }: Emulator) => {
      const create = lambda.create.bind(lambda);
      lambda.create = (...settings) => {
        const fn = create(...settings);
        change(fn);
        return fn;
      };
    };
  }

  it("a queue that forgets its messages", async () => {
    const fault = faultyQueue((queue) => {
      const send = queue.send.bind(queue);
      let sent = 0;
      queue.send = (body, options) => {
        const message = send(body, options);
        if (++sent % 20 === 0) queue.purge();
        return message;
      };
    });
    await finds(/a message is lost before its retention period is over/, fault);
  });

  it("a message that is visible while it is in flight", async () => {
    const fault = faultyQueue((queue) => {
      const receive = queue.receive.bind(queue);
      queue.receive = (request, deliver) => receive({ ...request, visibilityTimeoutMs: 100 }, deliver);
    });
    await finds(/a message in flight (is counted as visible|was visible)/, fault);
  });

  it("a reservation that lets one more in", async () => {
    const fault = faultyFunction((fn) => {
      const told = Object.getOwnPropertyDescriptor(Object.getPrototypeOf(fn), "reservedConcurrency")!.get!;
      const get = () => (told.call(fn) === null ? null : told.call(fn) + 1);
      Object.defineProperty(fn, "reservedConcurrency", { get });
    });
    await finds(/more run than the reservation allows/, fault);
  });

  it("an account that has no limit", async () => {
    const fault = ({ constants }: Emulator) => Object.assign(constants, { "lambda.accountConcurrency": 10_000 });
    await finds(/more run than the account allows/, fault);
  });

  it("a mapping that takes errors for success", async () => {
    const fault = faultyFunction((fn) => {
      const invoke = fn.invoke.bind(fn);
      fn.invoke = (payload, done, type) =>
        invoke(
          payload,
          (outcome) => done(outcome.kind === "error" ? { ...outcome, kind: "success", payload: null } : outcome),
          type,
        );
    });
    await finds(/a message was deleted that no handler completed/, fault);
  });

  it("an asynchronous event that is forgotten", async () => {
    const fault = faultyFunction((fn) => {
      const invokeAsync = fn.invokeAsync.bind(fn);
      let accepted = 0;
      fn.invokeAsync = (payload) => (++accepted % 5 === 0 ? { requestId: "forgotten" } : invokeAsync(payload));
    });
    await finds(/the system does not come to an end/, fault);
  });

  it("a millisecond that is not billed", async () => {
    const fault = ({ cloudwatch }: Emulator) => {
      const record = cloudwatch.record.bind(cloudwatch);
      cloudwatch.record = (metric, value, at) =>
        record(metric, metric.name === "Duration" && value > 100 ? value - 1 : value, at);
    };
    await finds(/what is billed is not what was worked/, fault);
  });

  it("a draw that does not come from the seed", async () => {
    let unseeded = 0;
    const fault = ({ kernel }: Emulator) => {
      const random = kernel.random.bind(kernel);
      const own = randomStream(++unseeded, "unseeded");
      kernel.random = (name) => (name === "mapping" || name === "lambda.asyncRetry" ? own : random(name));
    };
    await finds(/the same seed gives the same bytes/, fault);
  });
});
