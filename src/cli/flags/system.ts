/** The flags by which a scenario is lifted from a template of somebody's own: which of its event paths, with which values. */
import type { Parameter } from "../../model.ts";
import type { FlagGroup, FlagsOf } from "./flag.ts";
import { type Parameters, readParameters } from "./parameters.ts";
import { text } from "./values.ts";

export const system = {
  title: "With a template of your own",
  flags: {
    function: {
      takes: "<function>",
      read: text,
      help: "the function whose events to look at, where there are several",
    },
    queue: { takes: "<name>", read: text, help: "the queue, stream or topic that they come through" },
    parameters: {
      takes: "<Name=value>",
      read: text,
      repeats: true,
      help: "values of the template's parameters, as the AWS CLI takes them; also file://parameters.json",
    },
  },
} as const satisfies FlagGroup;

export type SystemFlags = FlagsOf<typeof system>;

/** How a template of somebody's own is read. */
export interface SystemChoice {
  functionName: string | undefined;
  queueName: string | undefined;
  parameters: Parameters;
}

/** Throws `bad-usage` for parameters that cannot be read. */
export function systemChoice({ function: functionName, queue: queueName, parameters = [] }: SystemFlags): SystemChoice {
  return { functionName, queueName, parameters: readParameters(parameters) };
}

/** The flags that choose the same again; a secret among the template's parameters is to be filled in. */
export function systemWords(
  { function: functionName, queue, parameters = [] }: SystemFlags,
  known: readonly Parameter[],
): string[] {
  const flags: [string, string | undefined][] = [
    ["--function", functionName],
    ["--queue", queue],
    ...parameters
      .flatMap((each) => withoutSecrets(each, known))
      .map((each): [string, string] => ["--parameters", each]),
  ];
  return flags.flatMap(([flag, value]) => (value === undefined ? [] : [flag, value]));
}

function withoutSecrets(typed: string, known: readonly Parameter[]): string[] {
  const isSecret = (name: string) => known.some((each) => each.name === name && each.noEcho);
  if (typed.trim().startsWith("file://")) return [typed];
  const values = Object.entries(readParameters([typed]));
  if (!values.some(([name]) => isSecret(name))) return [typed];
  return values.map(([name, value]) => `${name}=${isSecret(name) ? "…" : value}`);
}
