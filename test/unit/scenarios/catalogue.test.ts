/** Finding scenarios by name and by path. */
import { expect, it } from "vitest";
import { findScenario, findScenarios, shippedNames } from "../../../src/scenarios/catalogue.ts";

const path = "infra/scenarios/scenario-4.yaml";

it("knows the shipped five", () => {
  expect(shippedNames()).toEqual(["scenario-1", "scenario-2", "scenario-3", "scenario-4", "scenario-5"]);
});

it("takes all for the shipped ones, and each once", () => {
  const names = findScenarios(["scenario-3", "all", "scenario-3"]).map(({ name }) => name);
  expect(names).toEqual(["scenario-3", "scenario-1", "scenario-2", "scenario-4", "scenario-5"]);
});

it("names a template by its file and finds it relative to the working directory", () => {
  const scenario = findScenario(path);
  expect(scenario).toEqual({ ...findScenario("scenario-4"), file: path });
});

it.each([
  ["scenario-6", /did you mean scenario-1\?/],
  ["al", /did you mean all\?/],
  ["quux", /there are scenario-1, .*and any template by its path/],
  ["./nowhere.yml", /nowhere\.yml cannot be read/],
  ["infra/scenarios", /no scenario/],
])("does not know %s", (name, message) => {
  expect(() => findScenario(name)).toThrowError(
    expect.objectContaining({ code: "unknown-scenario", message: expect.stringMatching(message) }),
  );
});
