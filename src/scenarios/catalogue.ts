/** Finds scenarios: the shipped ones by name or alias, anybody's by the path of the template. */
import { parse } from "node:path";
import { fileURLToPath } from "node:url";
import { BenchError, messageOf } from "../errors.ts";
import { mostBytesOfText, readUserText } from "../files/user-file.ts";
import type { Scenario } from "../model.ts";
import { onOneLine } from "../printable.ts";
import { parseSource } from "../template/nodes.ts";
import { didYouMean, meant } from "./nearest.ts";
import { readScenario } from "./scenario.ts";
import { descriptionPath, templatesIn } from "./whole-template.ts";

const directory = new URL("../../infra/scenarios/", import.meta.url);
const everything = "all";

/** Names of the shipped scenarios: first the numbered ones, in the order of their numbers, then the others by the alphabet. */
export function shippedNames(): string[] {
  const names = templatesIn(directory);
  const numberOf = (name: string) => Number(/^scenario-(\d+)$/.exec(name)?.[1] ?? Number.MAX_SAFE_INTEGER);
  // Each of Intl's own ways to sort takes milliseconds to load, which every run would wait for.
  return names.sort((one, other) => numberOf(one) - numberOf(other));
}

export function shippedScenarios(): Scenario[] {
  return shippedNames().map(shipped);
}

/** The name of the shipped scenario that has this name or alias; null: there is none. */
export function shippedName(nameOrAlias: string): string | null {
  const names = shippedNames();
  if (names.includes(nameOrAlias)) return nameOrAlias;
  const mayBe = (name: string) => readText(fileOf(name)).includes(nameOrAlias);
  return names.find((name) => mayBe(name) && shipped(name).alias === nameOrAlias) ?? null;
}

/** True for a shipped scenario, false for a file of the user's. */
export function isShipped({ name, file }: Scenario): boolean {
  return file === fileOf(name) && shippedNames().includes(name);
}

/** True where the template is, to the byte, that of a shipped scenario, wherever it lies. */
export function isShippedTemplate(scenario: Scenario): boolean {
  return isShipped(scenario) || shippedScenarios().some(({ templateHash }) => templateHash === scenario.templateHash);
}

/** The name that records have for a scenario that is called by its alias; anything else as it is. */
export function nameInRecords(what: string): string {
  return shippedName(what) ?? what;
}

/** Scenarios by name, alias or path, `all` for the shipped ones; each once, in the order first named. Throws as `findScenario` does. */
export function findScenarios(names: readonly string[]): Scenario[] {
  const found = names.flatMap((name) => (name === everything ? shippedScenarios() : [findScenario(name)]));
  return found.filter(({ file }, index) => found.findIndex((other) => other.file === file) === index);
}

/**
 * A shipped scenario by name or alias, or the template at a path that ends in .yaml, .yml or .json.
 * Throws `unknown-scenario`, `bad-template`.
 */
export function findScenario(name: string): Scenario {
  if (/\.(ya?ml|json)$/i.test(name)) return scenarioAt(name);
  const known = shippedName(name);
  if (known !== null) return shipped(known);
  const scenarios = shippedScenarios();
  const candidates = scenarios.flatMap(({ name, alias, title: about }) =>
    alias === null ? { name, about } : [{ name: alias, about }, { name }],
  );
  const suggestion = didYouMean(meant(name, [...candidates, { name: everything }]));
  throw new BenchError(
    "unknown-scenario",
    `There is no scenario ${JSON.stringify(name)}; ${
      suggestion === null
        ? `there are ${scenarios.map(namesOf).join(", ")}, and any template by its path, such as ./mine.yaml.`
        : suggestion
    }`,
  );
}

/** A scenario as a journal keeps it, whatever its file says by now. */
export function keptScenario({ name, file, templateBody }: Pick<Scenario, "name" | "file" | "templateBody">): Scenario {
  const scenario = readScenario(name, file, templateBody);
  const same = shippedNames().includes(name) ? shipped(name) : null;
  return same?.templateHash === scenario.templateHash ? { ...same, file } : scenario;
}

/** `scenario-4 (sqs-reserved-1)` */
export function namesOf({ name, alias }: Scenario): string {
  return alias === null ? name : `${name} (${alias})`;
}

const read = new Map<string, Scenario>();

function shipped(name: string): Scenario {
  const scenario = read.get(name) ?? readScenario(name, fileOf(name), readText(fileOf(name)));
  read.set(name, scenario);
  return scenario;
}

function fileOf(name: string): string {
  return fileURLToPath(new URL(`${name}.yaml`, directory));
}

/** True for a template that was written for throttle-bench, whatever else may be wrong with it. */
export function isScenario(text: string): boolean {
  if (!text.includes(descriptionPath.at(-1)!)) return false;
  try {
    const { document } = parseSource(text, null);
    // SAM's resources are none of a scenario's, whatever its Metadata says, and can be lifted.
    const isSam = JSON.stringify(document.getIn(["Transform"]) ?? "").includes("AWS::Serverless-");
    return document.hasIn(descriptionPath) && !isSam;
  } catch {
    return /^\s*["']?ThrottleBench["']?\s*:/m.test(text);
  }
}

/** The template at a path. It has no alias, and the published result only of the shipped scenario that has the very same template. */
function scenarioAt(file: string): Scenario {
  return scenarioIn(file, readText(file));
}

/** The same of a text that was read already. */
export function scenarioIn(file: string, text: string): Scenario {
  const scenario = readScenario(onOneLine(parse(file).name), file, text);
  const isPublished = scenario.published !== null;
  const same = isPublished ? shippedScenarios().find((each) => each.templateHash === scenario.templateHash) : undefined;
  return { ...scenario, alias: null, published: same?.published ?? null };
}

function readText(file: string): string {
  try {
    // An editor of Windows changes the ends of its lines, and neither what the template says nor its hash.
    return readUserText(file, mostBytesOfText).replaceAll("\r\n", "\n");
  } catch (cause) {
    throw new BenchError(
      "unknown-scenario",
      `The template ${file} cannot be read (${messageOf(cause)}); check the path.`,
      { cause },
    );
  }
}
