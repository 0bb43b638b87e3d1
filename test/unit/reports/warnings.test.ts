/** The words of warnings. */
import { describe, expect, it } from "vitest";
import { warningText } from "../../../src/reports/warnings.ts";
import { work } from "../scenarios/a-warning.ts";

describe("the warning of work that is too long", () => {
  it.each([
    [work(10, 1_000, 3, ["BatchSize", "WorkMs"]), "10 × 1 s of work do not fit into 3 s, so that"],
    [
      work(3, 1_000, 3, ["BatchSize", "WorkMs"]),
      "3 × 1 s of work leave nothing of 3 s for the connection and the rows, so that",
    ],
  ])("says whether it is beyond the timeout or takes all of it", (warning, words) => {
    expect(warningText(warning)).toBe(
      `${words} ConsumerFunction times out; raise ConsumerTimeout, or lower BatchSize or WorkMs.`,
    );
  });
});
