/** The documents say what the code does: what is derived and stale fails here, and `npm run docs` mends it. */
import { readdirSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { abandonedFigures } from "./chaos/published.ts";
import { pages } from "./docs/pages.ts";
import { read, sections, withSection } from "./docs/sections.ts";

describe("the documents", () => {
  it("publish as the code has them the pages that are derived as a whole", async () => {
    for (const { file, text } of await pages()) expect(read(file), file).toBe(text);
  });

  it("have no page of rules whose contract is gone", async () => {
    const folder = "test/contract/";
    const derived = (await pages()).map(({ file }) => file).filter((file) => file.startsWith(folder));
    const there = readdirSync(folder).filter((file) => file.endsWith(".md") && file !== "README.md");
    expect(there.map((file) => folder + file).sort()).toEqual(derived.sort());
  });

  it("publish no figures of chaos whose test is gone", () => {
    const files = readdirSync("test/chaos", { recursive: true, encoding: "utf8" });
    const tests = files.filter((file) => file.endsWith(".test.ts")).map((file) => `test/chaos/${file}`);
    expect(abandonedFigures(tests)).toEqual([]);
  });

  for (const section of sections.filter(({ slow }) => !slow)) {
    it(`have the ${section.name} of ${section.file} as the code has it`, { timeout: 120_000 }, async () => {
      const document = read(section.file);
      expect(await withSection(document, section)).toBe(document);
    });
  }
});
