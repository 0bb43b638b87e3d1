/** A file as data, whatever it was written for: YAML or JSON, functions in their long form. */
import { foreignDataOf, parseSource, slips } from "../../template/nodes.ts";
import type { Places, TemplateValue } from "../../template/template.ts";
import type { SystemSource } from "../system.ts";

export interface ForeignDocument {
  /** nulls are left out, aliases and merges are followed */
  root: TemplateValue;
  places: Places;
}

/** @throws TemplateError with the line */
export function readDocument({ file, text }: Pick<SystemSource, "file" | "text">): ForeignDocument {
  return foreignDataOf(parseSource(text, file, { tolerated: slips }), file);
}
