/** `throttle-bench show`: one scenario in full. */
import { formatsClash } from "../flags/formats.ts";
import { columns, print, toJson } from "../output.ts";
import { defineVerb } from "../verb.ts";

export const verb = defineVerb({
  operands: [{ name: "<scenario>", help: "a name as `list` prints it, or the path of a template" }],
  flags: [
    {
      title: "Output",
      flags: {
        template: { help: "print the whole CloudFormation template, as it is deployed" },
        json: { help: "print it as JSON" },
      },
    },
  ],
  help: `Examples:
  throttle-bench show scenario-4
  throttle-bench show scenario-4 --template > mine.yaml`,
  async run(flags, name: string) {
    const { findScenario } = await import("../../scenarios/catalogue.ts");
    const { scenarioFacts, scenarioPage } = await import("../describe.ts");
    const scenario = findScenario(name);
    if (flags.template && flags.json) throw formatsClash(["template", "json"]);
    // To the byte, so that a copy has the same hash.
    if (flags.template) process.stdout.write(scenario.templateBody);
    else print(flags.json ? toJson(scenarioFacts(scenario)) : scenarioPage(scenario, columns()));
  },
});
