/** The page's answers: those of a run, errors that a user can mend as sentences, and results that are kept beside each other. */
import { expect, it } from "vitest";
import { Answers } from "../../../src/explore/answer.ts";
import type { Answer, Explored, Question } from "../../../src/explore/question.ts";
import { findScenario } from "../../../src/scenarios/catalogue.ts";

const scenarios = ["scenario-4", "scenario-5"].map((name) => ({
  ...findScenario(name),
  words: [name],
  isShipped: true,
  hasShippedTemplate: true,
}));

const model = {
  platform: "2026",
  seed: 1,
  profile: null,
  ranges: false,
  constants: { "database.connectMs": 40 },
} as const;

const explored: Explored = {
  scenarios,
  model,
  timeoutMs: 86_400_000,
  versions: { throttleBench: "0", node: "v20.0.0" },
};

const asked: Question = { scenario: 0, overrides: [], events: 40, limit: "", seed: 3 };

const answers = () => new Answers(explored, () => 0);

function told(answer: Answer): Extract<Answer, { html: string }> {
  if ("error" in answer) throw new Error(answer.error);
  return answer;
}

it("judge by the scenario's own limit, or by the one that is given", async () => {
  const all = answers();
  expect(told(await all.to(asked)).html).toContain("Limit 1/s kept");
  expect(told(await all.to({ ...asked, limit: " 30/m " })).html).toContain("Limit 30/m exceeded");
  expect(told(await all.to({ ...asked, limit: "0" })).html).not.toContain("Limit 1/s");
});

it("name the command that has the same result, with the page's numbers", async () => {
  const { command } = told(await answers().to({ ...asked, scenario: 1, overrides: ["WorkMs=20"], limit: "5/s" }));
  expect(command).toBe(
    "throttle-bench run scenario-5 --set WorkMs=20 --events 40 --seed 3 --platform 2026 --limit 5/s --assume database.connectMs=40",
  );
});

it("say no run to come back to, for there is none", async () => {
  expect(told(await answers().to(asked)).html).not.toContain("started 20");
});

it.each<[string, Partial<Question>, RegExp]>([
  ["a limit that is none", { limit: "fast" }, /^"fast" is no limit/],
  ["a setting out of its bounds", { overrides: ["BatchSize=0"] }, /BatchSize=0 is out of bounds/],
  ["a combination that AWS refuses", { overrides: ["BatchSize=500"] }, /MaximumBatchingWindow/],
])("are a sentence for %s, and the next question is answered", async (_, wrong, sentence) => {
  const all = answers();
  const answer = await all.to({ ...asked, ...wrong });
  expect("error" in answer && answer.error).toMatch(sentence);
  told(await all.to(asked));
});

it("keep results beside each other, each once, until they are forgotten", async () => {
  const all = answers();
  expect(all.keep()).toBe("");
  await all.to(asked);
  all.keep();
  expect(all.keep().match(/<th scope="row">/g)).toHaveLength(1);
  await all.to({ ...asked, overrides: ["ReservedConcurrency=5"] });
  expect(all.keep()).toMatch(/ReservedConcurrency=1.*kept.*ReservedConcurrency=5.*exceeded/s);
  expect(all.forget()).toBe("");
});
