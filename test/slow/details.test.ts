/** The figures beyond the published table, of as many events as a run may have. */
import { expect, it } from "vitest";
import { detailsOf } from "../../src/metrics/details.ts";
import { row, runRowsOf } from "../unit/metrics/rows.ts";

it("measures a million rows", () => {
  const million = Array.from({ length: 1_000_000 }, (_, index) =>
    row(1_000_000 - index, index, { startedAt: index - 50, cacheId: `instance-${index % 50}` }),
  );
  const details = detailsOf(runRowsOf(million, []), { messageGroups: 1 });
  expect(details).toMatchObject({ maxOverlap: 50, instancesStarted: 50, peakRollingSecond: 1_000, emptySeconds: 0 });
  expect(details.slowest[0]).toEqual({ id: 1, waitMs: 999_999 });
});
