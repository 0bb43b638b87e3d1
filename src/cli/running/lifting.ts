/** A template of somebody's own with the event path that is lifted from it, and what the user is told of it. */
import { commandOf } from "../../reports/command.ts";
import { countsText, unreadTexts } from "../../reports/lifting/document.ts";
import type { Works } from "../../systems/account/work.ts";
import { pathInWords } from "../../systems/event-path.ts";
import { eventPathsIn, isChosen } from "../../systems/event-paths.ts";
import { readSystem } from "../../systems/formats/formats.ts";
import { lift } from "../../systems/lift.ts";
import type { Lifted } from "../../systems/lifted.ts";
import type { System } from "../../systems/system.ts";
import { type SystemFlags, systemChoice, systemWords } from "../flags/system.ts";
import type { WorkRange } from "../flags/times.ts";
import { tell } from "../output.ts";
import type { SourceText } from "./system-source.ts";

/** A template of somebody's own with the event path that was lifted from it. */
export interface Lifting {
  system: System;
  lifted: Lifted;
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

/** One line: what stands for the file, and where to see all of it; and one for each setting that could not be read. */
export function tellLifting({ system, lifted }: Lifting, flags: SystemFlags): void {
  const all = commandOf("init", "--from", system.file, ...systemWords(flags, system.template.parameters));
  tell(`From ${system.file}: ${pathInWords(lifted.path)}, ${countsText(lifted)}; all of it: ${all}`);
  for (const text of unreadTexts(lifted, system.file)) tell(`warning: ${lifted.scenario.name}: ${text}`);
}
