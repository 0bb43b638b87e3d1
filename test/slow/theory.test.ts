/** Queueing theory as a judge at every point of its table, also at four times the length, and the table that the documents show. */
import { describe, expect, it } from "vitest";
import { read, sections, withSection } from "../docs/sections.ts";
import { exponential, faultsOf, fixed, type Point, points, theoryRow } from "../theory/table.ts";

it("covers one, two, five and twenty servers", () => {
  expect(points.length).toBeGreaterThanOrEqual(12);
  expect(new Set(points.map(({ servers }) => servers))).toEqual(new Set([1, 2, 5, 20]));
});

describe.each(points)("$service.letter service by $servers at a utilisation of $utilisation", (point) => {
  it("has the mean wait, number in system and utilisation that the formulas give", async () => {
    expect(faultsOf(await theoryRow(point))).toEqual([]);
  });

  it("has them within intervals of 15% of the mean at four times the length", async () => {
    expect(faultsOf(await theoryRow(point, { messages: 4 * point.messages }), 0.15)).toEqual([]);
  });
});

describe("the judge rejects", () => {
  const point: Point = { service: exponential, servers: 1, utilisation: 0.7, messages: 45_000 };
  const faults = async (differs: Parameters<typeof theoryRow>[1], at = point) => faultsOf(await theoryRow(at, differs));

  it("fixed service where exponential was told, though the servers are as busy", async () => {
    expect(await faults({ service: fixed.draw })).toEqual(["mean wait", "number in system"]);
  });

  it("a mapping that takes a tenth of the service time to hand over", async () => {
    expect(await faults({ constants: { "mapping.overheadMs": 100 } })).toContain("mean wait");
  });
});

it("is what the page of the table says; `npm run docs:slow` writes it", async () => {
  const section = sections.find(({ name }) => name === "theory")!;
  const document = read(section.file);
  expect(await withSection(document, section)).toBe(document);
});
