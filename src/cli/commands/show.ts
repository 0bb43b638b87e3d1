/** `throttle-bench show`: one scenario in full, or every number of the local model. */
import type { Ignored, Scenario } from "../../model.ts";
import { readConfiguration } from "../flags/configuration.ts";
import { type AllFlagsOf, typedFlags } from "../flags/flag.ts";
import { formatsClash } from "../flags/formats.ts";
import { model } from "../flags/model.ts";
import { system } from "../flags/system.ts";
import { badUsage } from "../flags/values.ts";
import { columns, print, toJson } from "../output.ts";
import { defineVerb } from "../verb.ts";

const groups = [
  {
    title: "Output",
    flags: {
      template: { help: "print the whole CloudFormation template, as it is deployed" },
      json: { help: "print it as JSON" },
    },
  },
  system,
  {
    title: "With `show model`",
    flags: {
      ...model.flags,
      ranges: { help: "draw the numbers that AWS does not publish from their plausible ranges" },
    },
  },
] as const;

type ShowFlags = AllFlagsOf<typeof groups>;

const ofModel = ["seed", "platform", "calibration", "assume", "ranges"] as const;

export const verb = defineVerb({
  operands: [
    { name: "<scenario>", help: "a name as `list` prints it, the path of a template, or model", words: ["model"] },
  ],
  flags: groups,
  help: `\`show model\` prints every number that the local model goes by, with its unit,
origin, plausible range and source. A number comes from the first of
these that has it: --assume, the configuration file's assume, the draw of
--ranges, the profile of --calibration, the platform.

Examples:
  throttle-bench show scenario-4
  throttle-bench show scenario-4 --template > mine.yaml
  throttle-bench show model --assume database.connectMs=40`,
  async run(flags, name: string) {
    if (flags.template && flags.json) throw formatsClash(["template", "json"]);
    await (name === "model" ? showModel(flags) : showScenario(flags, name));
  },
});

async function showScenario(flags: ShowFlags, name: string): Promise<void> {
  const [given] = typedFlags(flags, ofModel);
  if (given !== undefined) throw badUsage(`${given} changes nothing in a scenario; it goes with \`show model\`.`);
  const { chooseScenario } = await import("../running/chosen-scenarios.ts");
  const { scenarioFacts, scenarioPage } = await import("../describe.ts");
  const scenario = await chooseScenario(name, flags);
  // To the byte, so that a copy has the same hash.
  if (flags.template) process.stdout.write(scenario.templateBody);
  else {
    const ignored = await ignoredBy(scenario);
    print(flags.json ? toJson({ ...scenarioFacts(scenario), ignored }) : scenarioPage(scenario, columns(), ignored));
  }
}

/** A shipped scenario's template counts as a whole, and needs not wait for the model that knows what does. */
async function ignoredBy(scenario: Scenario): Promise<Ignored | null> {
  const { isShipped } = await import("../../scenarios/catalogue.ts");
  return isShipped(scenario) ? null : (await import("../../targets/service-rules.ts")).ignoredIn(scenario, []);
}

async function showModel(flags: ShowFlags): Promise<void> {
  const [given] = typedFlags(flags, ["function", "queue", "parameters"]);
  if (given !== undefined)
    throw badUsage(`${given} is for a template of your own, and the model has none; leave it out.`);
  if (flags.template) throw badUsage("--template prints a scenario's template, and the model has none; leave it out.");
  const { numberFacts, numbersPage } = await import("../describe-model.ts");
  const { chosenModel } = await import("../running/chosen-model.ts");
  const shown = await chosenModel(flags, (await readConfiguration()).run, flags.ranges === true);
  print(flags.json ? toJson(numberFacts(shown)) : numbersPage(shown, columns()));
}
