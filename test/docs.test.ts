/** The documents say what the code does: a derived section that is stale fails here, and `npm run docs` mends it. */
import { describe, expect, it } from "vitest";
import { read, sections, withSection } from "./docs/sections.ts";

describe("the documents", () => {
  for (const section of sections.filter(({ slow }) => !slow)) {
    it(`have the ${section.name} of ${section.file} as the code has it`, async () => {
      const document = read(section.file);
      expect(await withSection(document, section)).toBe(document);
    });
  }
});
