/** The README's comparison of ways, which is made of many simulations. */
import { expect, it } from "vitest";
import { read, sections, withSection } from "../docs/sections.ts";

it("has in the README what list --compare prints now; `npm run docs:slow` writes it", {
  timeout: 300_000,
}, async () => {
  const section = sections.find(({ name }) => name === "comparison")!;
  const document = read(section.file);
  expect(await withSection(document, section)).toBe(document);
});
