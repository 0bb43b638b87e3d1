/** `npm run docs`: rewrites what the documents derive from the code. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { read, root, sections, withSection } from "./sections.ts";

for (const section of sections) writeFileSync(join(root, section.file), withSection(read(section.file), section));
