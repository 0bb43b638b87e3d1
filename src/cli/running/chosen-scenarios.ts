/** The scenarios that a verb works on: shipped ones by name, a user's own by its path, and any other template lifted on the fly. */
import type { Scenario } from "../../model.ts";
import { countsText } from "../../reports/lifting/document.ts";
import { listed } from "../../reports/text.ts";
import { findScenarios, isScenario, scenarioIn } from "../../scenarios/catalogue.ts";
import type { Works } from "../../systems/account/work.ts";
import { pathInWords } from "../../systems/event-path.ts";
import { eventPathsIn, isChosen } from "../../systems/event-paths.ts";
import { readSystem } from "../../systems/formats/formats.ts";
import { lift } from "../../systems/lift.ts";
import type { Lifted } from "../../systems/lifted.ts";
import type { System } from "../../systems/system.ts";
import { type SystemFlags, systemChoice, systemWords } from "../flags/system.ts";
import type { WorkRange } from "../flags/times.ts";
import { badUsage } from "../flags/values.ts";
import { tell } from "../output.ts";
import { commandOf } from "./next-steps.ts";
import { isPath, readSource, type SourceText } from "./system-source.ts";

/** A template of somebody's own with the event path that was lifted from it. */
export interface Lifting {
  system: System;
  lifted: Lifted;
}

/** A scenario, and what it was lifted from; null: it was written for throttle-bench. */
interface Found {
  scenario: Scenario;
  lifting: Lifting | null;
}

/**
 * Scenarios by name, alias, path or `all`, each once, in the order first named. What is lifted is told on stderr.
 * @throws BenchError `unknown-scenario`, `bad-template`, `bad-usage`
 */
export function chooseScenarios(names: readonly string[], flags: SystemFlags = {}): Scenario[] {
  const all = names.flatMap((name) => findAt(name, flags));
  const isFirst = ({ scenario }: Found, index: number) =>
    all.findIndex((other) => other.scenario.file === scenario.file) === index;
  const found = all.filter(isFirst);
  const [flag] = systemWords(flags);
  if (flag !== undefined && found.every(({ lifting }) => lifting === null)) {
    const are = names.length === 1 ? "is a scenario" : "are scenarios";
    throw badUsage(
      `${flag} is for a template of your own, and ${listed(names)} ${are} of throttle-bench; leave it out.`,
    );
  }
  for (const { lifting } of found) if (lifting !== null) tellLifting(lifting, flags);
  return found.map(({ scenario }) => scenario);
}

/** One of them, as `chooseScenarios` finds it. */
export function chooseScenario(name: string, flags: SystemFlags = {}): Scenario {
  return chooseScenarios([name], flags)[0]!;
}

/** The only place that decides whether a path is a scenario of throttle-bench or a template to lift from. */
function findAt(name: string, flags: SystemFlags): Found[] {
  if (!isPath(name)) return findScenarios([name]).map((scenario) => ({ scenario, lifting: null }));
  const source = readSource(name);
  if (isScenario(source.text)) return [{ scenario: scenarioIn(source.file, source.text), lifting: null }];
  const lifting = liftFrom(readFrom(source, flags), flags);
  return [{ scenario: lifting.lifted.scenario, lifting }];
}

/** @throws BenchError `bad-template`, `bad-usage` */
export function readFrom(source: SourceText, flags: SystemFlags): System {
  return readSystem({ ...source, parameters: systemChoice(flags).parameters });
}

/** `work`: undefined: nobody gave it, and it is what the account measured, if it did. @throws BenchError `bad-template`; `bad-usage` where the choice fits no event path or several */
export function liftFrom(
  system: System,
  flags: SystemFlags,
  work?: WorkRange,
  { work: measured, withoutWork }: Partial<Works> = {},
): Lifting {
  const { functionName, queueName } = systemChoice(flags);
  if (work === undefined && measured !== undefined) {
    const lifted = lift(system, { functionName, queueName });
    const { logicalId } = lifted.path.stations.findLast(({ service }) => service === "Lambda") ?? { logicalId: null };
    const own = logicalId === null ? undefined : measured.get(logicalId);
    const why = logicalId === null ? undefined : withoutWork?.get(logicalId);
    if (own === undefined) return { system, lifted: lift(system, { functionName, queueName, withoutWork: why }) };
    const { workMs, workMsMax, from: workFrom } = own;
    const spread = workMsMax > workMs ? workMsMax : undefined;
    return { system, lifted: lift(system, { functionName, queueName, workMs, workMsMax: spread, workFrom }) };
  }
  const { from: workMs, to } = work ?? {};
  const workMsMax = to === workMs ? undefined : to;
  return { system, lifted: lift(system, { functionName, queueName, workMs, workMsMax }) };
}

/** An event path with the flags that choose it. */
export interface PathToChoose {
  flags: string[];
  path: string;
  line: number;
}

/** The event paths that fit the choice. */
export function pathsToChoose(system: System, flags: SystemFlags): PathToChoose[] {
  const choice = systemChoice(flags);
  return eventPathsIn(system)
    .filter((path) => isChosen(system, path, choice))
    .map((path) => ({
      flags: [...path.choose],
      path: pathInWords(path),
      line: path.stations.at(-1)!.place.line,
    }));
}

/** One line: what stands for the file, and where to see all of it. */
function tellLifting({ system, lifted }: Lifting, flags: SystemFlags): void {
  const all = commandOf("init", "--from", system.file, ...systemWords(flags));
  tell(`From ${system.file}: ${pathInWords(lifted.path)}, ${countsText(lifted)}; all of it: ${all}`);
}
