/** A verb as data, and how it becomes a command. */
import type { Command } from "commander";
import { type AllFlagsOf, type FlagGroup, optionsOf } from "./flags/flag.ts";

export interface Operand {
  /** As commander writes it: `<scenario...>` has to be given, `[run]` need not. */
  name: string;
  help: string;
  default?: unknown;
  /** Other words that may stand there besides the scenarios or runs that the name speaks of, such as `all`. */
  words?: readonly string[];
}

interface Described<Groups extends readonly FlagGroup[], Operands extends unknown[]> {
  operands?: readonly Operand[];
  flags: Groups;
  /** Stands below the flags: notes, examples, exit status. */
  help: string;
  run(flags: AllFlagsOf<Groups>, ...operands: Operands): Promise<void>;
}

export type Verb =
  | Described<readonly FlagGroup[], never[]>
  /** A verb of verbs, such as `database up`. */
  | { verbs: Record<string, Verb & { summary: string }>; help: string };

/** Verbs by their names. What is behind one is loaded when it is used. */
export type VerbTable = Record<string, { summary: string; load(): Promise<{ verb: Verb }> }>;

/** Checks that the work takes what flags and operands give. */
export function defineVerb<const Groups extends readonly FlagGroup[], Operands extends unknown[]>(
  described: Described<Groups, Operands>,
): Verb {
  return described as unknown as Verb;
}

/** Gives a command the flags, the help and the work of its verb. */
export function equip(command: Command, described: Verb): void {
  command.addHelpText("after", `\n${described.help}`);
  if ("verbs" in described) {
    for (const [name, one] of Object.entries(described.verbs))
      equip(command.command(name).description(one.summary), one);
    return;
  }
  for (const { name, help, default: initial } of described.operands ?? []) command.argument(name, help, initial);
  for (const option of described.flags.flatMap(optionsOf)) command.addOption(option);
  const operandCount = described.operands?.length ?? 0;
  command.action((...given: unknown[]) =>
    described.run(given[operandCount] as never, ...(given.slice(0, operandCount) as never[])),
  );
}
