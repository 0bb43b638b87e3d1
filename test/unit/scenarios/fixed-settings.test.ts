/** A template with chosen settings as its defaults reads back as the same scenario with these, wherever its file lies. */
import { describe, expect, it } from "vitest";
import { findScenario, shippedNames } from "../../../src/scenarios/catalogue.ts";
import { templateWithSettings } from "../../../src/scenarios/fixed-settings.ts";
import { readScenario } from "../../../src/scenarios/scenario.ts";
import { settingsOf } from "../../../src/scenarios/settings.ts";

const comment = "Found by `throttle-bench recommend`.\nRun it: throttle-bench run mine.yaml";

describe.each(shippedNames())("%s", (name) => {
  const scenario = findScenario(name);

  it("reads back with the settings that it was written with, and is judged by the given limit", () => {
    const settings = { ...settingsOf(scenario, []), WorkMs: "250", WorkMsMax: "900", DownstreamLimit: "30/m" };
    const written = templateWithSettings(scenario, settings, { limit: "0.5/s", comment });
    const read = readScenario("mine", "mine.yaml", written);
    expect(settingsOf(read, [])).toEqual(settings);
    expect(read).toMatchObject({ title: scenario.title, topology: scenario.topology, limit: "0.5/s", claims: [] });
    expect(written.startsWith("# Found by `throttle-bench recommend`.\n# Run it: ")).toBe(true);
  });

  it("is but for that the same template", () => {
    const read = readScenario("mine", "mine.yaml", templateWithSettings(scenario, {}, { limit: "1/s", comment }));
    expect(read.template.resources).toEqual(scenario.template.resources);
    expect(read.template.outputs).toEqual(scenario.template.outputs);
  });
});
