/** The documents say what the code does: a derived section that is stale fails here, and `npm run docs` mends it. */
import { describe, expect, it } from "vitest";
import { dashboardText } from "./docs/dashboard.ts";
import { recordJsonSchemaText } from "./docs/record-json-schema.ts";
import { dashboardFile, read, schemaFile, sections, withSection } from "./docs/sections.ts";

describe("the documents", () => {
  it("publish the record's schema as the code has it", () => {
    expect(read(schemaFile)).toBe(recordJsonSchemaText());
  });

  it("publish the dashboard as it is laid out", () => {
    expect(read(dashboardFile)).toBe(dashboardText());
  });

  for (const section of sections.filter(({ slow }) => !slow)) {
    it(`have the ${section.name} of ${section.file} as the code has it`, { timeout: 120_000 }, async () => {
      const document = read(section.file);
      expect(await withSection(document, section)).toBe(document);
    });
  }
});
