/** The words of the domain that flags and operands take. Each is looked up when it is asked for, because a shell waits. */
import { readdirSync } from "node:fs";
import { runsDirectory } from "../directories.ts";
import type { Flag } from "../flags/flag.ts";
import type { Operand } from "../verb.ts";

/** A word that may stand where the cursor is, whole; `about`: what it means. */
export interface Word {
  word: string;
  about: string;
}

/** The words of the verb before the cursor. */
export interface Typed {
  operands: readonly string[];
  /** as it was given to `--from`; null: it was not */
  from: string | null;
}

/** null: the shell completes the names of files. */
export type Words = Word[] | null;

/** The help's text for a value says which words it has. A flag may also know them itself. */
const ofValues: Record<string, (current: string, typed: Typed) => Promise<Words> | Words> = {
  "<function>": functions,
  "<Name=value>": settings,
  "<Name=list>": settings,
  "<name=value>": numbers,
  "<name=list>": numbers,
  "<figure>": () => figures(""),
  "<figure=limit>": () => figures("="),
  "<file>": () => null,
  "<directory>": () => null,
  "<profile>": () => null,
};

/** The words that the value of a flag may be. */
export async function wordsOfValue({ takes = "", read }: Flag, current: string, typed: Typed): Promise<Words> {
  if (read?.words !== undefined) return read.words.map((word) => ({ word, about: "" }));
  const words = ofValues[takes];
  return words === undefined ? [] : words(current, typed);
}

/** The words that an operand may be, of those that have not been typed yet. */
export async function wordsOfOperand({ name, words = [] }: Operand, typed: readonly string[]): Promise<Word[]> {
  const own = words.map((word) => ({ word, about: "" }));
  const all = [...own, ...(/run/.test(name) ? runs() : []), ...(/run|scenario/.test(name) ? await scenarios() : [])];
  return all.filter(({ word }) => !typed.includes(word));
}

/** Both names of each scenario. */
async function scenarios(): Promise<Word[]> {
  const { scenarioTitles } = await import("../../scenarios/titles.ts");
  return scenarioTitles().flatMap(({ name, alias, title }) =>
    [name, alias ?? []].flat().map((word) => ({ word, about: title })),
  );
}

/** Recorded runs by their ids, the latest first. */
function runs(): Word[] {
  let files: string[] = [];
  try {
    files = readdirSync(runsDirectory);
  } catch {
    // There are no runs yet.
  }
  const ids = files.flatMap((file) => /^(.*)\.json$/.exec(file)?.[1] ?? []).sort();
  return ["latest", ...ids.reverse()].map((word) => ({ word, about: "a recorded run" }));
}

/** The settings of the scenario that was named, and the values of one where it takes few; of any scenario where none was named. */
async function settings(current: string, { operands }: Typed): Promise<Word[]> {
  const [{ findScenario }, { boundsOf, settingsIn }, { shownParameter }] = await Promise.all([
    import("../../scenarios/catalogue.ts"),
    import("../../scenarios/settings.ts"),
    import("../../template/secrets.ts"),
  ]);
  const named = operands.find((operand) => operand !== "all") ?? "scenario-4";
  const parameters = settingsIn(findScenario(named)).map(shownParameter);
  const [name] = current.split("=");
  const parameter = current.includes("=") ? parameters.find((each) => each.name === name) : undefined;
  if (parameter === undefined) {
    return parameters.map(({ name, description = "" }) => ({ word: `${name}=`, about: description }));
  }
  const values = parameter.allowedValues ?? [parameter.default ?? []].flat();
  return values.map((value) => ({ word: `${parameter.name}=${value}`, about: boundsOf(parameter) }));
}

/** The functions of the template of somebody's own that have an event path; none where it cannot be read. */
async function functions(_: string, { operands, from }: Typed): Promise<Word[]> {
  const { isPath, pipe, readSource } = await import("../running/system-source.ts");
  const files = [from ?? [], ...operands].flat().filter((each) => each !== pipe && isPath(each));
  const [{ readSystem }, { eventPathsIn }, { pathInWords }] = await Promise.all([
    import("../../systems/formats/formats.ts"),
    import("../../systems/event-paths.ts"),
    import("../../systems/event-path.ts"),
  ]);
  const words = files.flatMap((file) => {
    try {
      const paths = eventPathsIn(readSystem({ ...readSource(file), parameters: {} }));
      return paths.flatMap((path): Word[] => {
        const fn = path.stations.findLast(({ service }) => service === "Lambda");
        return fn === undefined ? [] : [{ word: fn.name, about: pathInWords(path) }];
      });
    } catch {
      // The verb says what is wrong with it; a shell that waits for words is told none.
      return [];
    }
  });
  return words.filter(({ word }, index) => words.findIndex((each) => each.word === word) === index);
}

/** The numbers of the model. */
async function numbers(): Promise<Word[]> {
  const { numberNames } = await import("../../targets/assumptions.ts");
  return numberNames.map((name) => ({ word: `${name}=`, about: "" }));
}

async function figures(suffix: string): Promise<Word[]> {
  const { figureNamed, figures: described, shortNames } = await import("../../metrics/figures.ts");
  return shortNames.map((name) => ({ word: `${name}${suffix}`, about: described[figureNamed(name)!].name }));
}
