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
  ignored: null,
  account: { id: "123456789012", region: "eu-central-1" },
  vpc: null,
};

const stack = {
  id: "arn",
  name: "throttle-bench-a-run",
  producerFunction: "producer",
  producerReports: null,
  consumerFunction: "consumer",
  queue: null,
  deadLetterQueue: null,
  deadLetterRecorderFunction: null,
  consumerMapping: null,
  stream: null,
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

it("keeps which spikes had begun, for the process that goes on", async () => {
  const directory = mkdtempSync(join(tmpdir(), "journals-"));
  try {
    const store = new JournalStore(directory);
    const spikes = { count: 3, everyMs: 600_000 };
    const journal = await store.begin({ ...run, spikes });
    expect(journal.spikes.begun).toEqual([]);
    await journal.step("deploy", async () => ({ ...stack, events: [] }));
    const ended = journal.step("fire", async () => {
      await journal.spikes.begin({ spike: 1, at: 10_000 });
      await journal.spikes.begin({ spike: 2, at: 610_000 });
      throw new Error("The process ended.");
    });
    await expect(ended).rejects.toThrow("The process ended.");
    const left = await store.load("a-run");
    expect(left).toMatchObject({ reached: "deploy", hasFired: true, header: { spikes } });
    expect(left.journal.spikes.begun).toEqual([
      { spike: 1, at: 10_000 },
      { spike: 2, at: 610_000 },
    ]);
    // The step is not done again, but gone on with.
    const burst = { published: 0, failed: 0, firstSentAt: null, lastSentAt: null, shards: [] };
    const again = () => Promise.reject(new Error("fired again"));
    expect(await left.journal.step("fire", again, async () => burst)).toEqual(burst);
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
});
