/** The formats of a report that have a flag. Another one is a file and a line here; without a flag it is the table. */
import type { RunRecord } from "../model.ts";
import type { Format } from "./format.ts";
import { benchmark } from "./formats/benchmark.ts";
import { csv } from "./formats/csv.ts";
import { html } from "./formats/html.ts";
import { json } from "./formats/json.ts";
import { junit } from "./formats/junit.ts";
import { markdown } from "./formats/markdown.ts";
import { png } from "./formats/png.ts";
import { svg } from "./formats/svg.ts";

export const reportFormats: readonly Format<RunRecord>[] = [json, markdown, csv, junit, benchmark, svg, png, html];
