/** The coverage of folders: what the quick tests have to reach, and a table of what they did. */
import { relative } from "node:path";
import type { Reporter } from "vitest/node";

/** The folders whose lines and branches the quick tests run, and the least share of either, in percent. */
const folders = ["src/emulator", "src/metrics", "src/simulation", "src/steps"];
const required = { lines: 90, branches: 90 };

/** The settings by which a run with `--coverage` measures these folders, and fails below what is required. */
export const coverage = {
  // V8 counts by itself as it runs. Istanbul would add counters to the model, whose inner loops the tests run most of the time.
  provider: "v8" as const,
  include: folders.map((folder) => `${folder}/**/*.ts`),
  reportsDirectory: ".build/coverage",
  reporter: ["json" as const],
  thresholds: Object.fromEntries(folders.map((folder) => [`${folder}/**`, required])),
};

interface Count {
  total: number;
  covered: number;
}

interface Summary {
  lines: Count;
  branches: Count;
}

/** The part that the table reads of the coverage map that Istanbul defines. */
interface CoverageMap {
  files(): string[];
  fileCoverageFor(file: string): { toSummary(): Summary };
}

/** Prints a row for each of these folders and, below it, one for each folder in it. */
export const folderTable: Reporter = {
  onCoverage(coverageMap) {
    const map = coverageMap as CoverageMap;
    const rows = new Map<string, Summary>();
    for (const file of map.files()) {
      const summary = map.fileCoverageFor(file).toSummary();
      for (const folder of foldersOf(relative(process.cwd(), file))) {
        rows.set(folder, added(rows.get(folder), summary));
      }
    }
    const width = Math.max(...[...rows.keys()].map((folder) => folder.length));
    console.log(`\n${"coverage in %".padEnd(width)}   lines  branches`);
    for (const folder of [...rows.keys()].sort()) {
      const { lines, branches } = rows.get(folder) as Summary;
      console.log(`${folder.padEnd(width)} ${percent(lines)}    ${percent(branches)}`);
    }
  },
};

/** `src/emulator/lambda/mappings/poller.ts` counts for `src/emulator` and for `src/emulator/lambda`. */
function foldersOf(file: string): string[] {
  const parts = file.split("/").slice(0, -1);
  return parts.length > 2 ? [parts.slice(0, 2).join("/"), parts.slice(0, 3).join("/")] : [parts.join("/")];
}

function added(row: Summary | undefined, { lines, branches }: Summary): Summary {
  const sum = (one: Count = { total: 0, covered: 0 }, other: Count) => ({
    total: one.total + other.total,
    covered: one.covered + other.covered,
  });
  return { lines: sum(row?.lines, lines), branches: sum(row?.branches, branches) };
}

function percent({ total, covered }: Count): string {
  return (total === 0 ? 100 : (100 * covered) / total).toFixed(1).padStart(7);
}
