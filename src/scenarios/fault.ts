/** The faults of a scenario, told all at once, each with its place. */
import { BenchError } from "../errors.ts";
import type { Scenario } from "../model.ts";
import { type Place, placeOf, type TemplatePath } from "../template/template.ts";
import { isShipped } from "./catalogue.ts";

export interface Fault {
  /** to the node of the template that is wrong */
  path: TemplatePath;
  /** says what is wrong and what to do, without a full stop */
  message: string;
}

/** Throws `bad-template` with every fault, those in the scenario's own file first, by line. */
export function refuseFaults(scenario: Scenario, faults: readonly Fault[]): void {
  if (faults.length === 0) return;
  const isForeign = ({ file }: Place) => Number(file !== scenario.file);
  const sentences = faults
    .map(({ path, message }) => ({ place: placeOf(scenario.template, path), message }))
    .sort(({ place: a }, { place: b }) => isForeign(a) - isForeign(b) || a.line - b.line)
    .map(({ place, message }) => `${whereIn(scenario, place)}: ${message}.`);
  const [only, ...others] = sentences;
  const list = sentences.map((sentence) => `\n  ${sentence}`).join("");
  throw new BenchError(
    "bad-template",
    others.length === 0 ? only! : `${scenario.name} has ${sentences.length} faults:${list}`,
  );
}

/** `mine.yaml, line 12`; a part is a file of the installation, and the fault may be in how the user's file names its parts. */
function whereIn(scenario: Scenario, place: Place): string {
  // In a shipped scenario, the settings alone can be at fault.
  if (isShipped(scenario)) return scenario.name;
  const { file } = scenario;
  const at = `${place.file ?? file}, line ${place.line}`;
  return place.file === null || place.file === file ? at : `${file} with its parts: ${at}`;
}
