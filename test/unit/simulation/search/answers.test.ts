/** The answers of a search, whatever simulations say: what holds and what it rests on, and where nothing holds, what would do. */
import { beforeAll, describe, expect, it } from "vitest";
import { parseLimit } from "../../../../infra/handlers/limit.ts";
import { BenchError } from "../../../../src/errors.ts";
import type { Figures } from "../../../../src/model.ts";
import { findScenario, findScenarios } from "../../../../src/scenarios/catalogue.ts";
import { settingsOf } from "../../../../src/scenarios/settings.ts";
import type { Answer, Remedy } from "../../../../src/simulation/search/answer.ts";
import type { Question } from "../../../../src/simulation/search/question.ts";
import { answer } from "../../../../src/simulation/search/search.ts";
import { type Plan, simulate, type Variation } from "../../../../src/simulation/simulate.ts";
import type { Simulating } from "../../../../src/simulation/simulating.ts";
import { aQuestion } from "./a-question.ts";

/** The figures by which a simulation differs from one that keeps everything. */
interface Shown {
  waitMs?: number;
  lost?: number;
  duplicates?: number;
  outOfOrder?: number;
  waitingAtNext?: number;
  dollars?: number;
}

type World = (variation: Variation, plan: Plan) => Shown;

let kept: Figures;
beforeAll(async () => {
  const scenario = findScenario("scenario-4");
  const plan = { scenario, model: { platform: "2026", profile: null, ranges: false } as const, limit: null };
  const variation = { events: 1, seed: 1, assumptions: {}, timeoutMs: 21_600_000 };
  const spikes = { count: 1, everyMs: 3_600_000 };
  const settings = settingsOf(scenario, []);
  kept = await simulate({ ...plan, waitForMetrics: true }, { ...variation, settings, spikes });
});

/** Simulations that show what the world says, at once. It may throw, as a simulation does that is refused. */
function inWorld(world: World): Simulating {
  return {
    async *figures(plan, variations, signal) {
      for (const variation of variations) {
        signal?.throwIfAborted();
        const {
          waitMs = 1_000,
          lost = 0,
          duplicates = 0,
          outOfOrder = 0,
          waitingAtNext = 0,
          dollars = 1,
        } = world(variation, plan);
        const { summary, details, cost } = kept;
        yield {
          ...kept,
          seed: variation.seed,
          summary: { ...summary, eventsFailed: lost, duplicates },
          details: {
            ...details,
            waitMs: { ...details.waitMs!, oldest: waitMs },
            order: { ...details.order!, outOfOrder },
            spikes: { ...details.spikes!, each: details.spikes!.each.map((each) => ({ ...each, waitingAtNext })) },
          },
          cost: { ...cost!, month: dollars },
        };
      }
    },
    close: async () => {},
  };
}

const small = { spike: { rate: 5, durationMs: 2_000 }, workMs: { from: 500, to: 500 }, effort: 120 };

function answerTo(asked: Partial<Question>, ways: string[], world: World, signal?: AbortSignal): Promise<Answer> {
  return answer(aQuestion({ ...small, ...asked }), findScenarios(ways), inWorld(world), () => {}, signal);
}

const callsPerSecond = (limit: string) => {
  const { calls, perMs } = parseLimit(limit)!;
  return (calls * 1_000) / perMs;
};

/** A downstream that is called as often as the limit lets it be. */
const paced: World = ({ events, spikes }, { limit }) => {
  const drainMs = ((events - 1) / callsPerSecond(limit!.limit)) * 1_000;
  const leftAtNext = ((drainMs - (spikes?.everyMs ?? drainMs)) * callsPerSecond(limit!.limit)) / 1_000;
  return { waitMs: drainMs, waitingAtNext: Math.max(0, Math.ceil(leftAtNext)) };
};

/** Whatever may be asked besides the limit and the budget. */
const everyDemand = {
  maxWaitMs: 60_000,
  everyMs: 3_600_000,
  order: { within: "all" },
  duplicatesTolerated: false,
} as const;

describe("where nothing holds", () => {
  const remedy = ({ remedies }: Answer, give: Remedy["give"]) => remedies.find((each) => each.give === give);

  it("tells of a wait which limit, which wait and which spike would do", async () => {
    const asked = { limit: "2/s", maxWaitMs: 2_000 };
    const found = await answerTo(asked, ["fifo-one-group"], paced);
    expect(found).toMatchObject({ winner: null, isFinal: true });
    const [limit, wait, spike] = (["limit", "wait", "spike"] as const).map((give) => remedy(found, give)!);
    expect(limit).toMatchObject({
      unit: "calls/s",
      sentence: expect.stringMatching(/^A limit of \S+\/s would do, with /),
    });
    expect((9 / limit!.value) * 1_000).toBeLessThanOrEqual(2_000);
    expect(wait).toMatchObject({
      unit: "ms",
      sentence: expect.stringMatching(/^A wait of .* would do, with fifo-one-group\.$/),
    });
    expect(wait!.value).toBeGreaterThanOrEqual(4_500);
    expect(spike).toMatchObject({ unit: "events", sentence: expect.stringMatching(/^A spike of \d events? would do/) });
    expect(((spike!.value - 1) / 2) * 1_000).toBeLessThanOrEqual(2_000);
  });

  it("tells of spikes that come too soon which limit, which spike and which time between them would do", async () => {
    const found = await answerTo({ limit: "60/m", everyMs: 5_000 }, ["limiter-token-bucket"], paced);
    expect(found.winner).toBeNull();
    expect(remedy(found, "limit")).toMatchObject({
      unit: "calls/m",
      sentence: expect.stringMatching(/^A limit of \d+\/m would/),
    });
    expect(remedy(found, "limit")!.value / 60).toBeGreaterThanOrEqual(9 / 5);
    expect(remedy(found, "every")!.value).toBeGreaterThanOrEqual(9_000);
    expect(remedy(found, "every")!.sentence).toMatch(/^A spike every \d+ s would do/);
    expect(remedy(found, "spike")!.value).toBeLessThanOrEqual(6);
    expect(remedy(found, "wait")).toBeUndefined();
  });

  it.each<[what: string, asked: Partial<Question>, give: Remedy["give"], sentence: string]>([
    ["an order", { order: { within: "all" } }, "order", "Any order would do, with sqs-reserved-5."],
    [
      "no duplicate",
      { duplicatesTolerated: false },
      "duplicates",
      "Duplicates that do no harm would do, with sqs-reserved-5.",
    ],
    ["a budget", { budgetDollars: 0.5 }, "budget", "A budget of 1.00 USD a month would do, with sqs-reserved-5."],
  ])("tells of %s that there would be an answer without", async (_, asked, give, sentence) => {
    const found = await answerTo({ limit: "100/s", ...asked }, ["sqs-reserved-5"], () => ({ dollars: 0.994 }));
    expect(found.winner).toBeNull();
    expect(remedy(found, give)).toMatchObject({ sentence });
  });

  it("tells of no remedy where events are lost whatever gives", async () => {
    const found = await answerTo({ ...everyDemand, limit: "100/s", budgetDollars: 9 }, ["fifo-one-group"], () => ({
      lost: 3,
    }));
    expect(found).toMatchObject({ winner: null, remedies: [] });
    expect(found.families[0]).toMatchObject({
      standing: "breaks",
      reason: expect.stringMatching(/^3 events lost in \d+ of \d+ runs?\.$/),
    });
    const [candidate] = found.candidates;
    expect(candidate!.demands.map(({ sentence }) => sentence)).toEqual([
      "at the peak 1 call in a second: within the limit of 100/s",
      expect.stringMatching(/^3 events lost in /),
      "the oldest waits 1 s: within 60 s",
      "all in order",
      "nothing worked twice",
      "a spike is worked off before the next comes after 60 min",
      "1.00 USD a month: within the budget of 9.00",
    ]);
  });

  it("says of each demand how it is broken", async () => {
    const world = { waitMs: 120_000, outOfOrder: 2, duplicates: 1, waitingAtNext: 4, dollars: 11 };
    const found = await answerTo({ ...everyDemand, limit: "100/s", budgetDollars: 9 }, ["fifo-one-group"], () => world);
    const runs = / in (\d+) of \1 runs?$/;
    expect(
      found.candidates[0]!.demands.filter(({ brokenIn }) => brokenIn > 0).map(({ sentence }) =>
        sentence.replace(runs, ""),
      ),
    ).toEqual([
      "the oldest waits 2 min: longer than 60 s",
      "2 events out of order",
      "1 event worked twice",
      "4 events still wait when the next spike comes after 60 min",
      "11.00 USD a month: over the budget of 9.00",
    ]);
  });
});

describe("of several ways that hold", () => {
  const ways = ["fifo-one-group", "limiter-token-bucket", "sqs-reserved-5"];
  /** So many that a candidate that breaks nothing is simulated often enough to say that it holds. */
  const asked = { limit: "100/s", effort: 720 };
  const reasonOf = ({ families }: Answer, name: string) =>
    families.find(({ way }) => [way.name, way.alias].includes(name))!.reason;

  it("says what each costs beside the winner", async () => {
    const found = await answerTo(asked, ways, (_, { scenario: { name } }) =>
      name === "scenario-5" ? {} : name === "fifo-one-group" ? { waitMs: 61_000 } : { dollars: 7 },
    );
    expect(found.candidates[0]).toMatchObject({ way: { alias: "sqs-reserved-5" }, standing: "keeps" });
    expect(reasonOf(found, "sqs-reserved-5")).toMatch(/; none of \d+ runs breaks anything\.$/);
    expect(reasonOf(found, "fifo-one-group")).toBe("Holds as well, and waits 60 s longer.");
    expect(reasonOf(found, "limiter-token-bucket")).toMatch(
      /^Holds as well, and costs \d+\.\d\d USD a month more and has 1 moving part more\.$/,
    );
  });

  it("says of one that is as good that it is", async () => {
    const found = await answerTo(asked, ["sqs-reserved-5", "sqs-reserved-1"], () => ({}));
    expect(found.families[1]!.reason).toBe("Holds as well: in wait, cost and moving parts it is much like the winner.");
  });

  it("says of one that breaks something seldom that it holds nearly always", async () => {
    const found = await answerTo(asked, ways, ({ seed }, { scenario: { name } }) =>
      name === "fifo-one-group" && seed === 5 ? { lost: 1 } : {},
    );
    expect(found.candidates[0]!.standing).toBe("keeps");
    const family = found.families.find(({ way }) => way.name === "fifo-one-group")!;
    expect(family.standing).not.toBe("keeps");
    expect(family.reason).toMatch(/^(Holds nearly always, but )?1 event lost in 1 of \d+ runs\.$/i);
  });

  it("says of one that cannot be simulated that it cannot", async () => {
    const found = await answerTo(asked, ways, (_, { scenario: { name } }) => {
      if (name === "fifo-one-group") throw new BenchError("bad-template", "AWS refuses it.");
      return {};
    });
    expect(found.families.find(({ way }) => way.name === "fifo-one-group")).toMatchObject({
      best: null,
      reason: "It could not be simulated: AWS refuses it, or its template lacks something.",
    });
    expect(found.winner).not.toBeNull();
  });

  it("ends with whatever else goes wrong in a simulation", async () => {
    const wrong = answerTo(asked, ways, () => {
      throw new RangeError("no such thing");
    });
    await expect(wrong).rejects.toThrow("no such thing");
  });
});

describe("what the winner rests on", () => {
  const rests = async (asked: Partial<Question>, world: World, way = "fifo-one-group") => {
    const found = await answerTo({ limit: "100/s", ...asked }, [way], world);
    expect(found.winner).not.toBeNull();
    return found.winner!.rests;
  };

  it.each<[what: string, holds: (variation: Variation) => boolean, sentences: RegExp[]]>([
    [
      "the work and the size of a spike",
      ({ settings, events }) => Number(settings.WorkMs) > 400 && Number(settings.WorkMs) < 600 && events < 14,
      [
        /^holds while one event takes at least 40\d ms$/,
        /^holds while one event takes no more than 5\d\d ms$/,
        /^holds while a spike has no more than 13 events$/,
      ],
    ],
    [
      "the rate, the failures and the account",
      ({ settings, assumptions }) =>
        Number(settings.PublishRate) < 8 &&
        Number(settings.FailureRate) < 0.05 &&
        (assumptions["lambda.accountConcurrency"] ?? 1_000) >= 30,
      [
        /^holds while no more than 7(\.\d)? events come a second$/,
        /^holds while no more than [34](\.\d)?% of the calls fail$/,
        /^holds while the account has 3\d concurrent executions or more$/,
      ],
    ],
    ["no failures", ({ settings }) => Number(settings.FailureRate) === 0, [/^holds while no call fails$/]],
  ])("is found of %s", async (_, holds, sentences) => {
    const found = await rests({}, (variation) => ({ lost: holds(variation) ? 0 : 1 }));
    for (const sentence of sentences) {
      expect(found.map((each) => each.sentence)).toContainEqual(expect.stringMatching(sentence));
    }
    for (const { sentence, brokeAt, breaks } of found) {
      const isBroken = sentence.startsWith("holds while");
      expect([brokeAt !== null, breaks]).toEqual([isBroken, isBroken ? "loss" : null]);
    }
  });

  it("is said of what nothing breaks, too", async () => {
    const sentences = (await rests({}, () => ({}))).map(({ sentence }) => sentence);
    expect(sentences).toHaveLength(3);
    for (const sentence of sentences) expect(sentence).toMatch(/^holds even if /);
  });

  it("is found on a number of the model that nobody publishes, with what it is assumed to be", async () => {
    const world: World = ({ assumptions }) => ({ lost: (assumptions["database.insertMedianMs"] ?? 4) > 8 ? 1 : 0 });
    const found = (await rests({ effort: 3_000 }, world)).find(({ of }) => of === "model")!;
    expect(found).toMatchObject({ on: "database.insertMedianMs", value: 4, breaks: "loss" });
    expect(found.sentence).toMatch(
      /^holds while database\.insertMedianMs is no more than [78](\.\d+)? ms, which is assumed to be 4 ms$/,
    );
    expect(found.heldAt).toBeLessThanOrEqual(8);
    expect(found.brokeAt).toBeGreaterThan(8);
  });
});

describe("where time is over", () => {
  it("says which ways were not tried, and that the answer is not final", async () => {
    const over = new AbortController();
    over.abort();
    const found = await answerTo({ limit: "100/s" }, ["fifo-one-group", "sqs-reserved-5"], () => ({}), over.signal);
    expect(found).toMatchObject({ isFinal: false, winner: null, candidates: [], simulations: { done: 0 } });
    for (const { reason, standing } of found.families) {
      expect({ reason, standing }).toEqual({ reason: "Time was over before it was tried.", standing: "doubtful" });
    }
  });

  it("tells what was found by then", async () => {
    const over = new AbortController();
    let simulations = 0;
    const world = () => {
      if (++simulations === 100) over.abort();
      return {};
    };
    const found = await answerTo(
      { limit: "100/s", effort: 240 },
      ["fifo-one-group", "sqs-reserved-5"],
      world,
      over.signal,
    );
    expect(found.isFinal).toBe(false);
    expect(found.candidates.length).toBeGreaterThan(0);
  });
});

describe("of a candidate", () => {
  it("names the parts that somebody has to build, watch and understand", async () => {
    const ways = ["limiter-token-bucket", "scheduled-pull", "api-destination", "provisioned-pollers"];
    const held = ["single-instance-held", "partial-batch-responses", "fifo-ten-groups"];
    const { candidates } = await answerTo({ limit: "100/s" }, [...ways, ...held], () => ({}));
    const partsOf = (name: string) => candidates.find(({ way }) => way.name === name)!.movingParts;
    expect(partsOf("limiter-token-bucket").names).toEqual(expect.arrayContaining(["a limiter", "a database for it"]));
    expect(partsOf("scheduled-pull").names).toContain("a schedule");
    expect(partsOf("api-destination").names).toContain("a key for the endpoint");
    expect(partsOf("provisioned-pollers").names).toContain("provisioned pollers");
    for (const { movingParts } of candidates) expect(movingParts.count).toBe(movingParts.names.length);
  });

  it("keeps an order of keys by groups that several keys share, where the limit asks for fewer", async () => {
    const order = { within: "group", groups: 12 } as const;
    const { candidates } = await answerTo(
      { order, limit: "6/s", workMs: { from: 500, to: 900 } },
      ["fifo-ten-groups"],
      ({ settings }) => ({
        lost: Number(settings.MessageGroups) > 9 ? 1 : 0,
      }),
    );
    const found = candidates.filter(({ origin, standing }) => origin === "search" && standing !== "breaks");
    expect(found.length).toBeGreaterThan(0);
    for (const { settings, movingParts } of found) {
      expect(12 % Number(settings.MessageGroups)).toBe(0);
      expect(movingParts.names).toContain("keys that share a group");
    }
  });

  it("has the memory and the work that the question says", async () => {
    const asked = { limit: "100/s", consumerMemoryMb: 512, workMs: { from: 200, to: 700 } };
    const { candidates } = await answerTo(asked, ["sqs-reserved-5"], () => ({}));
    expect(candidates[0]!.settings).toMatchObject({ ConsumerMemory: "512", WorkMs: "200", WorkMsMax: "700" });
  });

  it("is named with the setting and the calls that it makes where it breaks the limit", async () => {
    const asked = { limit: "1/s", named: [{ way: "scenario-5", settings: { ReservedConcurrency: "5" } }] };
    const { candidates, families } = await answerTo(asked, ["sqs-reserved-5"], () => ({ lost: 1 }));
    expect(candidates.find(({ origin }) => origin === "user")).toMatchObject({
      settings: { ReservedConcurrency: "5" },
      standing: "breaks",
    });
    expect(families[0]!.reason).toMatch(/ReservedConcurrency|event lost/);
  });
});
