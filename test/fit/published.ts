/** `npm run calibrate`: fits numbers of the model to the published table, and writes them where the platforms read them. */
import { writeFile } from "node:fs/promises";
import { median } from "../../src/metrics/statistics.ts";
import type { Scenario, Summary } from "../../src/model.ts";
import { findScenario } from "../../src/scenarios/catalogue.ts";
import { settingsOf } from "../../src/scenarios/settings.ts";
import { Simulators } from "../../src/simulation/workers.ts";
import { unpublishedConstants } from "../../src/targets/local.ts";
import { calibrationSteps, type Fit, fit } from "./fit.ts";

const fittedFile = "src/emulator/platforms/fitted.json";
/** Behind each median. */
const seeds = 20;
const timeoutMs = 21_600_000;

const fits: Record<string, Fit> = {};
const simulators = new Simulators();
for (const step of calibrationSteps) {
  const scenario = findScenario(step.scenario);
  const published = scenario.published!;
  const wanted = step.wanted(published);
  const figureAt = async (value: number) => {
    const constants = { ...valuesOf(fits), [step.constant]: value };
    const figure = median((await summariesOf(scenario, constants)).map(step.figure));
    process.stderr.write(`${step.constant} = ${value}: ${figure.toFixed(1)} (wanted ${wanted.toFixed(1)})\n`);
    return figure;
  };
  const { value, figure } = await fit(unpublishedConstants(published.platform)[step.constant]!.range, wanted, figureAt);
  const fittedTo = `fitted to ${step.describe(wanted)}; the median of ${seeds} seeds is ${figure.toFixed(1)} s`;
  fits[step.constant] = { value, fittedTo };
  process.stdout.write(`${step.constant} = ${value}, ${fittedTo}\n`);
}
await simulators.close();
await writeFile(fittedFile, `${JSON.stringify(fits, null, 2)}\n`);

function valuesOf(fits: Record<string, Fit>): Record<string, number> {
  return Object.fromEntries(Object.entries(fits).map(([name, { value }]) => [name, value]));
}

async function summariesOf(scenario: Scenario, assumptions: Record<string, number>): Promise<Summary[]> {
  const { platform, totalEvents: events } = scenario.published!;
  const plan = { scenario, model: { platform, profile: null, ranges: false }, limit: null, waitForMetrics: true };
  const settings = settingsOf(scenario, []);
  const variations = Array.from({ length: seeds }, (_, index) => {
    return { settings, events, timeoutMs, assumptions, seed: index + 1 };
  });
  const summaries: Summary[] = [];
  for await (const { summary } of simulators.figures(plan, variations)) summaries.push(summary);
  return summaries;
}
