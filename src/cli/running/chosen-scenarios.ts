/** The scenarios that a verb works on: shipped ones by name, a user's own by its path, and any other template lifted on the fly. */
import type { Scenario } from "../../model.ts";
import { listed } from "../../reports/text.ts";
import { findScenarios, isScenario, scenarioIn } from "../../scenarios/catalogue.ts";
import { type SystemFlags, systemWords } from "../flags/system.ts";
import { badUsage } from "../flags/values.ts";
import type { Lifting } from "./lifting.ts";
import { isPath, readSource } from "./system-source.ts";

/** A scenario, and what it was lifted from; null: it was written for throttle-bench. */
export interface Found {
  scenario: Scenario;
  lifting: Lifting | null;
}

/**
 * Scenarios by name, alias, path or `all`, each once, in the order first named. What is lifted is told on stderr.
 * @throws BenchError `unknown-scenario`, `bad-template`, `bad-usage`
 */
export async function chooseScenarios(names: readonly string[], flags: SystemFlags = {}): Promise<Scenario[]> {
  return (await chooseFound(names, flags)).map(({ scenario }) => scenario);
}

/** The same, each with what it was lifted from. */
export async function chooseFound(names: readonly string[], flags: SystemFlags): Promise<Found[]> {
  const all: Found[] = [];
  for (const name of names) all.push(...(await findAt(name, flags)));
  const isFirst = ({ scenario }: Found, index: number) =>
    all.findIndex((other) => other.scenario.file === scenario.file) === index;
  const found = all.filter(isFirst);
  const [flag] = systemWords(flags, []);
  if (flag !== undefined && found.every(({ lifting }) => lifting === null)) {
    const are = names.length === 1 ? "is a scenario" : "are scenarios";
    throw badUsage(
      `${flag} is for a template of your own, and ${listed(names)} ${are} of throttle-bench; leave it out.`,
    );
  }
  for (const { lifting } of found) if (lifting !== null) (await lifter()).tellLifting(lifting, flags);
  return found;
}

/** One of them, as `chooseScenarios` finds it. */
export async function chooseScenario(name: string, flags: SystemFlags = {}): Promise<Scenario> {
  const [scenario] = await chooseScenarios([name], flags);
  return scenario!;
}

/** The only place that decides whether a path is a scenario of throttle-bench or a template to lift from. */
async function findAt(name: string, flags: SystemFlags): Promise<Found[]> {
  if (!isPath(name)) return findScenarios([name]).map((scenario) => ({ scenario, lifting: null }));
  const source = readSource(name);
  if (isScenario(source.text)) return [{ scenario: scenarioIn(source.file, source.text), lifting: null }];
  const { liftFrom, readFrom } = await lifter();
  const lifting = liftFrom(readFrom(source, flags), flags);
  return [{ scenario: lifting.lifted.scenario, lifting }];
}

/** Only a template of somebody's own needs the formats, which take their time to load. */
function lifter() {
  return import("./lifting.ts");
}
