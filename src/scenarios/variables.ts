/** Asks the handlers about the environment variables that a template gives them. */
import { createAdapter } from "../../infra/handlers/adapter.ts";
import { createConsumer } from "../../infra/handlers/consumer.ts";
import type { CreateHandler, Ports } from "../../infra/handlers/ports.ts";
import { createProducer } from "../../infra/handlers/producer.ts";
import { createRecorder } from "../../infra/handlers/recorder.ts";
import { type Needed, neededVariables } from "../../infra/handlers/variables.ts";
import { callOf } from "../template/calls.ts";
import { valueAt } from "../template/references.ts";
import type { TemplateResource } from "../template/template.ts";
import type { Fault } from "./fault.ts";

export type HandlerName = keyof typeof neededVariables;

const handlers: Record<HandlerName, CreateHandler> = {
  producer: createProducer,
  consumer: createConsumer,
  recorder: createRecorder,
  adapter: createAdapter,
};

const databaseUrl = "DATABASE_URL: !Ref DatabaseUrl, a parameter that throttle-bench fills in";

/** `group`: what GROUP has to be, so that the harness finds the rows; null: the handler writes none. */
export function* variableFaults(handler: HandlerName, group: string | null, fn: TemplateResource): Iterable<Fault> {
  const variables = valueAt(fn.properties, "Environment", "Variables") ?? {};
  // A function's value that nobody knows yet may hold them.
  if (callOf(fn.properties.Environment ?? "") !== undefined || callOf(variables) !== undefined) return;
  const path = ["Resources", fn.logicalId, "Properties", "Environment", "Variables"];
  const written = Object.entries(variables);
  const isWritten = (name: string) => written.some(([each, value]) => each === name && value !== "");
  const missing = neededOf(handler).filter((needed) => !needed.some(isWritten));
  if (missing.length > 0) yield { path, message: missingMessage(handler, fn, missing) };

  const known = written.flatMap(([name, value]) => (typeof value === "object" ? [] : [[name, String(value)] as const]));
  const unknown = written.flatMap(([name, value]) => (typeof value === "object" ? [name] : []));
  for (const [name, refusal] of refusalsOf(handler, new Map(known), unknown)) {
    yield { path: [...path, name], message: `${fn.logicalId}: ${refusal.charAt(0).toLowerCase()}${refusal.slice(1)}` };
  }
  const url = known.find(([name]) => name === "DATABASE_URL")?.[1] ?? "";
  if (URL.canParse(url) && new URL(url).password !== "") {
    const message = `the DATABASE_URL of ${fn.logicalId} has a password, which the record of each run would keep with the template: write ${databaseUrl}`;
    yield { path: [...path, "DATABASE_URL"], message };
  }
  const given = known.find(([name]) => name === "GROUP")?.[1];
  if (group === null || given === undefined || given === "" || given === group) return;
  const cure = `throttle-bench looks for the rows of ${group}, so write GROUP: ${group}`;
  yield {
    path: [...path, "GROUP"],
    message: `the environment variable GROUP of ${fn.logicalId} is "${given}": ${cure}`,
  };
}

/** The needs of a handler, as lists of alternatives. */
function neededOf(handler: HandlerName): (readonly string[])[] {
  const needed: readonly Needed[] = neededVariables[handler];
  return needed.map((each) => (typeof each === "string" ? [each] : each));
}

function missingMessage(handler: HandlerName, fn: TemplateResource, missing: readonly (readonly string[])[]): string {
  const [variables, them] = missing.length === 1 ? ["variable", "it"] : ["variables", "them"];
  const names = missing.map(([first, ...others]) =>
    others.length === 0 ? first : `${first} (or one of ${others.join(", ")})`,
  );
  const cure = names.includes("DATABASE_URL")
    ? `with ${databaseUrl}`
    : "as `throttle-bench show scenario-4 --template` has it";
  return `${fn.logicalId} lacks the environment ${variables} ${names.join(" and ")}, without which the ${handler} does not work: add ${them}, ${cure}`;
}

/** The handler's sentence about each value that it cannot work with, without its full stop. `unknown`: variables whose value no one knows yet. */
function* refusalsOf(
  handler: HandlerName,
  values: ReadonlyMap<string, string>,
  unknown: readonly string[],
): Iterable<[name: string, refusal: string]> {
  const environment: Record<string, string> = Object.fromEntries(values);
  // A value that is missing, or not known yet, is not wrong.
  for (const alternatives of neededOf(handler)) {
    const given = alternatives.filter((name) => environment[name] || unknown.includes(name));
    for (const name of given.length > 0 ? given : alternatives.slice(0, 1)) environment[name] ||= "1";
  }
  for (const _ of Object.keys(environment)) {
    const refusal = refusalOf(handler, environment);
    if (refusal === null) return;
    const names = Object.keys(environment);
    const name =
      names.find((each) => refusal.includes(` ${each} `)) ??
      names.find((each) => refusal.includes(`"${environment[each]}"`));
    if (name === undefined)
      throw new Error(`The ${handler} refuses its environment, and does not say which variable: ${refusal}`);
    yield [name, refusal.replace(/\.$/, "")];
    environment[name] = neededOf(handler).some(([only, another]) => only === name && another === undefined) ? "1" : "";
  }
}

/** null: the handler can be made. */
function refusalOf(handler: HandlerName, environment: Record<string, string>): string | null {
  try {
    handlers[handler](portsOf(environment));
    return null;
  } catch (refusal) {
    return (refusal as Error).message;
  }
}

/** A handler that is made and never called touches its environment only. */
function portsOf(environment: Record<string, string>): Ports {
  const untouched = (): never => {
    throw new Error("This handler is not to be called.");
  };
  return {
    environment,
    newId: () => "none",
    clock: { now: untouched, sleep: untouched },
    connect: untouched,
    publisher: { publishBatch: untouched },
    queue: { receive: untouched, delete: untouched, changeVisibility: untouched },
    stream: { recordsAt: untouched },
    random: untouched,
    log: untouched,
  };
}
