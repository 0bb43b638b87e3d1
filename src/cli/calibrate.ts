/** The work of `calibrate`: of the published runs, by many runs of a scenario for each value that is tried; of an account elsewhere. */
import { writeFile } from "node:fs/promises";
import { calibrationSteps, type Fit, fit } from "../calibration/calibration.ts";
import { openEmbeddedPostgres } from "../database/embedded.ts";
import { median } from "../metrics/statistics.ts";
import type { Scenario } from "../model.ts";
import { findScenario } from "../scenarios/catalogue.ts";
import { settingsOf } from "../scenarios/settings.ts";
import { unpublishedConstants } from "../targets/local.ts";
import { homeDirectory } from "./directories.ts";
import { badUsage, oneOf, wholeNumber } from "./flags/run-options.ts";
import { print } from "./output.ts";
import { runRepetitions } from "./running/repetitions.ts";
import { versionsHere } from "./version.ts";

/** The flags as commander hands them over. */
export interface CalibrateFlags {
  target?: string;
  out?: string;
  seeds?: string;
  profile?: string;
  region?: string;
  endpointUrl?: string;
  yes?: boolean;
  databaseUrl?: string;
  platform?: string;
  from?: string[];
  fresh?: boolean;
  json?: boolean;
}

const defaultSeeds = "20";
const timeoutMs = 21_600_000;

export async function calibrate(flags: CalibrateFlags): Promise<void> {
  const { target = "published", seeds, out, ...ofAccount } = flags;
  if (oneOf("--target", target, ["published", "aws"]) === "aws") {
    if (seeds !== undefined)
      throw badUsage("--seeds is of the fit to the published runs; leave it out with --target aws.");
    if (flags.from !== undefined && flags.fresh) {
      throw badUsage("--from runs nothing and --fresh runs everything; give one of them.");
    }
    const { calibrateAccount } = await import("./running/account-calibration.ts");
    return calibrateAccount(flags);
  }
  const [other] = Object.keys(ofAccount);
  if (other !== undefined) {
    const flag = `--${other.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
    throw badUsage(`${flag} is of the calibration of an account; leave it out, or add --target aws.`);
  }
  await calibrateToPublished(wholeNumber("--seeds", seeds ?? defaultSeeds, 1, 1_000), out);
}

async function calibrateToPublished(seeds: number, out: string | undefined): Promise<void> {
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
  if (out !== undefined) await writeFile(out, `${JSON.stringify(fits, null, 2)}\n`);
}

function valuesOf(fits: Record<string, Fit>): Record<string, number> {
  return Object.fromEntries(Object.entries(fits).map(([name, { value }]) => [name, value]));
}

let calibrations = 0;

function jobsOf(scenario: Scenario, seeds: number, constants: Record<string, number>, databaseUrl: string) {
  const settings = settingsOf(scenario, []);
  const round = ++calibrations;
  return Array.from({ length: seeds }, (_, index) => ({
    request: {
      runId: `calibrate-${Date.now()}-${round}-${index + 1}`,
      scenario,
      settings,
      events: scenario.published!.totalEvents,
      timeoutMs,
      waitForMetrics: true,
      keep: false,
      versions: versionsHere(),
    },
    model: { platform: scenario.published!.platform, seed: index + 1, profile: null, ranges: false, constants },
    databaseUrl,
  }));
}
