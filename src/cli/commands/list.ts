/** `throttle-bench list`: the scenarios that there are. */
import { columns, print, toJson } from "../output.ts";
import { defineVerb } from "../verb.ts";

export const verb = defineVerb({
  flags: [{ title: "Output", flags: { json: { help: "print them as JSON" } } }],
  help: `Example:
  throttle-bench list`,
  async run(flags) {
    const { shippedScenarios } = await import("../../scenarios/catalogue.ts");
    const { scenarioFacts, scenarioTable } = await import("../describe.ts");
    const scenarios = shippedScenarios();
    print(flags.json ? toJson(scenarios.map(scenarioFacts)) : scenarioTable(scenarios, columns()));
  },
});
