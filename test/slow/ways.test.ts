/** The output that documents show of commands that simulate much: the comparison of ways, a sweep, and the answer to a question. */
import { expect, it } from "vitest";
import { read, sections, withSection } from "../docs/sections.ts";

it.each(["comparison", "sweep", "recommendation", "answer"])(
  "has as %s what its command prints now; `npm run docs:slow` writes it",
  { timeout: 1_200_000 },
  async (name) => {
    const section = sections.find((section) => section.name === name)!;
    const document = read(section.file);
    expect(await withSection(document, section)).toBe(document);
  },
);
