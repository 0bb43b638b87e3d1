/** Lines of the values that stand in the branches of an `Fn::If`, under the paths that they have once its condition is decided. */
import { callOf } from "../../template/calls.ts";
import type { Place, Places, TemplatePath, TemplateValue } from "../../template/template.ts";
import type { Evaluation } from "./evaluation.ts";

/** `path`: to `written`. The key above an `Fn::If` keeps its own line; what stands below it has that of the branch that was taken. */
export function branchPlaces(
  written: TemplateValue,
  path: TemplatePath,
  places: Places,
  evaluation: Evaluation,
): [path: string, place: Place][] {
  return [...below(written, path, path)];

  function* below(value: TemplateValue, from: TemplatePath, to: TemplatePath): Iterable<[string, Place]> {
    if (typeof value !== "object") return;
    const call = callOf(value);
    if (call?.name === "Fn::If") {
      const [condition, ...branches] = Array.isArray(call.argument) ? call.argument : [];
      const isTrue = evaluation.holds(String(condition));
      const chosen = branches[isTrue === true ? 0 : 1];
      if (isTrue !== null && chosen !== undefined) yield* below(chosen, [...from, call.name, isTrue ? 1 : 2], to);
      return;
    }
    const isList = Array.isArray(value);
    // Items that are not there once it is decided leave no gap.
    let index = 0;
    for (const [key, each] of Object.entries(value)) {
      if (isList && evaluation.value(each) === undefined) continue;
      const at = [...from, isList ? Number(key) : key];
      const becomes = [...to, isList ? index++ : key];
      const text = JSON.stringify(becomes);
      const place = places.get(JSON.stringify(at));
      if (place !== undefined && text !== JSON.stringify(at)) yield [text, place];
      yield* below(each, at, becomes);
    }
  }
}
