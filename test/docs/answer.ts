/** The README's question as the tool answers it: what it prints first, and the ways that hold beside those that many try first. */

import { answerText } from "../../src/reports/answers/formats.ts";
import { costText, marks, nameOf } from "../../src/reports/answers/words.ts";
import { briefDuration } from "../../src/reports/figures.ts";
import type { Answer, Candidate, Family } from "../../src/simulation/search/answer.ts";
import { commandsIn } from "./documents.ts";
import { table } from "./table.ts";
import { inScratchDirectory } from "./tool.ts";

/** Runs the first question that the document asks. */
export function askedInReadme(text: string): Answer {
  const question = commandsIn({ file: "README.md", text }).find(([verb]) => verb === "recommend")!;
  return JSON.parse(inScratchDirectory((run) => run(...question, "--json"))) as Answer;
}

/** The true beginning of what the command prints on a pipe. */
export function recommendationText(answer: Answer): string {
  const printed = answerText({ answer, next: [] }, { columns: 100, colour: false, details: false });
  const [first] = printed.split("\n\n\n");
  return `\`\`\`text\n${first!.trim()}\n\`\`\``;
}

/** So many ways that hold are enough to choose from. */
const mostHolding = 7;
const firstThoughts = ["sqs-reserved-5", "maximum-concurrency-2", "sns-direct"];

/** The ways that hold, the best first, each by its best settings, and those that many try first, with what is wrong with them. */
export function answerTable({ families, candidates }: Answer): string {
  const bestOf = ({ best }: Family) => candidates.find(({ id }) => id === best) ?? null;
  const holding = families.filter(({ standing }) => standing === "keeps").slice(0, mostHolding);
  const failing = families.filter(({ standing, way }) => standing !== "keeps" && firstThoughts.includes(nameOf(way)));
  const rows = [
    ...holding.map((family) => {
      const best = bestOf(family)!;
      return [`${marks.keeps} ${nameOf(family.way)}`, settingsOf(best), ...figuresOf(best)];
    }),
    ...failing.map((family) => [
      `${marks[family.standing]} ${nameOf(family.way)}`,
      family.reason.replace(/\.$/, ""),
      ...figuresOf(bestOf(family)),
    ]),
  ];
  return table(["way", "settings, or why not", "oldest wait", "USD a month"], rows);
}

function settingsOf({ changed }: Candidate): string {
  return changed.length === 0 ? "as it is" : changed.map(({ name, value }) => `${name}=${value}`).join(", ");
}

function figuresOf(candidate: Candidate | null): string[] {
  const { waitOldestMs = null, costPerMonth = null } = candidate?.figures ?? {};
  return [
    waitOldestMs === null ? "" : briefDuration(waitOldestMs.median / 1_000),
    costPerMonth === null ? "" : costText(costPerMonth.median).replace(" USD", ""),
  ];
}
