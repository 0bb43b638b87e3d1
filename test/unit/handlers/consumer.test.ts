/** The consumer: one row per event after its work, and what it answers when some of them fail. */
import { describe, expect, it } from "vitest";
import { createConsumer } from "../../../infra/handlers/consumer.ts";
import { contextWith, epoch, FakePorts, fifoEvent, message, notification, snsEvent, sqsEvent } from "./fake-ports.ts";

const environment = { WORK_MS: "1150", GROUP: "consumer", REPORT_BATCH_ITEM_FAILURES: "false" };
const context = contextWith();

describe("the consumer", () => {
  it("works for WORK_MS and then inserts one row that says when it took the event up", async () => {
    const ports = new FakePorts(environment);
    await createConsumer(ports)(sqsEvent(notification(message(3, "run-a"))), context);
    expect(ports.rows).toEqual([
      {
        id: 3,
        sentAt: epoch - 997,
        startedAt: epoch,
        groupId: "run-a/consumer",
        batchId: "id-2",
        cacheId: "id-1",
        createdAt: epoch + 1150,
      },
    ]);
  });

  it("takes the messages of a batch one after the other, in order", async () => {
    const ports = new FakePorts(environment);
    await createConsumer(ports)(sqsEvent(message(5), message(4), message(6)), context);
    expect(ports.rows.map(({ id, startedAt, createdAt }) => [id, startedAt - epoch, createdAt - epoch])).toEqual([
      [5, 0, 1150],
      [4, 1150, 2300],
      [6, 2300, 3450],
    ]);
  });

  it("has one cache id per instance and a new batch id per invocation", async () => {
    const ports = new FakePorts(environment);
    const handler = createConsumer(ports);
    await handler(sqsEvent(message(1), message(2)), context);
    await handler(snsEvent(message(3)), context);
    await createConsumer(ports)(snsEvent(message(4)), context);
    const [first, second, third, fourth] = ports.rows;
    expect(second?.batchId).toBe(first?.batchId);
    expect(third?.batchId).not.toBe(first?.batchId);
    expect([second?.cacheId, third?.cacheId]).toEqual([first?.cacheId, first?.cacheId]);
    expect(fourth?.cacheId).not.toBe(first?.cacheId);
  });

  it("connects once per instance, and counts the wait for it as time in the handler", async () => {
    const ports = new FakePorts(environment);
    ports.connectMs = 80;
    const handler = createConsumer(ports);
    expect(ports.connects).toBe(0);
    await handler(snsEvent(message(1)), context);
    await handler(snsEvent(message(2)), context);
    expect(ports.connects).toBe(1);
    expect(ports.rows.map(({ startedAt, createdAt }) => createdAt - startedAt)).toEqual([1230, 1150]);
  });

  it("fails the invocation when it cannot connect, and tries again at the next", async () => {
    const ports = new FakePorts({ ...environment, REPORT_BATCH_ITEM_FAILURES: "true" });
    ports.connectErrors = [new Error("too many clients")];
    const handler = createConsumer(ports);
    await expect(handler(sqsEvent(message(1)), context)).rejects.toThrow("too many clients");
    await expect(handler(sqsEvent(message(1)), context)).resolves.toEqual({ batchItemFailures: [] });
    expect(ports.rows.map(({ id }) => id)).toEqual([1]);
    expect(ports.connects).toBe(2);
  });

  it("names no more than the first twenty of a batch that fails", async () => {
    const batch = sqsEvent(...Array.from({ length: 10_000 }, () => "?"));
    const named = Array.from({ length: 20 }, (_, index) => `sqs-${index + 1}`).join(", ");
    await expect(createConsumer(new FakePorts(environment))(batch, context)).rejects.toThrow(
      `10000 of the records failed: ${named} and 9980 more.`,
    );
  });

  it("does the rest of a batch before it throws for the messages that failed, and names their records", async () => {
    const ports = new FakePorts(environment);
    ports.unwritable.add(2);
    const batch = sqsEvent(message(1), message(2), "?", message(4));
    await expect(createConsumer(ports)(batch, context)).rejects.toThrow("2 of the records failed: sqs-2, sqs-3.");
    expect(ports.rows.map(({ id }) => id)).toEqual([1, 4]);
    expect(ports.logged).toEqual([
      "Record sqs-2 failed: row 2 is refused",
      "Record sqs-3 failed: the message is not JSON",
    ]);
  });

  it("does not work for a message that it cannot read", async () => {
    const ports = new FakePorts(environment);
    await expect(createConsumer(ports)(snsEvent("?"), context)).rejects.toThrow("sns-1");
    expect(ports.clock.now()).toBe(epoch);
  });

  it("answers which messages failed when the mapping asks for it", async () => {
    const ports = new FakePorts({ ...environment, REPORT_BATCH_ITEM_FAILURES: "true" });
    ports.unwritable.add(2);
    const answer = await createConsumer(ports)(sqsEvent(message(1), message(2), "?", message(4)), context);
    expect(answer).toEqual({ batchItemFailures: [{ itemIdentifier: "sqs-2" }, { itemIdentifier: "sqs-3" }] });
  });

  it("stops at the first message of a FIFO queue that fails, and answers it and all after it", async () => {
    const ports = new FakePorts({ ...environment, REPORT_BATCH_ITEM_FAILURES: "true" });
    ports.unwritable.add(2);
    const batch = fifoEvent(message(1), message(2), message(3), message(4));
    const answer = await createConsumer(ports)(batch, context);
    expect(answer).toEqual({
      batchItemFailures: ["sqs-2", "sqs-3", "sqs-4"].map((itemIdentifier) => ({ itemIdentifier })),
    });
    expect(ports.rows.map(({ id }) => id)).toEqual([1]);
    expect(ports.logged).toEqual(["Record sqs-2 failed: row 2 is refused"]);
    expect(ports.clock.now()).toBe(epoch + 2 * 1150);
  });

  it("throws at once for a message of a FIFO queue that fails, when nobody reads which failed", async () => {
    const ports = new FakePorts(environment);
    const batch = fifoEvent("?", message(2), message(3));
    await expect(createConsumer(ports)(batch, context)).rejects.toThrow(
      "3 of the records failed: sqs-1, sqs-2, sqs-3.",
    );
    expect([ports.rows, ports.clock.now()]).toEqual([[], epoch]);
  });

  it("throws for an SNS event even so, because nobody reads an answer there", async () => {
    const ports = new FakePorts({ ...environment, REPORT_BATCH_ITEM_FAILURES: "true" });
    await expect(createConsumer(ports)(snsEvent("?"), context)).rejects.toThrow("sns-1");
  });

  it("throws for an event of another kind", async () => {
    await expect(createConsumer(new FakePorts(environment))({}, context)).rejects.toThrow("none of SNS, SQS");
  });

  it.each(["-1", "NaN", "soon", "", " ", "1.5", "Infinity", undefined])("is not created with WORK_MS %j", (text) => {
    expect(() => createConsumer(new FakePorts({ ...environment, WORK_MS: text }))).toThrow("WORK_MS");
  });

  it("is not created without a GROUP", () => {
    expect(() => createConsumer(new FakePorts({ WORK_MS: "0" }))).toThrow("GROUP");
  });
});

describe("the consumer with settings of the downstream", () => {
  const ids = Array.from({ length: 1_000 }, (_, index) => index + 1);

  /** Takes a batch to a consumer with these settings, as often as it is said. */
  async function take(
    settings: Record<string, string>,
    messages: string[],
    prepare: (ports: FakePorts) => void = () => {},
  ) {
    const ports = new FakePorts({ ...environment, WORK_MS: "100", REPORT_BATCH_ITEM_FAILURES: "true", ...settings });
    prepare(ports);
    const answer = await createConsumer(ports)(sqsEvent(...messages), context).catch((error: Error) => error);
    return { ports, answer, tookMs: ports.clock.now() - epoch, completed: ports.rows.map(({ id }) => id) };
  }
  const failed = (answer: unknown) =>
    (answer as { batchItemFailures: { itemIdentifier: string }[] }).batchItemFailures.map(({ itemIdentifier }) =>
      Number(itemIdentifier.slice("sqs-".length)),
    );
  const everything = ids.map((id) => message(id));

  it("calls nobody while all of them are off, absent or not", async () => {
    const off = { WORK_MS_MAX: "0", HOLD_MS: "0", FAILURE_RATE: "0", POISON_RATE: "0", SLOW_RATE: "0" };
    for (const settings of [{}, { ...off, SLOW_FACTOR: "10", DOWNSTREAM_LIMIT: "0", WHEN_REFUSED: "throw" }]) {
      const { ports, completed } = await take(settings, [message(1)]);
      expect([ports.called, completed]).toEqual([[], [1]]);
    }
  });

  it("calls for each event once it has its connection, before the work", async () => {
    const { ports } = await take({ DOWNSTREAM_LIMIT: "2.5/s" }, [message(1), message(2, "other")], (fake) => {
      fake.connectMs = 40;
    });
    const limit = { calls: 5, perMs: 2_000 };
    expect(ports.called).toEqual([
      { at: epoch + 40, request: { runId: "run", id: 1, fails: false, limit, countsRefused: false } },
      { at: epoch + 140, request: { runId: "other", id: 2, fails: false, limit, countsRefused: false } },
    ]);
  });

  it("draws the work evenly from WorkMs to WorkMsMax, both included", async () => {
    const work = async (draw: number) =>
      (await take({ WORK_MS_MAX: "300" }, [message(1)], (fake) => fake.draws.push(draw))).tookMs;
    expect([await work(0), await work(0.5), await work(1 - 2 ** -53)]).toEqual([100, 200, 300]);
  });

  it("works for WorkMs where WorkMsMax is lower", async () => {
    expect((await take({ WORK_MS_MAX: "50", HOLD_MS: "1" }, [message(1)])).tookMs).toBe(100);
  });

  it("holds an event for HoldMs from its call, however it ends, and no longer than its work takes", async () => {
    const hold = async (settings: Record<string, string>) => (await take(settings, [message(1), message(2)])).tookMs;
    expect(await hold({ HOLD_MS: "1000" })).toBe(2_000);
    expect(await hold({ HOLD_MS: "1000", POISON_RATE: "1" })).toBe(2_000);
    expect(await hold({ HOLD_MS: "30" })).toBe(200);
  });

  it("fails the share of calls that is drawn, after their work", async () => {
    const { ports, answer, completed, tookMs } = await take(
      { FAILURE_RATE: "0.2" },
      [message(1), message(2), message(3)],
      (fake) => fake.draws.push(0.19, 0.2, 0.9),
    );
    expect([failed(answer), completed, tookMs]).toEqual([[1], [2, 3], 300]);
    expect(ports.called.map(({ request }) => request.fails)).toEqual([true, false, false]);
    expect(ports.logged).toEqual(["Record sqs-1 failed: The downstream failed the call for event 1."]);
  });

  it("fails the same share of events at each attempt, and slows another", async () => {
    const poisoned = failed((await take({ POISON_RATE: "0.1" }, everything)).answer);
    expect(
      failed((await take({ POISON_RATE: "0.1" }, everything.toReversed())).answer).map((place) => 1_001 - place),
    ).toEqual(poisoned.toReversed());
    // 1000 events at a tenth: four standard deviations are 38.
    expect(Math.abs(poisoned.length - 100)).toBeLessThan(38);
    const { ports } = await take({ SLOW_RATE: "0.1", SLOW_FACTOR: "3" }, everything);
    const slow = ports.rows.filter(({ startedAt, createdAt }) => createdAt - startedAt === 300).map(({ id }) => id);
    expect(Math.abs(slow.length - 100)).toBeLessThan(38);
    expect(ports.rows.filter(({ startedAt, createdAt }) => createdAt - startedAt === 100)).toHaveLength(
      1_000 - slow.length,
    );
    expect(slow.filter((id) => poisoned.includes(id)).length).toBeLessThan(slow.length / 2);
  });

  describe("when the downstream refuses the call for event 2", () => {
    const batch = [message(1), message(2), message(3)];
    const refuse = (fake: FakePorts) => {
      fake.refuse = ({ id }, call) => (id === 2 && call === 2 ? 700 : 0);
    };
    const limited = { DOWNSTREAM_LIMIT: "1/s", QUEUE_URL: "https://queue" };
    const sentence = "The downstream refused the call for event 2: its limit has room again in 700 ms.";

    it("throw fails the invocation at once, though failures of items are reported", async () => {
      const { ports, answer, completed, tookMs } = await take({ ...limited, WHEN_REFUSED: "throw" }, batch, refuse);
      expect(answer).toEqual(expect.objectContaining({ message: sentence }));
      expect([completed, tookMs]).toEqual([[1], 100]);
      expect(ports.logged).toEqual([`Record sqs-2 failed: ${sentence}`]);
    });

    it("report fails the event alone", async () => {
      const { ports, answer, completed } = await take({ ...limited, WHEN_REFUSED: "report" }, batch, refuse);
      expect([failed(answer), completed, ports.returned]).toEqual([[2], [1, 3], []]);
    });

    it("report throws at the end of the batch where nobody reads which items failed, so that none is lost", async () => {
      const settings = { ...limited, WHEN_REFUSED: "report", REPORT_BATCH_ITEM_FAILURES: "false" };
      const { answer, completed } = await take(settings, batch, refuse);
      expect(answer).toEqual(expect.objectContaining({ message: "1 of the records failed: sqs-2." }));
      expect(completed).toEqual([1, 3]);
    });

    it("wait sleeps until the limit has room, and asks again", async () => {
      const { ports, answer, completed, tookMs } = await take({ ...limited, WHEN_REFUSED: "wait" }, batch, refuse);
      expect([failed(answer), completed, tookMs]).toEqual([[], [1, 2, 3], 1_000]);
      expect(ports.called.map(({ at, request }) => [request.id, at - epoch])).toEqual([
        [1, 0],
        [2, 100],
        [2, 800],
        [3, 900],
      ]);
    });

    it("return fails the event, and lets its message be seen again when the limit has room", async () => {
      const { ports, answer, completed } = await take({ ...limited, WHEN_REFUSED: "return" }, batch, refuse);
      expect([failed(answer), completed]).toEqual([[2], [1, 3]]);
      expect(ports.returned).toEqual([{ queueUrl: "https://queue", receiptHandle: "handle", seconds: 1 }]);
    });

    it("return gives back all that is left of a FIFO queue's batch, so that nothing of the group stays in flight", async () => {
      const settings = { ...environment, REPORT_BATCH_ITEM_FAILURES: "true", ...limited, WHEN_REFUSED: "return" };
      const ports = new FakePorts(settings);
      refuse(ports);
      const answer = await createConsumer(ports)(fifoEvent(...batch, message(4)), context);
      expect([failed(answer), ports.rows.map(({ id }) => id)]).toEqual([[2, 3, 4], [1]]);
      expect(ports.returned.map(({ seconds }) => seconds)).toEqual([1, 1, 1]);
    });

    it("return is as report where there is no queue", async () => {
      const settings = { ...limited, WHEN_REFUSED: "return", QUEUE_URL: "" };
      const { ports, answer, completed } = await take(settings, batch, refuse);
      expect([failed(answer), completed, ports.returned]).toEqual([[2], [1, 3], []]);
    });
  });

  it.each([
    ["WORK_MS_MAX", "-1"],
    ["HOLD_MS", "1.5"],
    ["FAILURE_RATE", "1.1"],
    ["POISON_RATE", "x"],
    ["SLOW_RATE", "2"],
    ["SLOW_FACTOR", "-1"],
    ["WHEN_REFUSED", "drop"],
  ])("is not created with %s %j", (name, text) => {
    expect(() => createConsumer(new FakePorts({ ...environment, [name]: text }))).toThrow(`${name} is "${text}"`);
  });

  it("is not created with a limit that it cannot read", () => {
    expect(() => createConsumer(new FakePorts({ ...environment, DOWNSTREAM_LIMIT: "often" }))).toThrow(
      '"often" is no limit',
    );
  });
});

describe("the consumer with a limiter", () => {
  const off = { ...environment, WORK_MS: "2000", LIMITER_RATE: "1/s" };

  /** Takes a batch to a consumer with these settings, in an invocation that ends after some time. */
  async function take(settings: Record<string, string>, ids: number[], prepare: (ports: FakePorts) => void = () => {}) {
    const ports = new FakePorts({ ...off, REPORT_BATCH_ITEM_FAILURES: "true", QUEUE_URL: "the queue", ...settings });
    prepare(ports);
    const invocation = { awsRequestId: "request", getRemainingTimeInMillis: () => epoch + 30_000 - ports.clock.now() };
    const batch = sqsEvent(...ids.map((id) => message(id)));
    const answer = await createConsumer(ports)(batch, invocation).catch((error: Error) => error);
    return { ports, answer, tookMs: ports.clock.now() - epoch };
  }

  it("asks nobody while it is off, absent or not", async () => {
    for (const settings of [
      { LIMITER: "", LIMITER_CAPACITY: "5" },
      { LIMITER: "none", LIMITER_CAPACITY: "5" },
    ]) {
      const { ports } = await take(settings, [1]);
      expect([ports.asked, ports.called, ports.rows.length]).toEqual([[], [], 1]);
    }
  });

  it("asks it for every event before it calls the downstream", async () => {
    const { ports } = await take({ LIMITER: "token-bucket", LIMITER_RATE: "3/s", LIMITER_CAPACITY: "5" }, [7, 8]);
    const limiter = { kind: "token-bucket", intervalUs: 333_334, capacity: 5 };
    expect(ports.asked.map(({ at, request: { id, runId, limiter } }) => [at - epoch, id, runId, limiter])).toEqual([
      [0, 7, "run", limiter],
      [2_000, 8, "run", limiter],
    ]);
    expect(ports.called.map(({ at, request }) => [at - epoch, request.id])).toEqual([
      [0, 7],
      [2_000, 8],
    ]);
  });

  it("calls nothing for a refused event, and answers it as WHEN_REFUSED says", async () => {
    const refuse = (ports: FakePorts) => {
      ports.grant = (_, asked) => (asked === 1 ? { granted: false, waitMs: 1_400 } : { granted: true, waitMs: 0 });
    };
    const bucket = { LIMITER: "token-bucket" };
    const thrown = await take({ ...bucket, WHEN_REFUSED: "throw" }, [1, 2], refuse);
    expect(thrown.answer).toMatchObject({ message: "The limiter refused event 1: it may go on in 1400 ms." });
    expect([thrown.ports.called, thrown.ports.rows]).toEqual([[], []]);

    const reported = await take({ ...bucket, WHEN_REFUSED: "report" }, [1, 2], refuse);
    expect(reported.answer).toEqual({ batchItemFailures: [{ itemIdentifier: "sqs-1" }] });
    expect(reported.ports.rows.map(({ id }) => id)).toEqual([2]);

    const waited = await take({ ...bucket, WHEN_REFUSED: "wait" }, [1], refuse);
    expect([waited.ports.asked.length, waited.tookMs]).toEqual([2, 3_400]);

    const returned = await take({ ...bucket, WHEN_REFUSED: "return" }, [1, 2], refuse);
    expect(returned.answer).toEqual({ batchItemFailures: [{ itemIdentifier: "sqs-1" }] });
    expect(returned.ports.returned).toEqual([{ queueUrl: "the queue", receiptHandle: "handle", seconds: 2 }]);
  });

  it("sleeps until a turn that it is granted, whatever WHEN_REFUSED says", async () => {
    for (const WHEN_REFUSED of ["throw", "report", "wait", "return"]) {
      const { ports, tookMs } = await take({ LIMITER: "reservation", WHEN_REFUSED }, [1], (ports) => {
        ports.grant = () => ({ granted: true, waitMs: 4_321 });
      });
      expect([ports.called[0]!.at - epoch, tookMs]).toEqual([4_321, 6_321]);
    }
  });

  it("can sleep for what the function has left for the event, less its work and a second", async () => {
    const longest = async (settings: Record<string, string>, ids: number[]) =>
      (await take({ LIMITER: "reservation", ...settings }, ids)).ports.asked.map(
        ({ request }) => request.longestWaitMs,
      );
    expect(await longest({}, [1])).toEqual([27_000]);
    expect(await longest({ WORK_MS_MAX: "5000" }, [1])).toEqual([24_000]);
    expect(await longest({ HOLD_MS: "6000" }, [1])).toEqual([23_000]);
    expect(await longest({ SLOW_RATE: "1", SLOW_FACTOR: "10" }, [1])).toEqual([9_000]);
    expect(await longest({}, [1, 2, 3])).toEqual([7_000, 11_000, 23_000]);
    // A turn this near is slept until even where the time is short.
    expect(await longest({ WORK_MS: "40000" }, [1])).toEqual([1_000]);
  });

  it("gives an event with a later turn back, so that it comes with half of the longest sleep before it", async () => {
    const returns = async (waitMs: number) => {
      const { ports } = await take({ LIMITER: "reservation", WHEN_REFUSED: "return" }, [1], (ports) => {
        ports.grant = () => ({ granted: false, waitMs });
      });
      expect([ports.called, ports.rows]).toEqual([[], []]);
      return ports.returned.map(({ seconds }) => seconds);
    };
    expect(await returns(100_000)).toEqual([86]);
    expect(await returns(27_001)).toEqual([13]);
    // A message can be hidden for twelve hours from its receive at most, so that it asks once more on its way.
    expect(await returns(1e9)).toEqual([42_300]);
  });

  it("asks again, where it waits for a later turn, while half of the longest sleep is before it", async () => {
    const { ports } = await take({ LIMITER: "reservation", WHEN_REFUSED: "wait" }, [1], (ports) => {
      ports.grant = ({ longestWaitMs }, asked) => ({ granted: asked > 1, waitMs: asked > 1 ? longestWaitMs : 30_000 });
    });
    expect(ports.asked.map(({ at, request }) => [at - epoch, request.longestWaitMs])).toEqual([
      [0, 27_000],
      [16_500, 10_500],
    ]);
    expect(ports.called[0]!.at - epoch).toBe(27_000);
  });

  it.each([
    ["LIMITER", "leaky"],
    ["LIMITER_RATE", "fast"],
    ["LIMITER_RATE", "0"],
    ["LIMITER_CAPACITY", "-1"],
    ["LIMITER_CAPACITY", "1.5"],
  ])("is not created with %s %j", (name, text) => {
    const settings = { ...off, LIMITER: "token-bucket", LIMITER_CAPACITY: "1", [name]: text };
    expect(() => createConsumer(new FakePorts(settings))).toThrow(`"${text}"`);
  });
});
