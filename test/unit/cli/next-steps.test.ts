/** The commands after an answer: they run what was recommended as it was asked, or ask for what would do. */
import { expect, it } from "vitest";
import { nextSteps, runCommand } from "../../../src/cli/running/next-steps.ts";
import { commandOf, quotedForShell } from "../../../src/reports/command.ts";
import { findScenario } from "../../../src/scenarios/catalogue.ts";
import { settingsOf } from "../../../src/scenarios/settings.ts";
import { aCandidate, anAnswer, anEmptyAnswer, aQuestion } from "../reports/an-answer.ts";

const scenario = findScenario("sqs-reserved-1");
const settings = settingsOf(scenario, ["VisibilityTimeout=300", "PublishRate=20"]);
const candidate = { ...aCandidate("c1", { way: scenario.name }), settings };

it("runs a shipped way by its alias, with the settings that are not its own and the pace as a flag", () => {
  expect(runCommand(aQuestion, scenario, candidate, null)).toBe(
    "throttle-bench run sqs-reserved-1 --set VisibilityTimeout=300 --rate 50/s --for 20s --limit 1/s --max-loss 0 --max-wait 30m",
  );
});

it("runs a written template without settings, because it has them", () => {
  expect(runCommand({ ...aQuestion, maxWaitMs: null }, scenario, candidate, ["mine.yaml"])).toBe(
    "throttle-bench run mine.yaml --rate 50/s --for 20s --limit 1/s --max-loss 0",
  );
});

it("says all of a question that a run takes", () => {
  const question = {
    ...aQuestion,
    toleranceMs: 0,
    spike: { rate: 12.5, durationMs: 2_500 },
    everyMs: 172_800_000,
    maxLoss: { share: 0.015 },
    accountConcurrency: 20,
    model: { ...aQuestion.model, platform: "2020" as const, constants: { "database.connectMs": 30 } },
  };
  expect(runCommand(question, scenario, candidate, ["my own.yaml"])).toBe(
    "throttle-bench run 'my own.yaml' --rate 12.5/s --events 31 --every 48h --spikes 2 --limit 1/s --limit-tolerance 0 --max-loss 1.5% --max-wait 30m --platform 2020 --assume database.connectMs=30 --assume lambda.accountConcurrency=20",
  );
});

it("leads from an answer to a run here, one on the account, and a template", () => {
  const steps = nextSteps(anAnswer({ candidates: [candidate] }), [scenario], { ways: undefined, from: [] }, null);
  expect(steps.map(({ command }) => command.replace(/--set .*/, "…"))).toEqual([
    "throttle-bench run sqs-reserved-1 …",
    "throttle-bench run sqs-reserved-1 …",
    "throttle-bench recommend --limit 1/s --spike 50/s --for 20s --max-wait 30m --out mine.yaml",
  ]);
  expect(steps[1]!.command).toMatch(/ --target aws$/);
  expect(
    nextSteps(anAnswer({ candidates: [candidate] }), [scenario], { ways: undefined, from: [] }, "mine.yaml"),
  ).toHaveLength(2);
});

it("asks again with what would do where nothing holds", () => {
  const { remedies } = anEmptyAnswer();
  const commandFor = (remedy: (typeof remedies)[number]) =>
    nextSteps({ ...anEmptyAnswer(), remedies: [remedy] }, [scenario], { ways: ["sns-direct"], from: [] }, null)[0]
      ?.command;
  expect(commandFor(remedies[0]!)).toBe(
    "throttle-bench recommend --limit 3.4/s --spike 50/s --for 20s --max-wait 5m --ways sns-direct",
  );
  // As many events at the same pace come in a shorter spike.
  expect(commandFor(remedies[1]!)).toContain("--spike 50/s --for 6s ");
  expect(commandFor({ give: "wait", value: 1_140_000, unit: "ms", sentence: "" })).toContain("--max-wait 19m ");
  expect(commandFor({ give: "loss", value: 12, unit: "events", sentence: "" })).toContain("--max-loss 12 ");
  const perMinute = { ...anEmptyAnswer(), question: { ...aQuestion, limit: "30/m" } };
  expect(nextSteps(perMinute, [scenario], { ways: undefined, from: [] }, null)[0]?.command).toContain("--limit 3.4/m ");
  expect(nextSteps({ ...anEmptyAnswer(), remedies: [] }, [scenario], { ways: undefined, from: [] }, null)).toEqual([]);
});

it("quotes for a shell what a shell would take apart", () => {
  expect(commandOf("run", "./a b.yaml", "it's", "--max-loss", "1%")).toBe(
    "throttle-bench run './a b.yaml' 'it'\\''s' --max-loss 1%",
  );
});

it("quotes on Windows as cmd and PowerShell both take it", () => {
  expect(quotedForShell("C:\\my scenarios\\a.yaml", "win32")).toBe('"C:\\my scenarios\\a.yaml"');
  expect(quotedForShell("scenario-4", "win32")).toBe("scenario-4");
  expect(quotedForShell("it's", "darwin")).toBe("'it'\\''s'");
});
