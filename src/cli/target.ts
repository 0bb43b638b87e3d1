/** The only place that picks a target. */
import { BenchError } from "../errors.ts";
import type { Scenario } from "../model.ts";
import type { Target } from "../targets/target.ts";
import type { TargetChoice } from "./options.ts";

/** Throws `bad-usage` for a target that this version does not have. */
export function checkTarget(choice: TargetChoice): asserts choice is TargetChoice & { name: "local" } {
  if (choice.name === "local") return;
  throw new BenchError("bad-usage", "--target aws comes with the next release; this one has --target local only.");
}

/** Refuses a scenario that the target does not take, before anything is touched. Throws `bad-template`. */
export async function checkScenario(choice: TargetChoice, scenario: Scenario): Promise<void> {
  if (choice.name !== "local") return;
  const { checkTemplate } = await import("../targets/local.ts");
  checkTemplate(scenario);
}

/** The caller closes it; the database is the caller's too. */
export async function openTarget(choice: TargetChoice, databaseUrl: string): Promise<Target> {
  checkTarget(choice);
  const { openLocal } = await import("../targets/local.ts");
  return openLocal({ databaseUrl, platform: choice.platform, seed: choice.seed });
}
