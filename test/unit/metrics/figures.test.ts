/** Figures by their names, in reports on runs that may lack them, and of a published result. */
import { describe, expect, it } from "vitest";
import {
  figureNamed,
  figures,
  isShown,
  measuredFigures,
  publishedRun,
  readFigures,
  shortNames,
} from "../../../src/metrics/figures.ts";
import { published } from "../records/a-record.ts";

describe("a figure", () => {
  it("is found by its short name and by its whole one", () => {
    for (const figure of measuredFigures) {
      expect([figureNamed(figure), figureNamed(figures[figure].shortName)]).toEqual([figure, figure]);
    }
    expect([figureNamed("nothing"), figureNamed("totalEvents")]).toEqual([undefined, undefined]);
    expect(shortNames).toHaveLength(measuredFigures.length);
  });

  it("of message groups stands in a report where a run has several, and every other one always", () => {
    expect(isShown("throttles", [null, null])).toBe(true);
    expect(isShown("messageGroupsOutOfOrder", [null, null])).toBe(false);
    expect(isShown("messageGroupsOutOfOrder", [])).toBe(false);
    expect(isShown("messageGroupsOutOfOrder", [null, 0])).toBe(true);
    expect(isShown("messageGroupsOutOfOrder", [3, 4])).toBe(true);
  });
});

it("misses of a published result what neither completed nor failed, and knows nothing that nobody published", () => {
  const run = publishedRun({ ...published, totalEvents: 1_000, eventsCompleted: 900, eventsFailed: 60 });
  expect(readFigures(run)).toMatchObject({
    eventsCompleted: 900,
    eventsFailed: 60,
    eventsMissing: 40,
    timeTakenSeconds: 1_450,
    duplicates: null,
    throttles: null,
    costPerMonth: null,
  });
});
