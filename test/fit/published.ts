/** `npm run calibrate`: fits numbers of the model to the published table, and writes them where the platforms read them. */
import { writeFile } from "node:fs/promises";
import { versionsHere } from "../../src/cli/version.ts";
import { median } from "../../src/metrics/statistics.ts";
import type { Scenario } from "../../src/model.ts";
import { findScenario } from "../../src/scenarios/catalogue.ts";
import { settingsOf } from "../../src/scenarios/settings.ts";
import type { Simulation } from "../../src/simulation/simulate.ts";
import { simulateAll } from "../../src/simulation/workers.ts";
import { unpublishedConstants } from "../../src/targets/local.ts";
import { calibrationSteps, type Fit, fit } from "./fit.ts";

const fittedFile = "src/emulator/platforms/fitted.json";
/** Behind each median. */
const seeds = 20;
const timeoutMs = 21_600_000;

const fits: Record<string, Fit> = {};
for (const step of calibrationSteps) {
  const scenario = findScenario(step.scenario);
  const published = scenario.published!;
  const wanted = step.wanted(published);
  const figureAt = async (value: number) => {
    const constants = { ...valuesOf(fits), [step.constant]: value };
    const records = await simulateAll(simulationsOf(scenario, constants));
    const figure = median(records.map(({ summary }) => step.figure(summary)));
    process.stderr.write(`${step.constant} = ${value}: ${figure.toFixed(1)} (wanted ${wanted.toFixed(1)})\n`);
    return figure;
  };
  const { value, figure } = await fit(unpublishedConstants(published.platform)[step.constant]!.range, wanted, figureAt);
  const fittedTo = `fitted to ${step.describe(wanted)}; the median of ${seeds} seeds is ${figure.toFixed(1)} s`;
  fits[step.constant] = { value, fittedTo };
  process.stdout.write(`${step.constant} = ${value}, ${fittedTo}\n`);
}
await writeFile(fittedFile, `${JSON.stringify(fits, null, 2)}\n`);

function valuesOf(fits: Record<string, Fit>): Record<string, number> {
  return Object.fromEntries(Object.entries(fits).map(([name, { value }]) => [name, value]));
}

function simulationsOf(scenario: Scenario, constants: Record<string, number>): Simulation[] {
  const settings = settingsOf(scenario, []);
  return Array.from({ length: seeds }, (_, index) => ({
    request: {
      runId: `fit-${index + 1}`,
      scenario,
      settings,
      events: scenario.published!.totalEvents,
      timeoutMs,
      expected: { limit: null, maxLoss: null, maxWait: null },
      waitForMetrics: true,
      keep: false,
      versions: versionsHere(),
    },
    model: { platform: scenario.published!.platform, seed: index + 1, profile: null, ranges: false, constants },
  }));
}
