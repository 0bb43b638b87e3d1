/** From a scenario's own file to its whole template: what CloudFormation gets, without what only throttle-bench reads. */
import { readdirSync, readFileSync } from "node:fs";
import { parse } from "node:path";
import { fileURLToPath } from "node:url";
import { mergeSources } from "../template/merge.ts";
import { nearest } from "../template/nearest.ts";
import { dataOf, parseSource, printSource, type Source } from "../template/nodes.ts";
import { readSections } from "../template/sections.ts";
import { placeOf, type Template, TemplateError, type TemplateMap, type TemplateValue } from "../template/template.ts";

const partsDirectory = new URL("../../infra/parts/", import.meta.url);

/** The section of Metadata that describes a scenario. */
export const descriptionPath = ["Metadata", "ThrottleBench"] as const;

/** Keys of the description that are about the scenario's file, and would be wrong in a copy of the whole template. */
const ownKeys = ["Alias", "Parts", "Published"];

export interface WholeTemplate {
  template: Template;
  templateBody: string;
  /** `Metadata.ThrottleBench` as the file has it; null: it has none. */
  description: TemplateValue | null;
}

/**
 * A file that names no parts is whole: its text is the template, unless it has one of the keys that are taken out.
 * @throws TemplateError
 */
export function readWholeTemplate(file: string, text: string): WholeTemplate {
  const own = parseSource(text, file);
  const parts = partsBelow(own, file, new Set());
  const source = parts.length === 0 ? own : mergeSources(own, parts);
  const { root, places } = dataOf(source, file);
  const description = descriptionIn(root);
  const taken = (isMap(description) ? ownKeys : []).filter((key) =>
    source.document.deleteIn([...descriptionPath, key]),
  );
  return {
    template: readSections(taken.length === 0 ? root : dataOf(source, file).root, places),
    templateBody: taken.length === 0 ? text : printSource(source),
    description,
  };
}

function descriptionIn(root: TemplateValue): TemplateValue | null {
  let value: TemplateValue | undefined = root;
  for (const key of descriptionPath) value = isMap(value) && Object.hasOwn(value, key) ? value[key] : undefined;
  return value ?? null;
}

function isMap(value: TemplateValue | null | undefined): value is TemplateMap {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/**
 * The parts that a source names, each once, after the parts that it names itself. `known` holds the names of those that are there
 * already. @throws TemplateError
 */
function partsBelow(source: Source, file: string, known: Set<string>): Source[] {
  return partsNamed(source, file).flatMap((name) => {
    if (known.has(name)) return [];
    known.add(name);
    const partFile = fileURLToPath(new URL(`${name}.yaml`, partsDirectory));
    const part = parseSource(readFileSync(partFile, "utf8"), partFile);
    const below = partsBelow(part, partFile, known);
    // It names parts, and would describe the scenario.
    part.document.delete("Metadata");
    return [...below, part];
  });
}

/** @throws TemplateError when there is no such part, or it is named before */
function partsNamed(own: Source, file: string): string[] {
  const { root, places } = dataOf(own, file);
  const description = descriptionIn(root);
  if (!isMap(description) || !Object.hasOwn(description, "Parts")) return [];
  const path = [...descriptionPath, "Parts"];
  const names = description.Parts!;
  if (!Array.isArray(names)) {
    throw new TemplateError(`${path.join(".")} has to be a list of the parts' names`, placeOf({ places }, path));
  }
  const known = templatesIn(partsDirectory);
  return names.map((name, index) => {
    if (names.indexOf(name) < index) {
      throw new TemplateError(`the part ${name} is named twice; name it once`, placeOf({ places }, [...path, index]));
    }
    if (known.includes(String(name))) return String(name);
    const suggestion = nearest(String(name), known);
    const cure = suggestion === null ? `there are ${known.join(", ")}` : `did you mean ${suggestion}?`;
    throw new TemplateError(`there is no part ${JSON.stringify(name)}; ${cure}`, placeOf({ places }, [...path, index]));
  });
}

/** The names of a directory's templates, in the order of their numbers. */
export function templatesIn(directory: URL): string[] {
  return readdirSync(directory)
    .filter((file) => file.endsWith(".yaml"))
    .map((file) => parse(file).name)
    .sort((a, b) => a.localeCompare(b, "en", { numeric: true }));
}
