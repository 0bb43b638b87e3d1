/** Handlers that await in awkward ways: the clock waits for each of them, as it does when the whole event loop gets a turn at each park. */
import { expect, it } from "vitest";
import type { Ports } from "../../../infra/handlers/ports.ts";
import { second, TestAccount } from "../../contract/account.ts";

/** One way to await ports, which notes what it has reached; `draw` is below the number, and of the handler's own stream. */
type Awkward = (ports: Ports, note: (what: string) => void, draw: (below: number) => number) => Promise<unknown>;

const nothing = async (times: number) => {
  for (let index = 0; index < times; index++) await null;
};

/** As many async functions within each other, each of which adds microtasks of its own. */
async function nested(depth: number, work: () => Promise<unknown>): Promise<unknown> {
  if (depth === 0) return work();
  const result = await nested(depth - 1, work);
  await Promise.resolve();
  return result;
}

const handlers: Record<string, Awkward> = {
  "one port after the other": async ({ clock }, note, draw) => {
    await clock.sleep(draw(300));
    note("first");
    await clock.sleep(draw(300));
  },
  "several ports until all have answered": async ({ clock }, note, draw) => {
    await Promise.all([1, 2, 3].map((each) => clock.sleep(draw(300)).then(() => note(`sleep ${each}`))));
  },
  "several ports until one has answered": async ({ clock }, note, draw) => {
    await Promise.race([1, 2, 3].map((each) => clock.sleep(draw(300)).then(() => note(`sleep ${each}`))));
    await clock.sleep(draw(50));
  },
  "several ports until all are settled": async ({ clock }, note, draw) => {
    await Promise.allSettled(
      [1, 2, 3].map(async (each) => {
        await clock.sleep(draw(300));
        note(`sleep ${each}`);
        if (each === 2) throw new Error("the second fails");
      }),
    );
  },
  "several ports that are due at one instant": async ({ clock }, note) => {
    await Promise.all(
      [1, 2, 3].map((each) =>
        clock
          .sleep(100)
          .then(() => nothing(each * 5))
          .then(() => note(`${each}`)),
      ),
    );
  },
  "nothing forty times": async ({ clock }, note, draw) => {
    await clock.sleep(draw(300));
    await nothing(40);
    note("after nothing");
    await clock.sleep(draw(300));
    await nothing(40);
  },
  "thirty functions within each other": async ({ clock }, note, draw) => {
    await nested(30, () => clock.sleep(draw(300)));
    note("after the first");
    await nested(30, () => clock.sleep(draw(300)));
  },
  "a chain that nobody awaits": async ({ clock }, note, draw) => {
    void (async () => {
      await clock.sleep(draw(100));
      await nothing(7);
      note("by the way");
      await clock.sleep(draw(100));
      note("by the way again");
    })();
    await clock.sleep(250);
  },
  "thenables and promises of promises": async ({ clock }, note, draw) => {
    const thenable = {
      // biome-ignore lint/suspicious/noThenProperty: what a handler may come to await
      then(resolve: (value: unknown) => void) {
        void clock.sleep(draw(200)).then(() => resolve(Promise.resolve(Promise.resolve("slept"))));
      },
    };
    note(String(await (thenable as unknown as PromiseLike<unknown>)));
    await new Promise<void>((resolve) => queueMicrotask(() => queueMicrotask(resolve)));
  },
  "a generator": async ({ clock }, note, draw) => {
    async function* naps() {
      for (let index = 0; index < 4; index++) {
        await clock.sleep(draw(100));
        yield index;
      }
    }
    for await (const nap of naps()) note(`nap ${nap}`);
  },
  failures: async ({ clock }, note, draw) => {
    await clock.sleep(draw(200));
    await nested(5, async () => {
      throw new Error("a failure");
    }).catch(() => note("caught"));
    if (draw(3) === 0) throw new Error("not caught");
  },
};

/** Everything that is to be seen from outside: when the handlers reached what, and what CloudWatch was told. */
async function traceOf(handler: Awkward, park?: (next: () => void) => void) {
  const account = new TestAccount({ constants: { "mapping.overheadMs": 20, "lambda.coldStartMedianMs": 150 } });
  if (park) account.kernel.park = park;
  const random = account.kernel.random("awkward");
  const queue = account.queue("queue", { visibilityTimeoutMs: 4 * second });
  const fn = account.fn(
    "consumer",
    async ({ Records }, ports, _, environment) => {
      const { body, attributes } = Records[0];
      const who = `${environment}: message ${body}, receive ${attributes.ApproximateReceiveCount}`;
      account.note(`${who} begins ${ports.newId()}`);
      await handler(
        ports,
        (what) => account.note(`${who} ${what}`),
        (below) => random.below(below),
      );
      account.note(`${who} ends at ${ports.clock.now()}`);
    },
    { reserved: 7, timeoutMs: 3 * second },
  );
  account.map(queue, fn);
  for (let index = 0; index < 60; index++) account.kernel.after(index * 30, () => queue.send(String(index)));
  await account.advance(60 * second);
  return { trace: account.trace, observations: account.observations, counts: queue.counts() };
}

it.each(Object.keys(handlers))("parks a handler that awaits %s before the next event", async (name) => {
  const found = await traceOf(handlers[name]!);
  const expected = await traceOf(handlers[name]!, (next) => void setImmediate(next));
  expect(found.trace.length).toBeGreaterThan(120);
  expect(found).toEqual(expected);
});

const forbidden: Record<string, () => Promise<unknown>> = {
  "a timer of the system": () => new Promise((resolve) => setTimeout(resolve, 5)),
  "the next turn of the event loop": () => new Promise((resolve) => setImmediate(() => setImmediate(resolve))),
  "ticks of the system": async () => {
    for (let tick = 0; tick < 3; tick++) await new Promise<void>((resolve) => process.nextTick(resolve));
  },
};

it.each(Object.keys(forbidden))(
  "stops the simulation when a handler calls a port after it has awaited %s",
  async (name) => {
    const account = new TestAccount();
    const fn = account.fn("consumer", async (_, { clock }) => {
      await clock.sleep(10);
      await forbidden[name]!();
      await clock.sleep(10);
    });
    const busy = account.sleeper("busy", 1);
    const keepBusy = () => busy.invoke({}, keepBusy);
    keepBusy();
    fn.invoke({}, () => {});
    const driven = (async () => {
      for (;;) await account.advance(second);
    })();
    await expect(driven).rejects.toThrow("The handler of consumer awaited something else than its ports.");
  },
);

it("lets everything else in the process have its turn now and then", async () => {
  const account = new TestAccount();
  const fn = account.sleeper("busy", 1);
  const again = () => fn.invoke({}, again);
  again();
  let turns = 0;
  const timer = setInterval(() => turns++, 0);
  await account.advance(20 * second);
  clearInterval(timer);
  expect(turns).toBeGreaterThanOrEqual(5);
});
