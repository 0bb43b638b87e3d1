/** Hostile texts in a record are texts in every report: no report lets them drive a terminal, or turn the order of letters. */
import { expect, it } from "vitest";
import { printableInColour } from "../../../src/printable.ts";
import { table } from "../../../src/reports/formats/table.ts";
import { history } from "../../../src/reports/history.ts";
import { csv, html, json, junit, markdown } from "../../../src/reports/reports.ts";
import { aRecord } from "../records/a-record.ts";

const hostile = "a\u{1b}[2J\u{1b}]0;x\u{7}\u{9b}31m\u{202e}b\u{2066}\n# c | d @e <script>alert(1)</script>";
const record = aRecord({
  scenario: hostile,
  title: hostile,
  topology: [hostile, "SQS"],
  runId: hostile,
  cleanUp: hostile,
  settings: { [hostile]: hostile },
  errors: [{ cause: "thrown", count: 1, firstMessage: hostile }],
});
const options = { columns: 80, colour: false, details: true };
const drives = /[\p{Cc}\u{202a}-\u{202e}\u{2066}-\u{2069}]/u;

it.each([
  ["the table", table([record], options)],
  ["the history", history([record, record], options)],
  ["Markdown", markdown.text([record], options, "")],
  ["JUnit", junit.text([record], options, "")],
  ["JSON", json.text([record], options, "")],
  ["CSV", csv.text([record], options, "")],
])("%s", (_, text) => {
  const printed = printableInColour(text);
  expect(printed.replace(/[\n\t]/g, "")).not.toMatch(drives);
});

it("Markdown, JUnit and the page hold none of it as markup", async () => {
  const [page] = await html.files([record], "page.html");
  for (const text of [junit.text([record], options, ""), String(page!.content)]) {
    expect(text).not.toContain("<script>alert(1)");
    expect(text.replace(/[\n\t]/g, "")).not.toMatch(drives);
  }
  const lines = markdown.text([record], options, "").split("\n");
  expect(lines.filter((line) => /^# c|[^\\]\| d @|<script>alert/.test(line))).toEqual([]);
});
