/** Queueing theory as a judge at four times the length of the quick test, and the table of it that the documents show. */
import { expect, it } from "vitest";
import { read, sections, withSection } from "../docs/sections.ts";
import { faultsOf, theoryTable } from "../theory/table.ts";

it("agrees with the formulas within intervals of 15% of the mean at every point", async () => {
  const rows = await theoryTable(4);
  expect(rows.length).toBeGreaterThanOrEqual(12);
  expect(rows.flatMap((row) => faultsOf(row, 0.15))).toEqual([]);
}, 300_000);

it("is what the model's README says", async () => {
  const section = sections.find(({ name }) => name === "theory")!;
  const document = read(section.file);
  expect(await withSection(document, section)).toBe(document);
}, 120_000);
