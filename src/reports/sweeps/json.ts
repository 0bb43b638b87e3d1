/** A sweep as JSON: the whole of it, cells in the order of the axes. */
import type { TextFormat } from "../format.ts";
import type { SweepView } from "./words.ts";

export const sweepJson: TextFormat<SweepView> = {
  name: "json",
  help: "print it as JSON, with every figure of every cell",
  text: ([view]) => JSON.stringify(view!.sweep, written, 2),
};

/** A limit that there is not is `none`, as it is typed. */
function written(_: string, value: unknown): unknown {
  return value === Number.POSITIVE_INFINITY ? "none" : value;
}
