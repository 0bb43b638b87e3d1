/** `throttle-bench show`: one scenario in full. */
import type { Command } from "commander";

interface ShowFlags {
  template?: boolean;
  json?: boolean;
}

export function addShow(program: Command): void {
  program
    .command("show")
    .description("show a scenario's settings, path and published result")
    .argument("<scenario>", "a name as `list` prints it, or the path of a template")
    .option("--template", "print the CloudFormation template alone")
    .option("--json", "print it as JSON")
    .addHelpText(
      "after",
      "\nExamples:\n  throttle-bench show scenario-4\n  throttle-bench show scenario-4 --template > mine.yaml",
    )
    .action(async (name: string, flags: ShowFlags) => {
      const { findScenario } = await import("../../scenarios/catalogue.ts");
      const { scenarioFacts, scenarioPage } = await import("../describe.ts");
      const { columns, print, toJson } = await import("../output.ts");
      const scenario = findScenario(name);
      if (flags.template) print(scenario.templateBody.replace(/\n$/, ""));
      else print(flags.json ? toJson(scenarioFacts(scenario)) : scenarioPage(scenario, columns()));
    });
}
