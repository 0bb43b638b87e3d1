/** The formats of a comparison that have a flag; without one it is the table. */
import type { Comparison } from "../../metrics/compare.ts";
import type { Format } from "../format.ts";
import { compareHtml } from "./html.ts";
import { compareJson } from "./json.ts";
import { compareMarkdown } from "./markdown.ts";

export const comparisonFormats: readonly Format<Comparison>[] = [compareJson, compareMarkdown, compareHtml];
