/** A journal that an earlier version has begun is gone on with. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import { type JournalHeader, JournalStore } from "../../../src/records/journal.ts";

const run: JournalHeader = {
  journalVersion: 1,
  runId: "a-run",
  startedAt: "2026-11-26T10:00:00.000Z",
  scenario: { name: "scenario-4", file: "scenario-4.yaml", templateBody: "Resources: {}\n" },
  settings: {},
  expected: { limit: null, maxLoss: null, maxWait: { allowedMs: 1_000, origin: "flag" }, claims: ["keeps-limit"] },
  events: 10,
  timeoutMs: 1_000,
  waitForMetrics: true,
  keep: false,
  warnings: [],
  account: { id: "123456789012", region: "eu-central-1" },
  vpc: null,
};

it.each<[string, (expected: JournalHeader["expected"]) => object | undefined, JournalHeader["expected"]]>([
  ["with its claims", (expected) => expected, run.expected],
  ["without claims", ({ claims: _, ...earlier }) => earlier, { ...run.expected, claims: null }],
  ["without expectations", () => undefined, { limit: null, maxLoss: null, maxWait: null, claims: null }],
])("is read %s", async (_, written, read) => {
  const directory = mkdtempSync(join(tmpdir(), "journals-"));
  try {
    const store = new JournalStore(directory);
    await store.begin(run);
    const file = join(directory, "a-run.jsonl");
    const header = JSON.parse(readFileSync(file, "utf8"));
    writeFileSync(file, `${JSON.stringify({ ...header, expected: written(header.expected) })}\n`);
    expect((await store.load("a-run")).header.expected).toEqual(read);
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
});
