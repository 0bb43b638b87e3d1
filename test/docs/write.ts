/** `npm run docs` rewrites what the documents derive from the code; `slow` rewrites what takes many runs, or of this the sections that are named. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { pages } from "./pages.ts";
import { read, sections, withSection } from "./sections.ts";
import { root } from "./tool.ts";

const [, , pace, ...only] = process.argv;
const isSlow = pace === "slow";
if (!isSlow) for (const { file, text } of await pages()) writeFileSync(join(root, file), text);
const isWanted = (name: string) => only.length === 0 || only.includes(name);
for (const section of sections.filter(({ slow = false, name }) => slow === isSlow && isWanted(name))) {
  writeFileSync(join(root, section.file), await withSection(read(section.file), section));
}
