/** Comparisons as data. */
import type { Comparison } from "../../metrics/compare.ts";
import type { TextFormat } from "../format.ts";

export const compareJson: TextFormat<Comparison> = {
  name: "json",
  help: "print the comparisons as a JSON array",
  text: (comparisons) => JSON.stringify(comparisons, withoutRuns, 2),
};

/** Leaves out a side's runs as a verdict asks of them: their figures stand beside them, and their calls are long. */
export function withoutRuns(key: string, value: unknown): unknown {
  return key === "judged" ? undefined : value;
}
