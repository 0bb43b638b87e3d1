/** The formats of a sweep that have a flag; without one it is the map and the table. */
import type { Format } from "../format.ts";
import { sweepCsv } from "./csv.ts";
import { sweepHtml } from "./html.ts";
import { sweepJson } from "./json.ts";
import { sweepMarkdown } from "./markdown.ts";
import { sweepPng } from "./png.ts";
import { sweepSvg } from "./svg.ts";
import type { SweepView } from "./words.ts";

export const sweepFormats: readonly Format<SweepView>[] = [
  sweepJson,
  sweepCsv,
  sweepMarkdown,
  sweepHtml,
  sweepSvg,
  sweepPng,
];
