/** An answer about somebody's own system begins with that system: whether it holds, and which lines of the file to change. */
import { expect, it } from "vitest";
import { answerDocument } from "../../../src/reports/answers/document.ts";
import { answerFormats, answerPage, answerText } from "../../../src/reports/answers/formats.ts";
import { ownStanding } from "../../../src/reports/answers/own.ts";
import { lift } from "../../../src/systems/lift.ts";
import { aQueuePath, aSystem } from "../systems/a-system.ts";
import { aCandidate, anAnswer } from "./an-answer.ts";

const lifted = lift(aSystem(aQueuePath({ queue: "VisibilityTimeout: 180", mapping: "BatchSize: 1" })));
const own = { file: "theirs.yaml", lifted, isWorkAssumed: true };

const asItIs = (given = {}) =>
  aCandidate("c3", {
    way: "theirs",
    brokenIn: { limit: 200 },
    sentence: "At the peak 40 calls in a second.",
    ...given,
  });
const changed = aCandidate("c2", {
  way: "theirs",
  changed: [
    ["VisibilityTimeout", "360", "180"],
    ["MaximumConcurrency", "2", "0"],
  ],
  sentence: "At the peak 2 calls in a second.",
});
const other = aCandidate("c1", { way: "fifo-one-group", sentence: "At the peak 1 call in a second." });

const told = (...candidates: ReturnType<typeof aCandidate>[]) => ({ answer: anAnswer({ candidates }), next: [], own });
const textOf = (recommendation: ReturnType<typeof told>, columns = 120) =>
  answerText(recommendation, { columns, colour: false, details: false });

it("says first that it does not hold, then the fewest lines that make it hold, then another way with what changes before it", () => {
  const text = textOf(told(other, changed, asItIs()));
  const [first = ""] = text.split("\n\n\n");
  const whole = first.replaceAll(/\n */g, " ");
  expect(whole).toMatch(
    /^Your own · SQS Jobs → Lambda Worker of theirs\.yaml ✗ It does not hold as it stands: At the peak 40/,
  );
  expect(whole).toMatch(/holds with 2 changes: At the peak 2 calls/);
  expect(whole).toMatch(/VisibilityTimeout 180 → 360: theirs\.yaml, line \d+: VisibilityTimeout of Jobs/);
  expect(whole).toMatch(/MaximumConcurrency 0 → 2: .*line \d+: add ScalingConfig\.MaximumConcurrency to Feed/);
  expect(whole).toMatch(/Another way holds, fifo-one-group.*What sends to SQS has to send to/);
  expect(whole).toMatch(/WorkMs=1000 is assumed/);
});

it("asks for no change where it holds, and says where no settings of it do", () => {
  const holding = textOf(told(asItIs({ brokenIn: {} }), other));
  expect(holding).toMatch(/✓ It holds as it stands/);
  expect(holding).not.toMatch(/Another way holds/);
  const { answer } = told(asItIs({ brokenIn: {} }), changed);
  expect(ownStanding(answer, own)).toMatchObject({ asItIs: { id: "c3" }, changed: null });
  expect(textOf(told(other, asItIs()))).toMatch(/No other settings of it were found to hold/);
});

it("names the changes that hold as far as they were tried, where none was tried often enough to be sure", () => {
  const doubtful = aCandidate("c4", {
    way: "theirs",
    changed: [["MaximumConcurrency", "3", "0"]],
    brokenIn: { limit: 1 },
    sentence: "At the peak 3 calls in a second.",
  });
  const doubtfulOther = aCandidate("c5", { way: "fifo-one-group", brokenIn: { limit: 1 } });
  const unsure = textOf(told(doubtfulOther, doubtful, asItIs())).replaceAll(/\n */g, " ");
  expect(unsure).toMatch(/holds, or only just, with one change: At the peak 3 calls/);
  expect(unsure).toMatch(/MaximumConcurrency 0 → 3/);
  expect(unsure).toMatch(/Another way holds, or only just, fifo-one-group/);
  expect(unsure).not.toMatch(/No other settings/);
  expect(textOf(told(doubtful, changed, asItIs()))).toMatch(/The same way holds with 2 changes/);
});

it("is the same in every medium, and no wider than the terminal", () => {
  const recommendation = told(other, changed, asItIs());
  for (const columns of [60, 80, 120]) {
    const [section = ""] = textOf(recommendation, columns).split("\n\n\n");
    expect(section.split("\n").filter((line) => line.length > columns)).toEqual([]);
  }
  expect(answerPage(recommendation)).toContain("It does not hold as it stands");
  const json = answerFormats.find(({ name }) => name === "json")!;
  const options = { columns: 80, colour: false, details: false };
  const facts = "text" in json ? JSON.parse(json.text([recommendation], options, "")) : null;
  expect(facts.own).toMatchObject({ holds: false, asItIs: "c3", changed: { candidate: "c2" }, other: "c1" });
  expect(facts.own.changed.changes[0]).toMatchObject({ setting: "VisibilityTimeout", from: "180", to: "360" });
  expect(answerDocument({ ...recommendation, own: undefined as never }).sections[0]!.heading).toEqual([
    "Recommendation",
  ]);
});
