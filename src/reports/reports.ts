/** The formats of a report that have a flag: for another one, a file in `formats/` and a line here. Without a flag it is the table. */
export { benchmark } from "./formats/benchmark.ts";
export { csv } from "./formats/csv.ts";
export { html } from "./formats/html.ts";
export { json } from "./formats/json.ts";
export { junit } from "./formats/junit.ts";
export { markdown } from "./formats/markdown.ts";
export { png } from "./formats/png.ts";
export { svg } from "./formats/svg.ts";
