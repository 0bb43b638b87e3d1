/** The faults of a scenario, told all at once, each with its place. */
import { BenchError, type ErrorCode } from "../errors.ts";
import type { Scenario } from "../model.ts";
import { type Place, placeOf, type TemplatePath } from "../template/template.ts";
import { isShipped } from "./catalogue.ts";

export interface Fault {
  /** to the node of the template that is wrong */
  path: TemplatePath;
  /** says what is wrong and what to do, without a full stop */
  message: string;
}

/** Throws BenchError with every fault, in the order of the template. */
export function refuseFaults(scenario: Scenario, faults: readonly Fault[], code: ErrorCode = "bad-template"): void {
  if (faults.length === 0) return;
  const told = faults
    .map(({ path, message }) => ({ place: placeOf(scenario.template, path), message }))
    .sort(
      (a, b) =>
        Number(a.place.file !== scenario.file) - Number(b.place.file !== scenario.file) || a.place.line - b.place.line,
    )
    .map(({ place, message }) => ({ where: whereIn(scenario, place), message }));
  const [only] = told;
  const sentence =
    told.length === 1
      ? `${only!.where}: ${only!.message}.`
      : `${scenario.name} has ${told.length} faults:\n${told.map(({ where, message }) => `  ${where}: ${message}.`).join("\n")}`;
  throw new BenchError(code, sentence);
}

/** `mine.yaml, line 12`; a part is a file of the installation, and the fault may be in how the user's file names its parts. */
function whereIn(scenario: Scenario, place: Place): string {
  // Of a shipped scenario, the settings alone can be at fault.
  if (isShipped(scenario)) return scenario.name;
  const { file } = scenario;
  const at = `${place.file ?? file}, line ${place.line}`;
  return place.file === null || place.file === file ? at : `${file} with its parts: ${at}`;
}
