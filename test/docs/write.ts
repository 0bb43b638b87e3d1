/** `npm run docs` rewrites the sections that the documents derive from the code; `slow` rewrites those that take many runs, or of these one by its name. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { dashboardText } from "./dashboard.ts";
import { recordJsonSchemaText } from "./record-json-schema.ts";
import { dashboardFile, read, root, schemaFile, sections, withSection } from "./sections.ts";

writeFileSync(join(root, schemaFile), recordJsonSchemaText());
writeFileSync(join(root, dashboardFile), dashboardText());
const [, , pace, only] = process.argv;
const isSlow = pace === "slow";
for (const section of sections.filter(({ slow = false, name }) => slow === isSlow && (only ?? name) === name)) {
  writeFileSync(join(root, section.file), await withSection(read(section.file), section));
}
