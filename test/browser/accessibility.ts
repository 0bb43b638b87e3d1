/** Faults that axe finds in a page for those who cannot see it, or not well. */
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import type { Page } from "./chromium.ts";

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

/** `rule: element` of each fault, of WCAG 2.2 AA and of axe's best practices. */
export async function faultsOf(page: Page): Promise<string[]> {
  await page.evaluate(`${axe};0`);
  return page.evaluate<string[]>(`axe.run(document).then(({ violations }) =>
    violations.flatMap(({ id, nodes }) => nodes.map(({ html }) => id + ": " + html.slice(0, 160))))`);
}
