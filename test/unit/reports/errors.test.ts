/** The words of what failed in a run. */
import { describe, expect, it } from "vitest";
import { errorSentences } from "../../../src/reports/errors.ts";
import { aRecord } from "../records/a-record.ts";

describe("errorSentences", () => {
  const record = aRecord({});

  it("say nothing where nothing failed", () => {
    expect(errorSentences({ ...record, errors: [] })).toEqual([]);
    expect(errorSentences({ ...record, errors: null })).toEqual([]);
  });

  it("name the settings that the run has, and say it in words where a template has none of them", () => {
    const errors = [{ cause: "timed-out" as const, count: 1, firstMessage: "Task timed out after 3.00 seconds\n" }];
    const settings = { ConsumerTimeout: "3", BatchSize: "10", WorkMs: "0" };
    expect(errorSentences({ ...record, errors, settings })).toEqual([
      "1 invocation timed out (first: Task timed out after 3.00 seconds); raise ConsumerTimeout, or lower BatchSize.",
    ]);
    expect(errorSentences({ ...record, errors, settings: {} })).toEqual([
      "1 invocation timed out (first: Task timed out after 3.00 seconds); raise the consumer's Timeout, or lower its work.",
    ]);
  });

  it.each([
    [{ BatchSize: "1", WorkMs: "5000", HoldMs: "0" }, "WorkMs"],
    [{ BatchSize: "1", WorkMs: "1000", HoldMs: "4000" }, "HoldMs"],
    [{ BatchSize: "10", WorkMs: "200", WorkMsMax: "6000", HoldMs: "0" }, "BatchSize or WorkMsMax"],
    [{ BatchSize: "1", WorkMs: "1000", WorkMsMax: "0", SlowRate: "0.1", SlowFactor: "20" }, "WorkMs or SlowFactor"],
    [{ BatchSize: "1", WorkMs: "1000", SlowRate: "0", SlowFactor: "20" }, "WorkMs"],
    [{ PullCount: "100", WorkMs: "1000" }, "PullCount or WorkMs"],
  ])("name of what makes an invocation long only what does: %j", (load, named) => {
    const errors = [{ cause: "timed-out" as const, count: 2, firstMessage: "Task timed out after 3.00 seconds" }];
    const settings = { ConsumerTimeout: "3", ...load };
    expect(errorSentences({ ...record, errors, settings })[0]).toMatch(
      new RegExp(`; raise ConsumerTimeout, or lower ${named}\\.$`),
    );
  });

  it("say that a cause is not known where invocations failed and the log could not be read", () => {
    const details = { ...record.details, errors: 12 };
    expect(errorSentences({ ...record, errors: null, details })).toEqual([
      "Why 12 invocations failed is not known: the consumer's log could not be read (logs:FilterLogEvents), or an older version made the record.",
    ]);
  });
});
