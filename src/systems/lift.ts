/** Lifts an event path out of somebody's system into a scenario: what throttles is taken, and the rest is left. */
import { parse } from "node:path";
import { BenchError } from "../errors.ts";
import type { Scenario } from "../model.ts";
import { onOneLine } from "../printable.ts";
import { didYouMean, meant } from "../scenarios/nearest.ts";
import { readScenario } from "../scenarios/scenario.ts";
import { type Place, TemplateError } from "../template/template.ts";
import { type EventPath, pathInWords } from "./event-path.ts";
import { eventPathsIn, functionNamesIn, invocationOf, isChosen, unmodelledSourcesIn } from "./event-paths.ts";
import type { LiftChoice, Lifted } from "./lifted.ts";
import { liftApiDestination } from "./lifting/api-destination.ts";
import { liftAsynchronous, liftScheduledInvocations } from "./lifting/asynchronous.ts";
import { headingOf } from "./lifting/description.ts";
import { placeInWords } from "./lifting/draft.ts";
import { liftEntryToFunction, liftEntryToQueue } from "./lifting/entry.ts";
import { liftFunction } from "./lifting/function.ts";
import { leftOutBy } from "./lifting/left-out.ts";
import { Lifting } from "./lifting/lifting.ts";
import { liftPull } from "./lifting/pull.ts";
import { liftQueue, liftQueueMapping } from "./lifting/queue.ts";
import { liftStream, liftStreamMapping } from "./lifting/stream.ts";
import type { System } from "./system.ts";

/**
 * Lifts the path that is chosen, or the only one. What AWS would refuse of the values together is for the checks before a run to say, with the user's line.
 * @throws BenchError `bad-usage` where the choice fits no path or several; `bad-template` for a value that the property does not take, with its line
 */
export function lift(system: System, choice: LiftChoice = {}): Lifted {
  const path = chosenPath(system, choice);
  try {
    return lifted(new Lifting(system, path), choice);
  } catch (error) {
    if (!(error instanceof TemplateError)) throw error;
    throw new BenchError("bad-template", error.sentence, { cause: error, isList: true });
  }
}

function lifted(lifting: Lifting, choice: LiftChoice): Lifted {
  const { ledger, draft, path } = lifting;
  liftStations(lifting, choice);
  draft.use("dead-letters", "log-groups", "network");
  const text = draft.text(headingOf(lifting, choice.workMs === undefined));
  const scenario = scenarioOf(lifting, text);
  const { taken, defaulted, assumed, unread } = ledger;
  return { scenario, text, path, taken, defaulted, assumed, leftOut: leftOutBy(lifting), unread };
}

function liftStations(lifting: Lifting, choice: LiftChoice): void {
  const { path } = lifting;
  const last = path.stations.at(-1)!;
  const queue = lifting.station("SQS", "SQS FIFO");
  switch (path.kind) {
    case "queue":
    case "pull":
      liftEntryToQueue(lifting, queue!);
      liftQueue(lifting, queue!);
      if (path.kind === "queue") liftQueueMapping(lifting);
      else {
        liftPull(lifting);
        liftScheduledInvocations(lifting);
      }
      break;
    case "stream":
      liftStream(lifting, lifting.station("Kinesis")!);
      liftStreamMapping(lifting);
      break;
    case "asynchronous":
      liftEntryToFunction(lifting);
      liftAsynchronous(lifting);
      break;
    case "API destination":
      liftApiDestination(lifting, last, choice);
      return;
  }
  liftFunction(lifting, choice);
}

/** The scenario's own lines are in no file: where a value is the user's, its place is the user's line, and elsewhere it is that of the function. */
function scenarioOf({ ledger, path, system }: Lifting, text: string): Scenario {
  const generated = "the lifted scenario";
  const scenario = readGenerated(nameOf(system, path), generated, text, ledger);
  const places = new Map<string, Place>(
    [...scenario.template.places].map(([at, place]) => [
      at,
      ledger.places.get(at) ?? (place.file === generated ? path.stations.at(-1)!.place : place),
    ]),
  );
  for (const [at, place] of ledger.places) places.set(at, place);
  return { ...scenario, file: system.file, template: { ...scenario.template, places } };
}

/** Records are told apart by it: the name of the file, and where it has several paths the names that choose one, as `orders-Worker`. */
function nameOf({ file }: System, { choose }: EventPath): string {
  const chosen = choose.filter((each) => !each.startsWith("--")).map((each) => each.match(/[\p{L}\p{N}_]+/gu) ?? []);
  return [onOneLine(parse(file).name), ...chosen.flat()].join("-");
}

/** A value that its property does not take is told with the user's line. */
function readGenerated(name: string, file: string, text: string, { taken }: Lifting["ledger"]): Scenario {
  try {
    return readScenario(name, file, text);
  } catch (error) {
    const cause = error instanceof BenchError ? error.cause : null;
    if (!(cause instanceof TemplateError) || cause.place.file !== file) throw error;
    const above = text.split("\n").slice(0, cause.place.line).toReversed();
    const setting = above.map((line) => /^ {2}(\w+):$/.exec(line)?.[1]).find((found) => found !== undefined);
    const value = taken.find((each) => each.setting === setting);
    if (value === undefined) throw error;
    const { property, resource, place } = value;
    const [, rule] = /breaks its own rule: (.*)$/.exec(cause.message) ?? [];
    throw new TemplateError(`${property} of ${resource} is out of bounds: ${rule ?? cause.message}`, place);
  }
}

function chosenPath(system: System, choice: LiftChoice): EventPath {
  const all = eventPathsIn(system);
  const wanted = { functionName: choice.functionName, queueName: choice.queueName };
  const chosen = all.filter((path) => isChosen(system, path, wanted));
  if (chosen.length === 1) return chosen[0]!;
  const { file } = system;
  if (chosen.length > 1) {
    const list = chosen.map(
      (path) => `${[...path.choose, pathInWords(path)].join(" ")} (${placeInWords(path.stations.at(-1)!.place)})`,
    );
    throw refusal(`${file} has ${chosen.length} event paths; choose one:`, list);
  }
  const { functionName } = choice;
  const ofFunction = unmodelledSourcesIn(system).filter(
    (each) => functionName === undefined || each.functionName === functionName,
  );
  if ((all.length === 0 || functionName !== undefined) && ofFunction.length > 0) {
    const [first] = ofFunction;
    throw new BenchError("bad-usage", `${placeInWords(first!.place)}: ${first!.message}.`);
  }
  const invocation = functionName === undefined ? null : invocationOf(system, functionName);
  if (invocation !== null && choice.queueName === undefined) return invocation;
  const names = functionNamesIn(system);
  if (all.length > 0) {
    const list = all.map((path) => [...path.choose, pathInWords(path)].join(" "));
    const known = all.flatMap(({ stations }) => stations.map(({ name }) => name));
    const typed = [choice.functionName, choice.queueName].filter((name) => name !== undefined && !known.includes(name));
    const near = typed.flatMap(
      (name) =>
        didYouMean(
          meant(
            name!,
            [...new Set(known)].map((each) => ({ name: each })),
          ),
        ) ?? [],
    );
    const said = typed.length === 0 ? "both names" : typed.join(" and ");
    throw refusal(`${file} has no event path with ${said};${near.map((each) => ` ${each}`).join("")} It has:`, list);
  }
  const cure =
    names.length === 0
      ? "it declares no function; give a template with one"
      : `nothing in it feeds a function; choose one with --function, to have it invoked asynchronously: ${names.join(", ")}`;
  throw new BenchError("bad-usage", `${file} has no event path: ${cure}.`);
}

/** With what there is below it, one a line. */
function refusal(sentence: string, list: readonly string[]): BenchError {
  return new BenchError("bad-usage", [sentence, ...list].map(onOneLine).join("\n  "), { isList: true });
}
