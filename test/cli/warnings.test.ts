/** A user is warned of own settings before the run and in its record, and not of a shipped default. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { RunRecord, Warning } from "../../src/model.ts";
import { findScenario } from "../../src/scenarios/catalogue.ts";
import { openDatabase, type TestDatabase } from "../postgres/a-database.ts";
import { receives, work } from "../unit/scenarios/a-warning.ts";
import { aWorkplace } from "./throttle-bench.ts";

const whole = findScenario("scenario-4").templateBody;

let database: TestDatabase;
beforeAll(async () => {
  database = await openDatabase();
});
afterAll(() => database.close());

async function runWith(what: string, settings: readonly string[], template?: string) {
  const workplace = aWorkplace();
  if (template !== undefined) workplace.write(what, template);
  const flags = settings.flatMap((setting) => ["--set", setting]);
  const run = await workplace.run("run", what, "--events", "1", "--json", "--database-url", database.url, ...flags);
  const [record] = JSON.parse(run.stdout) as RunRecord[];
  return { workplace, ...run, record: record! };
}

describe("run", () => {
  it.each<[scenario: string, settings: string[], warnings: Warning[]]>([
    ["scenario-3", [], []],
    ["scenario-4", ["MaxReceiveCount=4"], [receives(4, "MaxReceiveCount")]],
  ])("of %s with %j warns as often as it should", async (scenario, settings, warnings) => {
    const { record, stderr } = await runWith(scenario, settings);
    expect(record.warnings).toEqual(warnings);
    const told = stderr.split("\n").filter((line) => line.startsWith(`warning: ${scenario}: `));
    expect(told).toHaveLength(warnings.length);
  });

  it("warns of all that a template of the user's says, before anything else is said", async () => {
    const template = whole.replace("maxReceiveCount: !Ref MaxReceiveCount", "maxReceiveCount: 1");
    const { record, stderr, workplace } = await runWith("mine.yaml", ["ConsumerTimeout=3", "BatchSize=10"], template);
    expect(record.warnings).toEqual([
      receives(1, "maxReceiveCount of Queue"),
      work(10, 1_000, 3, ["BatchSize", "WorkMs"]),
    ]);
    const sentences = [
      "Queue gives a message up after one receive, and AWS advises at least 5, because a throttle can use one up as a failure does; raise maxReceiveCount of Queue.",
      "10 × 1 s of work do not fit into 3 s, so that ConsumerFunction times out; raise ConsumerTimeout, or lower BatchSize or WorkMs.",
    ];
    expect(stderr.split("\n").slice(0, 2)).toEqual(sentences.map((sentence) => `warning: mine: ${sentence}`));
    const [text, page] = [await workplace.run("report"), await workplace.run("report", "--markdown")];
    for (const { stdout } of [text, page]) {
      const shown = stdout.replace(/\s+/g, " ");
      for (const sentence of sentences) expect(shown).toContain(sentence);
    }
  });

  it("warns not of a copy of a shipped template", async () => {
    const { record, stderr } = await runWith("copy.yaml", [], whole);
    expect(record.warnings).toEqual([]);
    expect(stderr).not.toContain("warning");
  });

  it("says of a visibility timeout what AWS advises", async () => {
    const { stderr } = await runWith("scenario-4", ["VisibilityTimeout=30", "MaximumBatchingWindow=2"]);
    expect(stderr).toMatch(
      /^warning: scenario-4: Queue hides a message for 30 s, and AWS advises at least 62 s, 6 times the function's timeout of 10 s and the batching window of 2 s: .*; raise VisibilityTimeout\.\n/,
    );
  });
});
