/** The work of `calibrate`: many runs of a scenario for each value that is tried, on every core. */
import { writeFile } from "node:fs/promises";
import { calibrationSteps, type Fit, fit } from "../calibration/calibration.ts";
import { openEmbeddedPostgres } from "../database/embedded.ts";
import { median } from "../metrics/statistics.ts";
import type { Scenario } from "../model.ts";
import { findScenario } from "../scenarios/catalogue.ts";
import { settingsOf } from "../scenarios/settings.ts";
import { unpublishedConstants } from "../targets/local.ts";
import { homeDirectory } from "./directories.ts";
import { wholeNumber } from "./options.ts";
import { print } from "./output.ts";
import { runRepetitions } from "./repetitions.ts";
import { packageVersion } from "./version.ts";

/** The flags as commander hands them over. */
export interface CalibrateFlags {
  seeds: string;
  out?: string;
}

const timeoutMs = 21_600_000;

export async function calibrate(flags: CalibrateFlags): Promise<void> {
  const seeds = wholeNumber("--seeds", flags.seeds, 1, 1_000);
  const postgres = await openEmbeddedPostgres({ directory: homeDirectory });
  const fits: Record<string, Fit> = {};
  try {
    for (const step of calibrationSteps) {
      const scenario = findScenario(step.scenario);
      const published = scenario.published!;
      const wanted = step.wanted(published);
      const figureAt = async (value: number) => {
        const constants = { ...valuesOf(fits), [step.constant]: value };
        const records = await runRepetitions(jobsOf(scenario, seeds, constants, postgres.url), () => {});
        const figure = median(records.map(({ summary }) => step.figure(summary)));
        process.stderr.write(`${step.constant} = ${value}: ${figure.toFixed(1)} (wanted ${wanted.toFixed(1)})\n`);
        return figure;
      };
      const { value, figure } = await fit(
        unpublishedConstants(published.platform)[step.constant]!.range,
        wanted,
        figureAt,
      );
      const fittedTo = `fitted to ${step.describe(wanted)}; the median of ${seeds} seeds is ${figure.toFixed(1)} s`;
      fits[step.constant] = { value, fittedTo };
      print(`${step.constant} = ${value}, ${fittedTo}`);
    }
  } finally {
    await postgres.close();
  }
  if (flags.out !== undefined) await writeFile(flags.out, `${JSON.stringify(fits, null, 2)}\n`);
}

function valuesOf(fits: Record<string, Fit>): Record<string, number> {
  return Object.fromEntries(Object.entries(fits).map(([name, { value }]) => [name, value]));
}

let calibrations = 0;

function jobsOf(scenario: Scenario, seeds: number, constants: Record<string, number>, databaseUrl: string) {
  const settings = settingsOf(scenario, []);
  const round = ++calibrations;
  return Array.from({ length: seeds }, (_, index) => ({
    scenario,
    settings,
    events: scenario.published!.totalEvents,
    runId: `calibrate-${Date.now()}-${round}-${index + 1}`,
    seed: index + 1,
    platform: scenario.published!.platform,
    profile: null,
    ranges: false,
    constants,
    databaseUrl,
    timeoutMs,
    versions: { throttleBench: packageVersion(), node: process.version },
  }));
}
