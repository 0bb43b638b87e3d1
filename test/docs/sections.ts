/** The sections of the documents that are derived from the code. `npm run docs` writes them, and a test fails when one is stale. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { allFigures, figures, measuredFigures } from "../../src/metrics/figures.ts";
import { shippedScenarios } from "../../src/scenarios/catalogue.ts";
import { errorOf, isHeld, type Score, scores } from "../measurements/score.ts";
import { points, renderTheory, theoryTable } from "../theory/table.ts";
import { answerTable, askedInReadme, recommendationText } from "./answer.ts";
import { chaosLine, chaosTable } from "./chaos.ts";
import { renderDisturbances, waysDisturbed } from "./disturbances.ts";
import { commandsIn } from "./documents.ts";
import { type Rule, rules, servicesOf } from "./rules.ts";
import { numberText, table } from "./table.ts";
import { exampleRun, inScratchDirectory, once, root } from "./tool.ts";

export interface Section {
  file: string;
  name: string;
  text(): string | Promise<string>;
  /** The section is made of many runs, and `npm run test:slow` checks it. */
  slow?: true;
}

export const sections: Section[] = [
  { file: "README.md", name: "recommendation", text: () => recommendationText(recommended()), slow: true },
  { file: "README.md", name: "answer", text: () => answerTable(recommended()), slow: true },
  { file: "README.md", name: "example", text: example },
  { file: "README.md", name: "trust", text: async () => trust(await allScores()), slow: true },
  { file: "README.md", name: "nights", text: () => chaosLine() },
  { file: "infra/scenarios/README.md", name: "comparison", text: comparison, slow: true },
  {
    file: "infra/scenarios/disturbances.md",
    name: "disturbances",
    text: async () => renderDisturbances(await waysDisturbed()),
    slow: true,
  },
  { file: "src/simulation/README.md", name: "sweep", text: sweep, slow: true },
  { file: "src/metrics/README.md", name: "figures", text: figureTable },
  { file: "test/chaos/README.md", name: "figures", text: () => chaosTable() },
  { file: "test/contract/README.md", name: "counts", text: countTable },
  {
    file: "test/measurements/README.md",
    name: "tally",
    text: async () => tally(await allScores()),
    slow: true,
  },
  { file: "test/measurements/scores.md", name: "scores", text: async () => scoreTable(await allScores()), slow: true },
  { file: "test/theory/README.md", name: "theory", text: async () => renderTheory(await theoryTable()), slow: true },
];

/** Sections of one `npm run docs:slow` share it. */
const allScores = once(scores);
const recommended = once(() => askedInReadme(read("README.md")));

/** Replaces the section's text in a document. */
export async function withSection(document: string, { file, name, text }: Section): Promise<string> {
  const marker = new RegExp(`(<!-- generated: ${name} -->\n)[\\s\\S]*?(<!-- end -->)`);
  if (!marker.test(document)) throw new Error(`${file} has no section ${name}`);
  const derived = (await text()).trim();
  return document.replace(marker, (_, begin, end) => `${begin}\n${derived}\n\n${end}`);
}

export function read(file: string): string {
  return readFileSync(join(root, file), "utf8");
}

/** The true beginning of what the README's command prints, without the sentence that says when it ran; the drawing is shown as a picture. */
function example(): string {
  const lines = exampleRun().printed.replace(/^Run example, .*\n(?: .*\n)*/m, "");
  const [beginning] = /^[\s\S]*?└[\s\S]*?(?=\n\n)/.exec(lines)!;
  return `\`\`\`text\n${beginning.trim()}\n\`\`\``;
}

/** The true beginning of what the command above it prints, up to the table of the cells. */
function sweep(): string {
  const { file } = sections.find(({ name }) => name === "sweep")!;
  const command = commandsIn({ file, text: read(file) }).find(([verb]) => verb === "sweep")!;
  const [map] = inScratchDirectory((run) => run(...command)).split("\n┌");
  return `\`\`\`text\n${map!.replace(/ +$/gm, "").trim()}\n\`\`\``;
}

function figureTable(): string {
  const rows = allFigures.map((figure) => {
    const { name, shortName, betterWhen, meaning } = figures[figure];
    const isMeasured = measuredFigures.includes(figure);
    return [name, isMeasured ? `\`${shortName}\`` : "", isMeasured ? betterWhen : "", meaning];
  });
  return table(["figure", "as a threshold", "better", "what it means"], rows);
}

const comparedWays = once(() => inScratchDirectory((run) => run("list", "--compare", "--markdown")));

/** The table that `list --compare` prints, without its heading, each way linked to its scenario's file beside it. */
function comparison(): string {
  return shippedScenarios().reduce(
    (text, { name, alias }) => {
      const way = alias ?? name;
      return text.replace(`\n| ${way} |`, `\n| [${way}](${name}.yaml) |`);
    },
    comparedWays().replace(/^## .*\n+/, ""),
  );
}

export function scoreTable(all: readonly Score[]): string {
  const rows = all.map((score) => {
    const { experiment, figure, measured, unit, use, modelled, ranges, unreached } = score;
    const error = errorOf(score);
    const errorText = error === null ? "" : error === 0 ? "0" : `${error > 0 ? "+" : ""}${(100 * error).toFixed(1)}%`;
    return [
      experiment,
      unit === "" ? figure : `${figure} (${unit})`,
      String(measured),
      modelled === null ? "missing" : numberText(modelled),
      errorText,
      ranges === null ? "missing" : ranges.map(numberText).join(" – "),
      isHeld(score) ? "yes" : `no: ${unreached ?? "not known why"}`,
      use,
    ];
  });
  const sources = [...new Map(all.map(({ experiment, source }) => [experiment, source]))];
  const head = [
    "what was measured",
    "figure",
    "measured",
    "model",
    "error",
    "with ranges, 5-95%",
    "held",
    "used for a fit",
  ];
  return [table(head, rows), sources.map(([experiment, source]) => `- ${experiment}: ${source}`).join("\n")].join(
    "\n\n",
  );
}

function scoresWithin(share: number, some: readonly Score[]): number {
  return some.filter((score) => Math.abs(errorOf(score) ?? Number.POSITIVE_INFINITY) <= share).length;
}

function unusedOf(all: readonly Score[]): Score[] {
  return all.filter(({ use }) => use === "not used");
}

/** How near the model comes, in two sentences. */
export function tally(all: readonly Score[]): string {
  const count = (some: readonly Score[]) =>
    `${[0.01, 0.05, 0.2].map((share) => `${scoresWithin(share, some)} are within ${100 * share}%`).join(", ")} of what was measured, and ${some.filter(isHeld).length} in the interval of the ranges`;
  const unused = unusedOf(all);
  return `Of ${all.length} figures ${count(all)}. Of the ${unused.length} that were not used for a fit ${count(unused)}.`;
}

/** The case for the model, in three numbers. */
export async function trust(all: readonly Score[]): Promise<string> {
  const unused = unusedOf(all);
  const known = await rules();
  const documented = known.filter(({ provenance }) => provenance === "documented").length;
  return [
    `- **${scoresWithin(0.05, unused)} of ${unused.length}** figures that others measured on AWS, and that no number was fitted to, are met within 5%, ${scoresWithin(0.2, unused)} within 20%; ${unused.length - unused.filter(isHeld).length} lie outside of the model's interval, each with its reason ([all of them](test/measurements/README.md)).`,
    `- **${known.length}** rules of AWS are tests of the model, ${documented} of them from AWS's pages ([each with its source](test/contract/README.md)).`,
    `- **${points.length}** queueing systems wait as theory says, within intervals of 99.9% ([the table](test/theory/README.md)).`,
  ].join("\n");
}

async function countTable(): Promise<string> {
  const all = await rules();
  const row = (name: string, rules: Rule[]) => [
    name,
    ...["documented", "measured", "assumed"].map((how) =>
      String(rules.filter(({ provenance }) => provenance === how).length),
    ),
  ];
  const ofService = (name: string) => all.filter(({ service }) => service === name);
  return table(
    ["rules of", "documented", "measured", "assumed"],
    [...servicesOf(all).map((name) => row(`[${name}](${name}.md)`, ofService(name))), row("all", all)],
  );
}
