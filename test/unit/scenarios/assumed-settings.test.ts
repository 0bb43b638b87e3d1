/** A scenario may say which of its settings nobody knows, and every run is told until the value is given. */
import { expect, it } from "vitest";
import { warning } from "../../../src/records/schema.ts";
import { warningText } from "../../../src/reports/warnings.ts";
import { findScenario } from "../../../src/scenarios/catalogue.ts";
import { readScenario } from "../../../src/scenarios/scenario.ts";
import { settingsOf } from "../../../src/scenarios/settings.ts";
import { assumptionWarnings } from "../../../src/scenarios/warnings.ts";

const shipped = findScenario("scenario-4").templateBody;
const read = (assumed: string) =>
  readScenario("mine", "mine.yaml", shipped.replace("    Topology:", `    Assumed: ${assumed}\n    Topology:`));
const warningsWith = (assumed: string, ...overrides: string[]) => {
  const scenario = read(assumed);
  return assumptionWarnings(scenario, settingsOf(scenario, overrides), overrides);
};

it("warns of work that is assumed, with its time and the way to give it, in a form that a record keeps", () => {
  const [told, ...others] = warningsWith("[WorkMs]", "BatchSize=2");
  expect(others).toEqual([]);
  expect(warning.parse(told)).toEqual({ code: "work-assumed", workMs: 1000 });
  expect(warningText(told!)).toMatch(/1 s is assumed.*--work 300ms\.\.2s/);
});

it("is silent once the work is given, also where it is given as it was assumed, and of scenarios that assume nothing", () => {
  expect(warningsWith("[WorkMs]", "WorkMs=1000")).toEqual([]);
  expect(warningsWith("[]")).toEqual([]);
  expect(assumptionWarnings(findScenario("scenario-4"), {}, [])).toEqual([]);
});

it("refuses a setting that cannot be assumed", () => {
  expect(() => read("[BatchSize]")).toThrowError(/Assumed.*give WorkMs, or leave it out/);
});
