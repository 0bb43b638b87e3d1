/** The parts of a question as they are typed: each has a unit, is checked, and is refused in one sentence that says what to write. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  askedLoss,
  askedOrder,
  dollars,
  question,
  questionOf,
  search,
  spikeRate,
  wordsOf,
} from "../../../src/cli/flags/question.ts";
import { time, timeText, workRange } from "../../../src/cli/flags/times.ts";
import type { Read } from "../../../src/cli/flags/values.ts";

const dayMs = 86_400_000;
const time14d = time(14 * dayMs, "20s or 5m");
const unitMs = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: dayMs };

const byModel = { platform: "2026", seed: 1, profile: null, constants: {} } as const;

describe("a time", () => {
  it("is read back from what it is written as", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 14 * dayMs }), (ms) => {
        expect(time14d(timeText(ms), "--for")).toBe(ms);
      }),
    );
  });

  it("means the same in every unit", () => {
    fc.assert(
      fc.property(fc.constantFrom("s", "m", "h", "d"), fc.integer({ min: 1, max: 14 }), (unit, amount) => {
        const ms = amount * unitMs[unit];
        expect(time14d(`${amount}${unit}`, "--for")).toBe(ms);
        expect(time14d(`${ms}ms`, "--for")).toBe(ms);
      }),
    );
  });
});

describe("a pace of events", () => {
  it("is the same a second and a minute", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 10_000 }), (perSecond) => {
        expect(spikeRate(`${perSecond}/s`, "--spike")).toBe(perSecond);
        expect(spikeRate(`${perSecond * 60}/m`, "--spike")).toBe(perSecond);
      }),
    );
  });
});

describe("the time that a call takes", () => {
  it("is a range whose shorter time comes first, or one time", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 900_000 }), fc.integer({ min: 1, max: 900_000 }), (one, other) => {
        const [from, to] = [Math.min(one, other), Math.max(one, other)];
        expect(workRange(`${from}ms..${to}ms`, "--work")).toEqual({ from, to });
        expect(workRange(`${one}ms`, "--work")).toEqual({ from: one, to: one });
        if (from < to) {
          expect(() => workRange(`${to}ms..${from}ms`, "--work")).toThrow(`write ${from}ms..${to}ms.`);
        }
      }),
    );
  });
});

it.each([
  ["0", { amount: 0 }],
  ["5", { amount: 5 }],
  ["1%", { share: 0.01 }],
  ["100%", { share: 1 }],
])("reads %s as what may be lost", (typed, loss) => {
  expect(askedLoss(typed, "--max-loss")).toEqual(loss);
});

it.each([
  ["required", { within: "all" }],
  ["per-group:10", { within: "group", groups: 10 }],
  ["any", null],
])("reads the order %s", (typed, order) => {
  expect(askedOrder(typed, "--order")).toEqual(order);
});

it.each([
  ["20", 20],
  ["$19.50", 19.5],
  ["0.5 USD", 0.5],
])("reads %s as dollars a month", (typed, amount) => {
  expect(dollars(typed, "--budget")).toBe(amount);
});

const readings: [flag: string, read: Read<unknown>][] = [
  ...Object.entries({ ...question.flags }).map(([name, { read }]): [string, Read<unknown>] => [name, read]),
];

const refused: [flag: keyof typeof question.flags, typed: string, sentence: string][] = [
  ["limit", "1", "has no unit; write 1/s or 1/m."],
  ["limit", "0", "is no limit; give calls per second or per minute, such as 1/s, 30/m or 0.5/s."],
  ["limit", "1/h", "is no limit;"],
  ["limit", "-1/s", "is no limit;"],
  ["limit", "NaN", "is no limit;"],
  ["spike", "50", "has no unit; write 50/s or 50/m."],
  ["spike", "0/s", "is no pace;"],
  ["spike", "-50/s", "is no pace;"],
  ["spike", "1e9/s", "is no pace;"],
  ["spike", "10001/s", "at most 10,000/s."],
  ["spike", "NaN/s", "is no pace;"],
  ["for", "20", "has no unit; write 20s or 20m."],
  ["for", "0s", "is no time; give one such as 20s or 5m, at most 14d."],
  ["for", "-20s", "is no time;"],
  ["for", "15d", "is no time;"],
  ["for", "Infinitys", "is no time;"],
  ["every", "1", "has no unit; write 1s or 1m."],
  ["work", "1", "has no unit; write 1s or 1m."],
  ["work", "300..2s", '"300" has no unit; write 300s or 300m.'],
  ["work", "2s..300ms", "begins with the longer time; write 300ms..2s."],
  ["work", "1s..2s..3s", "has more than two ends; write it as 300ms..2s."],
  ["work", "16m", "at most 15m."],
  ["work", "..2s", "is no time;"],
  ["maxWait", "30", "has no unit; write 30s or 30m."],
  ["maxLoss", "0.01", "is no number of events and no share of them; give one such as 0, 5 or 1%."],
  ["maxLoss", "101%", "is no number of events"],
  ["maxLoss", "-1", "is no number of events"],
  ["order", "strict", "is no order; give required, per-group:10 or any."],
  ["order", "per-group", "is no order; say of how many groups, such as per-group:10."],
  ["duplicates", "no", "is not known; give tolerated or forbidden."],
  ["failureRate", "2", "is no share of the calls; write 2% for 2 in 100 calls."],
  ["failureRate", "100%", "give one below 100%"],
  ["failureRate", "-1%", "is no share of the calls;"],
  ["budget", "-1", "is no budget; give US dollars a month, such as 20 or 0.50."],
  ["budget", "0", "is no budget;"],
  ["budget", "20 EUR", "is no budget;"],
  ["quota", "0", "give a whole number from 1 to 1,000,000."],
  ["ways", "a,,b", "names nothing between two commas;"],
];

describe("a refusal", () => {
  it.each(refused)("of --%s %s says what to write", (name, typed, sentence) => {
    const read: Read<unknown> = question.flags[name].read;
    expect(() => read(typed, `--${name}`)).toThrow(sentence);
    expect(() => read(typed, `--${name}`)).toThrow(`--${name} "`);
  });

  it("is one sentence, or there is a value, whatever is typed", () => {
    const anything = fc.oneof(
      fc.string(),
      fc.stringMatching(/^-?[0-9.]{0,12}(ms|[smhd%]|\/[smh])?$/),
      fc.constantFrom("NaN", "Infinity", "-0", "1e400", "0x10", "١/s", ""),
    );
    fc.assert(
      fc.property(fc.constantFrom(...readings), anything, ([name, read], typed) => {
        let value: unknown;
        try {
          value = read(typed, `--${name}`);
        } catch (error) {
          expect(error).toMatchObject({ code: "bad-usage", message: expect.stringMatching(/^--\S+:? ".*[.)]$/s) });
          return;
        }
        const numbers = JSON.stringify(value, (_, one) =>
          Number.isFinite(one) || typeof one !== "number" ? one : "wild",
        );
        expect(numbers).not.toContain("wild");
        expect(numbers).not.toMatch(/[:[]-\d/);
      }),
      { numRuns: 3_000 },
    );
  });
});

describe("a question", () => {
  const asked = { limit: "1/s", spike: 50, for: 20_000 };

  it("has what nobody said from defaults: a second of work, nothing lost, any order", () => {
    expect(questionOf(asked, byModel)).toMatchObject({
      limit: "1/s",
      toleranceMs: 100,
      spike: { rate: 50, durationMs: 20_000 },
      everyMs: null,
      workMs: { from: 1_000, to: 1_000 },
      maxWaitMs: null,
      maxLoss: { amount: 0 },
      order: null,
      duplicatesTolerated: true,
      failureRate: 0,
      budgetDollars: null,
      accountConcurrency: null,
    });
  });

  it("names each part that is missing, with an example", () => {
    expect(() => questionOf({ ...asked, limit: undefined }, byModel)).toThrow(
      /a part of the question is missing; give:\n {2}--limit .*such as 1\/s or 30\/m\nExample: throttle-bench recommend --limit/,
    );
    expect(() => questionOf({}, byModel)).toThrow(/--limit .*\n {2}--spike .*\n {2}--for .*\nExample: /);
  });

  it("is refused where a spike has more events than can be simulated", () => {
    expect(() => questionOf({ ...asked, spike: 10_000, for: 101_000 }, byModel)).toThrow("1,010,000 events");
  });

  it("is refused where a spike is longer than the time to the next", () => {
    expect(() => questionOf({ ...asked, every: 20_000 }, byModel)).toThrow("give --every a time longer than --for.");
  });

  it("is refused where a tolerance leaves nothing of the limit's windows", () => {
    expect(() => questionOf({ ...asked, limitTolerance: 1_000 }, byModel)).toThrow("--limit-tolerance");
  });
});

describe("the flags that ask a question again", () => {
  const flags = { ...question.flags, ...search.flags };
  const readBack = (words: readonly string[]) => {
    const asked: Record<string, unknown> = {};
    for (let at = 0; at < words.length; at += 2) {
      const name = words[at]!.slice(2).replace(/-([a-z])/g, (_, letter: string) => letter.toUpperCase());
      const read: Read<unknown> = flags[name as keyof typeof flags].read;
      asked[name] = read(words[at + 1]!, words[at]!);
    }
    return questionOf(asked, byModel);
  };
  const ms = (most: number) => fc.integer({ min: 1, max: most });
  const anyQuestion = fc.record({
    limit: fc.constantFrom("1/s", "30/m", "0.5/s", "12.5/s"),
    spike: fc.integer({ min: 1, max: 9_999_999 }).map((thousandths) => thousandths / 1_000),
    for: ms(60_000),
    every: fc.option(fc.integer({ min: 60_001, max: dayMs }), { nil: undefined }),
    work: fc.option(
      fc.tuple(ms(900_000), ms(900_000)).map(([a, b]) => ({ from: Math.min(a, b), to: Math.max(a, b) })),
      { nil: undefined },
    ),
    maxWait: fc.option(ms(14 * dayMs), { nil: undefined }),
    maxLoss: fc.oneof(
      fc.nat({ max: 1_000 }).map((amount) => ({ amount })),
      fc.nat({ max: 10_000 }).map((share) => ({ share: share / 10_000 })),
    ),
    order: fc.constantFrom(null, { within: "all" } as const, { within: "group", groups: 10 } as const),
    duplicates: fc.constantFrom("tolerated", "forbidden"),
    failureRate: fc.nat({ max: 9_999 }).map((share) => share / 10_000),
    budget: fc.option(
      fc.integer({ min: 1, max: 10_000_000 }).map((cents) => cents / 100),
      { nil: undefined },
    ),
    quota: fc.option(fc.integer({ min: 1, max: 1_000_000 }), { nil: undefined }),
    limitTolerance: fc.option(fc.nat({ max: 999 }), { nil: undefined }),
    effort: fc.option(fc.integer({ min: 1, max: 999_999 }), { nil: undefined }),
  });

  it("ask the same, whatever was asked", () => {
    fc.assert(
      fc.property(anyQuestion, (asked) => {
        const posed = questionOf(asked as never, byModel);
        expect(readBack(wordsOf(posed, undefined))).toEqual(posed);
      }),
    );
  });

  it("say no more than is needed", () => {
    const posed = questionOf({ limit: "1/s", spike: 50, for: 20_000 }, byModel);
    expect(wordsOf(posed, undefined).join(" ")).toBe("--limit 1/s --spike 50/s --for 20s");
  });
});
