/** `--try`: settings of the user's own that have to be among the candidates of an answer. */
import type { Scenario } from "../../model.ts";
import { didYouMean, meant } from "../../scenarios/nearest.ts";
import { settingsOf } from "../../scenarios/settings.ts";
import type { NamedCandidate } from "../../simulation/search/question.ts";
import { badUsage, quoted, type Read } from "./values.ts";

export interface Tried {
  /** a name, an alias or a path; null: the way of `--from` */
  way: string | null;
  /** `Name=value` */
  overrides: string[];
}

/** `sqs-fifo:VisibilityTimeout=60,MaxReceiveCount=5`, or only the settings, where the way is the user's own. */
export const triedSettings: Read<Tried> = (typed, flag) => {
  const [, way, list = ""] = /^(?:([^=]*?):)?([^:=]+=.*)$/s.exec(typed) ?? [];
  const overrides = list.split(/,(?=\w+=)/);
  if (list !== "" && overrides.every((each) => /^\w+=/.test(each))) return { way: way ?? null, overrides };
  throw badUsage(
    `${flag} ${quoted(typed)} names no settings; write it as sqs-fifo:VisibilityTimeout=60,MaxReceiveCount=5.`,
  );
};

export const tried = {
  takes: "<way:settings>",
  read: triedSettings,
  repeats: true,
  help: "settings to see in the answer, such as scenario-4:MaxReceiveCount=9; without a way those of --from; may be repeated",
} as const;

/** `own`: the way of `--from`; null: there is none. @throws BenchError `bad-usage`, `unknown-setting`, `bad-setting` */
export function namedCandidates(
  given: readonly Tried[],
  ways: readonly Scenario[],
  own: Scenario | null,
): NamedCandidate[] {
  return given.map(({ way, overrides }) => {
    const scenario = way === null ? own : ways.find(({ name, alias, file }) => [name, alias, file].includes(way));
    if (scenario === null) {
      throw badUsage(
        `--try ${overrides.join(",")} says of no way whose settings these are; write it as sqs-fifo:${overrides.join(",")}.`,
      );
    }
    if (scenario === undefined) {
      const names = ways.map(({ alias, name }) => ({ name: alias ?? name }));
      throw badUsage(
        `--try ${way} is none of the ways to choose from; ${didYouMean(meant(way!, names)) ?? "name it in --ways, too."}`,
      );
    }
    const all = settingsOf(scenario, overrides);
    const names = overrides.map((override) => override.split("=")[0]!);
    return { way: scenario.name, settings: Object.fromEntries(names.map((name) => [name, all[name]!])) };
  });
}
