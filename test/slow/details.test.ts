/** The figures beyond the published table, of as many events as a run may have. */
import { expect, it } from "vitest";
import { detailsOf } from "../../src/metrics/details.ts";
import { row, runRowsOf } from "../unit/metrics/rows.ts";

it("measures a million rows", () => {
  const million = Array.from({ length: 1_000_000 }, (_, index) =>
    row(1_000_000 - index, index, { startedAt: index - 50, cacheId: `instance-${index % 50}` }),
  );
  const rows = runRowsOf(million, []);
  const details = detailsOf(rows, { events: 1_000_000, grouping: { groups: 0, noisyShare: 0 } });
  expect(details).toMatchObject({ maxOverlap: 50, instancesStarted: 50, peakRollingSecond: 1_000, emptySeconds: 0 });
  expect(details.slowest[0]).toEqual({ id: 1, messageGroup: 0, waitMs: 999_999 });
  const { messageGroups } = detailsOf(rows, { events: 1_000_000, grouping: { groups: 1_000, noisyShare: 0.5 } });
  expect(messageGroups).toMatchObject({ count: 1_000, outOfOrderIn: 1_000 });
  expect(messageGroups!.listed).toHaveLength(100);
});
