/** The sections of the documents that are derived from the code. `npm run docs` writes them, and a test fails when one is stale. */
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { platform2020 } from "../../src/emulator/platforms/2020.ts";
import { platform2026 } from "../../src/emulator/platforms/2026.ts";
import type { Fact } from "../../src/emulator/platforms/fact.ts";
import { unitOf } from "../../src/emulator/platforms/units.ts";
import { allFigures, figures, measuredFigures } from "../../src/metrics/figures.ts";
import { shippedScenarios } from "../../src/scenarios/catalogue.ts";
import { errorOf, isHeld, type Score, scores } from "../measurements/score.ts";
import { renderTheory, theoryTable } from "../theory/table.ts";
import { renderDisturbances, waysDisturbed } from "./disturbances.ts";
import { type Rule, rules } from "./rules.ts";

/** Both `npm run docs` and the tests run in the package's root. */
export const root = process.cwd();

/** The record's schema, published in the package. */
export const schemaFile = "infra/run-record.schema.json";

export const dashboardFile = "infra/grafana/dashboards/throttle-bench.json";

export interface Section {
  file: string;
  name: string;
  text(): string | Promise<string>;
  /** The section is made of many runs, and `npm run test:slow` checks it. */
  slow?: true;
}

export const sections: Section[] = [
  { file: "README.md", name: "example", text: example },
  { file: "README.md", name: "comparison", text: comparison, slow: true },
  {
    file: "infra/scenarios/README.md",
    name: "disturbances",
    text: async () => renderDisturbances(await waysDisturbed()),
    slow: true,
  },
  { file: "src/metrics/README.md", name: "figures", text: figureTable },
  { file: "src/emulator/README.md", name: "counts", text: countTable },
  { file: "test/contract/README.md", name: "rules", text: ruleTables },
  { file: "src/emulator/platforms/README.md", name: "facts", text: factTable },
  { file: "test/measurements/README.md", name: "scores", text: async () => scoreTable(await scores()), slow: true },
  { file: "src/emulator/README.md", name: "theory", text: async () => renderTheory(await theoryTable()), slow: true },
];

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

/** Calls `work` with the real binary, run in a directory of its own. */
function inScratchDirectory<T>(work: (run: (...args: string[]) => string) => T): T {
  const directory = mkdtempSync(join(tmpdir(), "throttle-bench-docs-"));
  try {
    return work((...args) => {
      const { stdout, stderr, status } = spawnSync(process.execPath, [join(root, "bin/throttle-bench.js"), ...args], {
        cwd: directory,
        encoding: "utf8",
        maxBuffer: 1 << 28,
        env: { ...process.env, NO_COLOR: "1" },
      });
      if (status !== 0) throw new Error(stderr);
      return stdout;
    });
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

/** The true output of the README's command, but for the sentence that says when it ran. */
function example(): string {
  const output = inScratchDirectory((run) => run("run", "scenario-4", "--run-id", "example"));
  const lines = output.replace(/^Run example, .*\n(?: .*\n)*/m, "");
  return `\`\`\`text\n${lines.trim()}\n\`\`\``;
}

function figureTable(): string {
  const rows = allFigures.map((figure) => {
    const { name, shortName, betterWhen, meaning } = figures[figure];
    const isMeasured = measuredFigures.includes(figure);
    return [name, isMeasured ? `\`${shortName}\`` : "", isMeasured ? betterWhen : "", meaning];
  });
  return table(["figure", "as a threshold", "better", "what it means"], rows);
}

/** The table that `list --compare` prints, without its heading, each way linked to its scenario's file. */
function comparison(): string {
  const text = inScratchDirectory((run) => run("list", "--compare", "--markdown")).replace(/^## .*\n+/, "");
  return shippedScenarios().reduce((linked, { name, alias }) => {
    const way = alias ?? name;
    return linked.replace(`\n| ${way} |`, `\n| [${way}](infra/scenarios/${name}.yaml) |`);
  }, text);
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
  const tally = (some: readonly Score[]) => {
    const within = (share: number) =>
      some.filter((score) => Math.abs(errorOf(score) ?? Number.POSITIVE_INFINITY) <= share).length;
    const held = some.filter(isHeld).length;
    return `${within(0.01)} are within 1%, ${within(0.05)} within 5%, ${within(0.2)} within 20% of what was measured, and ${held} in the interval of the ranges`;
  };
  const unused = all.filter(({ use }) => use === "not used");
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
  return [
    `Of ${all.length} figures ${tally(all)}. Of the ${unused.length} that were not used for a fit ${tally(unused)}.`,
    table(head, rows),
    sources.map(([experiment, source]) => `- ${experiment}: ${source}`).join("\n"),
  ].join("\n\n");
}

function servicesOf(rules: Rule[]): string[] {
  return [...new Set(rules.map(({ service }) => service))];
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
    [...servicesOf(all).map((service) => row(service, ofService(service))), row("all", all)],
  );
}

async function ruleTables(): Promise<string> {
  const all = await rules();
  return servicesOf(all)
    .map((name) => {
      const rows = all
        .filter(({ service }) => service === name)
        .map(({ rule, provenance, source }) => [rule, provenance, source]);
      return `## ${name}\n\n${table(["rule", "how we know", "source or reason"], rows)}`;
    })
    .join("\n\n");
}

function factTable(): string {
  const older: Record<string, Fact> = platform2020;
  const rows = Object.entries(platform2026 as Record<string, Fact>).map(([name, fact]) => {
    const then = older[name]!;
    const rangeOf = ({ range }: Fact) => (range ? `${range[0]} – ${range[1]}` : "");
    return [
      `\`${name}\``,
      numberText(fact.value),
      then.value === fact.value ? "" : [numberText(then.value), rangeOf(then) && `(${rangeOf(then)})`].join(" ").trim(),
      unitOf(name).name,
      rangeOf(fact),
      fact.confidence,
      then.source === fact.source ? fact.source : `${fact.source}; 2020: ${then.source}`,
    ];
  });
  const head = ["number", "2026", "2020 where different", "unit", "plausible range", "how we know", "source or reason"];
  return table(head, rows);
}

function numberText(value: number): string {
  return value === Number.POSITIVE_INFINITY ? "none" : String(Number(value.toPrecision(4)));
}

function table(head: string[], rows: string[][]): string {
  const line = (cells: string[]) =>
    `| ${cells.map((cell) => cell.replaceAll("|", "\\|").replaceAll("\n", " ")).join(" | ")} |`;
  return [line(head), line(head.map(() => "---")), ...rows.map(line)].join("\n");
}
