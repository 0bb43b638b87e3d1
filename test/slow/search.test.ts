/** Whole searches with little effort and small spikes. Questions of a real size have a file of their own. */
import { fileURLToPath } from "node:url";
import { afterAll, describe, expect, it } from "vitest";
import { ownStanding } from "../../src/reports/answers/own.ts";
import { findScenarios } from "../../src/scenarios/catalogue.ts";
import type { Question } from "../../src/simulation/search/question.ts";
import { answer, type Told } from "../../src/simulation/search/search.ts";
import { Simulators } from "../../src/simulation/workers.ts";
import { lift } from "../../src/systems/lift.ts";
import { aQuestion } from "../unit/simulation/search/a-question.ts";
import { aQueuePath, aSystem } from "../unit/systems/a-system.ts";

const worker = fileURLToPath(new URL("../../.build/cli/simulation-worker.js", import.meta.url));
const one = new Simulators(1, worker);
const two = new Simulators(2, worker);
afterAll(async () => {
  await one.close();
  await two.close();
});

const small = { spike: { rate: 20, durationMs: 1_000 }, effort: 20 };

/** Enough to choose from: without a throttle, with a reservation, in order, and by a limiter. */
const some = findScenarios(["scenario-1", "scenario-4", "straight-to-sqs", "sqs-fifo", "limiter-token-bucket"]);

function answerTo(asked: Partial<Question>, ways = some, told?: Told) {
  return answer(aQuestion({ ...small, ...asked }), ways, two, told);
}

describe("A search", () => {
  it("gives the same answer however many threads simulate", async () => {
    const ways = findScenarios(["sqs-fifo", "scenario-4", "scenario-1"]);
    const question = aQuestion({ ...small, workMs: { from: 300, to: 600 } });
    const answers = [await answer(question, ways, one), await answer(question, ways, two)];
    expect(answers[1]).toEqual(answers[0]);
    expect(JSON.parse(JSON.stringify(answers[0]))).toEqual(answers[0]);
  });

  it("names every way once, each with its best candidate and a sentence", async () => {
    const ways = some;
    const { families, candidates } = await answerTo({}, ways);
    expect(families.map(({ way }) => way.name).toSorted()).toEqual(ways.map(({ name }) => name).toSorted());
    const ids = candidates.map(({ id }) => id);
    for (const { best, reason } of families) {
      expect(reason).toMatch(/^[A-Z\d].*[^.]\.$/);
      if (best !== null) expect(ids).toContain(best);
    }
  });

  it("recommends no throttle where the spike keeps the limit", async () => {
    const { bounds, winner, candidates } = await answerTo({ limit: "100/s", workMs: { from: 100, to: 100 } });
    expect(bounds.needsNoThrottle).toBe(true);
    expect(winner?.candidate).toBe(candidates[0]!.id);
    expect(candidates[0]).toMatchObject({ way: { name: "scenario-1" }, changed: [] });
  });

  it("recommends one message group of a FIFO queue where one order is over all", async () => {
    const { candidates } = await answerTo({ order: { within: "all" } });
    expect(candidates[0]).toMatchObject({ way: { name: "sqs-fifo" }, settings: { MessageGroups: "1" } });
  });

  it("says what its winner rests on: the shortest work that keeps the limit", async () => {
    const { winner } = await answerTo({ workMs: { from: 1_200, to: 1_200 } }, findScenarios(["sqs-fifo"]));
    const work = winner!.rests.find(({ on }) => on === "work at least")!;
    expect(work).toMatchObject({ of: "question", value: 1_200, breaks: "limit" });
    // The limit's window is 900 ms long, and an event takes some milliseconds beside its work.
    expect(work.heldAt).toBeGreaterThan(work.brokeAt!);
    expect(work.brokeAt).toBeLessThan(900);
    expect(work.heldAt).toBeGreaterThan(600);
    expect(work.sentence).toMatch(/^holds while one event takes at least \d+ ms$/);
  });

  it("says which limit, wait and spike would do where nothing holds, and something does with each", async () => {
    const ways = findScenarios(["limiter-token-bucket"]);
    const asked = { workMs: { from: 100, to: 100 }, maxWaitMs: 9_000 };
    const { winner, remedies } = await answerTo(asked, ways);
    expect(winner).toBeNull();
    expect(remedies.map(({ give }) => give)).toEqual(["limit", "wait", "spike"]);
    const limit = remedies[0]!.value;
    // 20 events within 9 s and the 1 s of the spike, and not far more.
    expect(limit).toBeGreaterThan(1.7);
    expect(limit).toBeLessThan(3);
    expect((await answerTo({ ...asked, limit: `${limit}/s` }, ways)).winner).not.toBeNull();
  });

  it("finds nothing where the limit alone takes longer than an event may wait", async () => {
    const { winner, candidates } = await answerTo({ maxWaitMs: 10_000 });
    expect(winner).toBeNull();
    expect(candidates.every(({ standing }) => standing === "breaks")).toBe(true);
  });

  it("simulates what the user names, whatever theory says of it", async () => {
    const named = [{ way: "maximum-concurrency-2", settings: { MaximumConcurrency: "7" } }];
    const { candidates } = await answerTo({ named }, findScenarios(["maximum-concurrency-2", "sqs-fifo"]));
    const own = candidates.find(({ origin }) => origin === "user")!;
    expect(own).toMatchObject({ standing: "breaks", settings: { MaximumConcurrency: "7" } });
    expect(own.changed).toContainEqual({ name: "MaximumConcurrency", value: "7", own: "2" });
  });

  it("says after how many simulations it was cut off, and is not final then", async () => {
    const controller = new AbortController();
    const question = aQuestion({ ...small, effort: 2_000 });
    const { isFinal, simulations } = await answer(
      question,
      findScenarios(["sqs-fifo", "scenario-2"]),
      two,
      ({ done }) => {
        if (done === 20) controller.abort();
      },
      controller.signal,
    );
    expect(isFinal).toBe(false);
    expect(simulations.done).toBeGreaterThanOrEqual(20);
    expect(simulations.done).toBeLessThan(300);
  });

  it("says of a way that time was over before it was tried, and not that it cannot be", async () => {
    const ways = findScenarios(["sqs-fifo", "scenario-2"]);
    const { families } = await answer(aQuestion(small), ways, two, () => {}, AbortSignal.abort());
    for (const { standing, best, reason } of families) {
      expect({ standing, best, reason }).toEqual({
        standing: "doubtful",
        best: null,
        reason: "Time was over before it was tried.",
      });
    }
  });

  it("tells its progress, and every simulation counts once", async () => {
    const seen: number[] = [];
    const { simulations } = await answerTo({}, findScenarios(["sqs-fifo"]), ({ done }) => seen.push(done));
    expect(seen).toEqual(seen.map((_, index) => index + 1));
    expect(seen.at(-1)).toBe(simulations.done);
  });
});

it("Of somebody's own way, no change that is told can be set back without breaking what was asked", async () => {
  const lifted = lift(aSystem(aQueuePath({ queue: "VisibilityTimeout: 180", mapping: "BatchSize: 5" })));
  const { scenario } = lifted;
  const own = { file: "theirs.yaml", lifted, isWorkAssumed: false };
  const asking = (...settings: Record<string, string>[]) =>
    answerTo(
      {
        limit: "1/s",
        spike: { rate: 2, durationMs: 4_000 },
        effort: 720,
        named: [{}, ...settings].map((each) => ({ way: scenario.name, settings: each })),
      },
      [scenario],
    );
  const { changed } = ownStanding(await asking(), own);
  const changes = changed!.candidate.changed;
  expect(changes.length).toBeGreaterThan(0);
  const less = changes.map(({ name }) =>
    Object.fromEntries(changes.filter((each) => each.name !== name).map((each) => [each.name, each.value])),
  );
  const { candidates } = await asking(...less);
  for (const settings of less) {
    const tried = candidates.find(
      ({ changed }) =>
        changed.length === Object.keys(settings).length && changed.every(({ name, value }) => settings[name] === value),
    );
    expect(tried, JSON.stringify(settings)).toBeDefined();
    expect(tried!.standing).not.toBe("keeps");
  }
});
