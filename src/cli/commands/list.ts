/** `throttle-bench list`: the scenarios that there are. */
import type { Command } from "commander";

export function addList(program: Command): void {
  program
    .command("list")
    .description("list the scenarios")
    .option("--json", "print them as JSON")
    .addHelpText("after", "\nExample:\n  throttle-bench list")
    .action(async (flags: { json?: boolean }) => {
      const { shippedScenarios } = await import("../../scenarios/catalogue.ts");
      const { scenarioFacts, scenarioTable } = await import("../describe.ts");
      const { columns, print, toJson } = await import("../output.ts");
      const scenarios = shippedScenarios();
      print(flags.json ? toJson(scenarios.map(scenarioFacts)) : scenarioTable(scenarios, columns()));
    });
}
