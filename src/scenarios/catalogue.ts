/** The scenarios that there are: those of `infra/scenarios` by name, anybody's by the path of the template. */
import { readdirSync, readFileSync } from "node:fs";
import { parse } from "node:path";
import { fileURLToPath } from "node:url";
import { BenchError, messageOf } from "../errors.ts";
import type { Scenario } from "../model.ts";
import { nearest } from "./nearest.ts";
import { readScenario } from "./scenario.ts";

const directory = new URL("../../infra/scenarios/", import.meta.url);
const everything = "all";

/** Names of the shipped scenarios, in the order of their numbers. */
export function shippedNames(): string[] {
  return readdirSync(directory)
    .filter((file) => file.endsWith(".yaml"))
    .map((file) => parse(file).name)
    .sort((a, b) => a.localeCompare(b, "en", { numeric: true }));
}

export function shippedScenarios(): Scenario[] {
  return shippedNames().map(shipped);
}

/** Scenarios by name or path, `all` for the shipped ones; each once, in the order first named. Throws as `findScenario` does. */
export function findScenarios(names: readonly string[]): Scenario[] {
  const wanted = names.flatMap((name) => (name === everything ? shippedNames() : [name]));
  return [...new Set(wanted)].map(findScenario);
}

/** A shipped scenario by name, or the template at a path that ends in .yaml, .yml or .json. Throws `unknown-scenario`, `bad-template`. */
export function findScenario(name: string): Scenario {
  if (/\.(ya?ml|json)$/i.test(name)) return readScenario(parse(name).name, name, readText(name));
  const names = shippedNames();
  if (names.includes(name)) return shipped(name);
  const suggestion = nearest(name, [...names, everything]);
  throw new BenchError(
    "unknown-scenario",
    `There is no scenario ${JSON.stringify(name)}; ${
      suggestion === null
        ? `there are ${names.join(", ")}, and any template by its path, such as ./mine.yaml.`
        : `did you mean ${suggestion}?`
    }`,
  );
}

function shipped(name: string): Scenario {
  const file = fileURLToPath(new URL(`${name}.yaml`, directory));
  return readScenario(name, file, readText(file));
}

function readText(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch (cause) {
    throw new BenchError(
      "unknown-scenario",
      `The template ${file} cannot be read (${messageOf(cause)}); check the path.`,
      { cause },
    );
  }
}
