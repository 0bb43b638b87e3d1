/** The shipped scenarios by name, alias and title, without reading their templates: for a shell that waits for each key. */
import { readdirSync, readFileSync } from "node:fs";

const directory = new URL("../../infra/scenarios/", import.meta.url);

export interface ScenarioTitle {
  name: string;
  /** null: it has none */
  alias: string | null;
  title: string;
}

export function scenarioTitles(): ScenarioTitle[] {
  const names = readdirSync(directory).flatMap((file) => /^(.*)\.yaml$/.exec(file)?.[1] ?? []);
  return names.map((name) => {
    const text = readFileSync(new URL(`${name}.yaml`, directory), "utf8");
    const [, alias = null] = /^ {4}Alias: (.*)$/m.exec(text) ?? [];
    const [, title = ""] = /^ {4}Title: (.*)$/m.exec(text) ?? [];
    return { name, alias, title };
  });
}
