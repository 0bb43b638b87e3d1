/** A scenario that is read again from the text that a page has of it. */
import type { Scenario } from "../model.ts";
import { readScenario } from "../scenarios/scenario.ts";
import type { ExploredScenario } from "./question.ts";

/** A whole template tells neither its alias nor what was published of it. */
export function scenarioOf({ name, alias, file, published, templateBody }: ExploredScenario): Scenario {
  return { ...readScenario(name, file, templateBody), alias, published };
}
