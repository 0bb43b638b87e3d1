/** From a scenario's own file to its whole template: what CloudFormation gets, without what only throttle-bench reads. */
import { readdirSync, readFileSync } from "node:fs";
import { parse } from "node:path";
import { fileURLToPath } from "node:url";
import { Faults } from "../template/faults.ts";
import { mergeSources } from "../template/merge.ts";
import { nearest } from "../template/nearest.ts";
import { dataOf, parseSource, printSource, type Source } from "../template/nodes.ts";
import { readSections } from "../template/sections.ts";
import { isMap, type Template, TemplateError, type TemplateValue } from "../template/template.ts";

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
 * @throws TemplateError for a text that cannot be read; other faults are added to `faults`
 */
export function readWholeTemplate(file: string, text: string, faults: Faults): WholeTemplate {
  const own = parseSource(text, file, { faults });
  const inParts = new Faults();
  const parts = partsBelow(own, file, new Set(), inParts);
  // Everything in a part that is not there would be missed.
  if (inParts.all.length > 0) throw new TemplateError([...faults.all, ...inParts.all]);
  const source = parts.length === 0 ? own : mergeSources(own, parts);
  const { root, places } = dataOf(source, file, faults);
  const description = descriptionIn(root);
  // Where a key stands twice, the later counts, and the parser's document looks into the first.
  const taken = (isMap(description) ? ownKeys : []).filter(
    (key) => source.document.hasIn([...descriptionPath, key]) && source.document.deleteIn([...descriptionPath, key]),
  );
  return {
    template: readSections(taken.length === 0 ? root : dataOf(source, file, faults).root, places, faults),
    // A document with faults cannot be printed, and is never deployed.
    templateBody:
      taken.length === 0 || source.document.errors.length + faults.all.length > 0 ? text : printSource(source),
    description,
  };
}

function descriptionIn(root: TemplateValue): TemplateValue | null {
  let value: TemplateValue | undefined = root;
  for (const key of descriptionPath) value = isMap(value) && Object.hasOwn(value, key) ? value[key] : undefined;
  return value ?? null;
}

/**
 * The parts that a source names, each once, after the parts that it names itself. `known` holds the names of those that are there
 * already.
 */
function partsBelow(source: Source, file: string, known: Set<string>, faults: Faults): Source[] {
  return partsNamed(source, file, faults).flatMap((name) => {
    if (known.has(name)) return [];
    known.add(name);
    const partFile = fileURLToPath(new URL(`${name}.yaml`, partsDirectory));
    const part = parseSource(readFileSync(partFile, "utf8"), partFile);
    const below = partsBelow(part, partFile, known, faults);
    // It names parts, and would describe the scenario.
    part.document.delete("Metadata");
    return [...below, part];
  });
}

/** The names of the parts that there are; others are faults. */
function partsNamed(own: Source, file: string, faults: Faults): string[] {
  // The whole is read once more, and tells what is wrong with its nodes.
  const { root, places } = dataOf(own, file, new Faults());
  const description = descriptionIn(root);
  if (!isMap(description) || !Object.hasOwn(description, "Parts")) return [];
  const path = [...descriptionPath, "Parts"];
  const names = description.Parts!;
  if (!Array.isArray(names)) {
    faults.addAt(places, path, `${path.join(".")} has to be a list of the parts' names`);
    return [];
  }
  const known = templatesIn(partsDirectory);
  return names.flatMap((name, index) => {
    const at = [...path, index];
    if (names.indexOf(name) < index) faults.addAt(places, at, `the part ${name} is named twice; name it once`);
    else if (typeof name === "string" && known.includes(name)) return [name];
    else {
      const suggestion = typeof name === "string" ? nearest(name, known) : null;
      const cure = suggestion === null ? `there are ${known.join(", ")}` : `did you mean ${suggestion}?`;
      faults.addAt(places, at, `there is no part ${JSON.stringify(name)}; ${cure}`);
    }
    return [];
  });
}

/** The names of a directory's templates, by the alphabet. */
export function templatesIn(directory: URL): string[] {
  return readdirSync(directory)
    .filter((file) => file.endsWith(".yaml"))
    .map((file) => parse(file).name)
    .sort();
}
