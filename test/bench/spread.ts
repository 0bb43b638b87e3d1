/** Measures how far apart single runs are that differ in their seed alone, and writes it where `compare` reads it. */
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { measuredFigures, readFigure, toThreeDecimals } from "../../src/metrics/figures.ts";
import type { RunRecord } from "../../src/model.ts";

const runs = 30;
const binary = resolve("bin/throttle-bench.js");
const directory = mkdtempSync(join(tmpdir(), "throttle-bench-spread-"));

function recordsOf(platform: string): RunRecord[] {
  const args = ["run", "all", "--repeat", String(runs), "--platform", platform, "--json"];
  const { stdout, stderr, status } = spawnSync(process.execPath, [binary, ...args], {
    cwd: directory,
    encoding: "utf8",
    maxBuffer: 1 << 28,
  });
  if (status !== 0) throw new Error(stderr);
  return JSON.parse(stdout);
}

function spreadOf(values: (number | null)[]): { median: number; range: number } | null {
  const ascending = values.filter((value) => value !== null).sort((a, b) => a - b);
  if (ascending.length < values.length) return null;
  return { median: ascending[ascending.length >> 1]!, range: toThreeDecimals(ascending.at(-1)! - ascending[0]!) };
}

function spreadsOf(records: RunRecord[]) {
  const ofScenario = ({ scenario, uncertainty }: RunRecord) => {
    const { runs } = uncertainty!;
    const spreads = measuredFigures.map(
      (figure) => [figure, spreadOf(runs.map((run) => readFigure(figure, run)))] as const,
    );
    return [scenario, Object.fromEntries(spreads.filter(([, spread]) => spread !== null))];
  };
  return Object.fromEntries(records.map(ofScenario));
}

try {
  const byPlatform = { "2020": recordsOf("2020"), "2026": recordsOf("2026") };
  const { summary, versions } = byPlatform["2026"][0]!;
  const provenance = { runs, events: summary.totalEvents, version: versions.throttleBench };
  const spreads = Object.fromEntries(
    Object.entries(byPlatform).map(([platform, records]) => [platform, spreadsOf(records)]),
  );
  writeFileSync("src/metrics/known-spread.json", `${JSON.stringify({ provenance, spreads }, null, 2)}\n`);
} finally {
  rmSync(directory, { recursive: true, force: true });
}
