/** The words for the parts of a template that are not looked at. */
import type { Ignored } from "../model.ts";

/** One line; null: all of the template counts, or nobody knows. */
export function ignoredLine(ignored: Ignored | null): string | null {
  if (ignored === null) return null;
  const { resources, properties, replacedCode } = ignored;
  const named = resources.map(
    ({ logicalId, type, decides }) => `${logicalId} (${type}${decides === null ? "" : `; ${decides}`})`,
  );
  const owners = properties.resources === 1 ? "one resource" : `${properties.resources} resources`;
  const ofOthers = properties.resources === 0 ? [] : [`${properties.names.join(", ")} of ${owners}`];
  const parts = [named.join(", "), ...ofOthers].filter(Boolean);
  const sentences = [
    ...(parts.length > 0 ? [`Ignored, because they change no event: ${parts.join(", and ")}.`] : []),
    ...(replacedCode.length > 0
      ? [`The code of ${replacedCode.join(", ")} is replaced by that of throttle-bench.`]
      : []),
  ];
  return sentences.length === 0 ? null : sentences.join(" ");
}
