/** The documents' comparisons of ways and sweeps of settings, which are made of many simulations. */
import { expect, it } from "vitest";
import { read, sections, withSection } from "../docs/sections.ts";

it.each(["comparison", "answer"])(
  "has as %s what list --compare prints now; `npm run docs:slow` writes it",
  {
    timeout: 300_000,
  },
  async (name) => {
    const section = sections.find((section) => section.name === name)!;
    const document = read(section.file);
    expect(await withSection(document, section)).toBe(document);
  },
);
