/** The table of an account's profile, and the reports that name one. */
import { describe, expect, it } from "vitest";
import { pageOf } from "../../../src/reports/formats/html.ts";
import { markdown } from "../../../src/reports/formats/markdown.ts";
import { table } from "../../../src/reports/formats/table.ts";
import { history } from "../../../src/reports/history.ts";
import { profileTable } from "../../../src/reports/profile.ts";
import { widthOf } from "../../../src/reports/text.ts";
import { aProfile } from "../records/a-profile.ts";
import { aRecord } from "../records/a-record.ts";

const options = { columns: 100, colour: false, details: false };

describe("the table of a profile", () => {
  it("has a line for each number, beside the platform's, with its interval and its probe", () => {
    const text = profileTable(aProfile(), options);
    expect(text).toMatch(/^123456789012-eu-west-1 · fitted to 1 probe · the rest is of platform 2026$/m);
    expect(text).toMatch(/│ mapping\.overheadMs +│ +100 │ +130 │ +125 – 136 │ batches │ +147 │/);
    expect(text).toContain("batches 20261123-093412-calibrate-batches-ab12 (2026-11-23)");
  });

  it("says which numbers stay the platform's, once for each reason", () => {
    expect(profileTable(aProfile(), options)).toMatch(
      /Not decided; the platform's number stays:\n- mapping\.longPollMs, mapping\.shrinkFactor: no probe shows it$/,
    );
    expect(profileTable(aProfile({ undecided: {} }), options)).not.toContain("Not decided");
  });

  it("says so when something else than AWS was measured", () => {
    expect(profileTable(aProfile(), options)).not.toContain("not at AWS");
    const emulated = aProfile({ endpoint: "http://127.0.0.1:4566" });
    expect(profileTable(emulated, options)).toContain("Measured at http://127.0.0.1:4566, not at AWS's own endpoints.");
  });

  it.each([50, 80, 120])("is no wider than %i columns", (columns) => {
    expect(widthOf(profileTable(aProfile(), { columns, colour: false }))).toBeLessThanOrEqual(columns);
  });
});

const record = aRecord({
  profile: {
    name: "123456789012-eu-west-1",
    endpoint: null,
    measuredAt: "2026-11-23T09:39:14.000Z",
    hash: "0123456789abcdef".repeat(4),
    constants: { "mapping.overheadMs": 130, "database.insertMedianMs": 20 },
  },
});

it.each([
  ["table", table([record], options)],
  ["Markdown", markdown.text([record], options, "")],
  ["page", pageOf([record])],
])("is named in the %s of a prediction that went by it", (_, text) => {
  expect(text).toContain("PREDICTION (local, platform 2026, profile 123456789012-eu-west-1, seed 1)");
  expect(text.replace(/\s+/g, " ")).toMatch(
    /2 of the model.*s numbers are those of the profile 123456789012-eu-west-1/,
  );
});

it("is named in the history of a scenario", () => {
  expect(history([record, aRecord()], { columns: 160, colour: false, details: false })).toContain(
    "local 2026 123456789012-eu-west-1",
  );
});
