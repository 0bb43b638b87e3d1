/** `list` and `show`. */
import { createHash } from "node:crypto";
import { mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import type { Way } from "../../src/metrics/ways.ts";
import { findScenario, shippedNames } from "../../src/scenarios/catalogue.ts";
import { aRecord } from "../unit/records/a-record.ts";
import { aWorkplace, onDatabase } from "./throttle-bench.ts";
import { toyTemplate } from "./toy-template.ts";

it("lists the shipped scenarios with both names, what they are, and when to use them, in a few lines each", async () => {
  const { status, stdout, stderr } = await aWorkplace().run("list");
  const rows = stdout.split(/\n├.*\n/).slice(1);
  expect(rows).toHaveLength(shippedNames().length);
  for (const [index, name] of shippedNames().entries()) expect(rows[index]).toContain(name);
  expect(rows[2]).toContain("sqs-reserved-1-short");
  const { title, whenToUse } = findScenario("scenario-3");
  for (const words of [title, whenToUse!].flatMap((text) => text.split(" "))) expect(rows[2]).toContain(words);
  for (const row of rows) expect(row.split("\n").length).toBeLessThanOrEqual(7);
  expect(Math.max(...stdout.split("\n").map((line) => [...line].length))).toBeLessThanOrEqual(100);
  expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
});

it("lists them as JSON too", async () => {
  const list = JSON.parse((await aWorkplace().run("list", "--json")).stdout);
  expect(list.map(({ name }: { name: string }) => name)).toEqual(shippedNames());
  expect(list[2]).toMatchObject({
    alias: "sqs-reserved-1-short",
    topology: ["SNS", "SQS", "Lambda"],
    published: { eventsCompleted: 895 },
  });
});

it("compares what each does to a burst: whatever is in the catalogue, and a template of the user's", async () => {
  const workplace = aWorkplace();
  workplace.write("mine.yaml", (await workplace.run("show", "scenario-5", "--template")).stdout);
  const { status, stdout, stderr } = await workplace.run(
    ...["list", "--compare", "all", "./mine.yaml", "--events", "4", "--repeat", "2", "--seed", "7", "--json"],
    ...["--limit", "100/s", "--set", "WorkMs=100", "--assume", "database.insertMedianMs=900"],
  );
  expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
  const ways = JSON.parse(stdout) as Way[];
  expect(ways.map(({ name }) => name).sort()).toEqual(["mine", ...shippedNames()].sort());
  const [theirs, mine] = ["scenario-5", "mine"].map((name) => ways.find((way) => way.name === name)!);
  expect(mine!.figures).toEqual(theirs!.figures);
  expect(mine!.runs).toMatchObject({ kind: "prediction", seeds: [7, 8], ranges: true, events: 4 });
  expect(mine!.verdict.limit).toMatchObject({ limit: "100/s", status: "kept" });
  // An insert takes 0.9 s at its median, and the work a tenth.
  expect(mine!.figures.timeTakenSeconds!.median).toBeGreaterThan(0.9);
  expect(workplace.files()).toEqual(["mine.yaml"]);
});

it("prints the comparison as a table", async () => {
  const { status, stdout } = await aWorkplace().run("list", "--compare", "scenario-5", "--events", "4");
  expect(status).toBe(0);
  expect(stdout).toMatch(/^1 way of throttling · PREDICTION \(local, platform 2026, seeds 1-10\)\n┌/);
  expect(stdout).toContain("│ sqs-reserved-5 │");
});

it.each([
  [["--repeat", "3"], "--repeat goes with --compare; add that, or leave it out."],
  [["--markdown"], "--markdown goes with --compare; add that, or leave it out."],
  [["--workers", "3"], "--workers goes with --compare; add that, or leave it out."],
  [["--compare", "--workers", "0"], "--workers"],
  [["--compare", "--markdown", "--json"], "give one of them"],
  [["--compare", "--set", "NoSuch=1"], "has no setting NoSuch"],
  [["--compare", "--assume", "nothing=1"], "is no number of the model"],
])("refuses `list %s`", async (args, reason) => {
  const { status, stdout, stderr } = await aWorkplace().run("list", ...args);
  expect({ status, stdout }).toEqual({ status: 2, stdout: "" });
  expect(stderr).toContain(reason);
});

it("shows everything that a template says of itself", async () => {
  const workplace = aWorkplace();
  const { status, stdout, stderr } = await workplace.run("show", workplace.write("toy.yaml", toyTemplate));
  expect(stdout).toBe(`toy · a toy
Path: SNS → Lambda

It shows what a template has to have.

+ small
- useless

Settings (change one with --set Name=value)
  WorkMs = 5 (0 to 100)
    Milliseconds for each event.
  Mode = fast (fast or slow)

There is no published result.
`);
  expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
});

it("shows when to use a scenario, and what it promises", async () => {
  const { stdout } = await aWorkplace().run("show", "scenario-2");
  expect(stdout).toContain("\nWhen to use it: When neither order nor half an hour's wait matters, ");
  expect(stdout).toContain("\nClaims: loses-nothing, keeps-limit.\n");
  const [, ...others] = JSON.parse((await aWorkplace().run("list", "--json")).stdout);
  expect(others[0]).toMatchObject({ limit: "1/s", claims: ["loses-nothing", "keeps-limit"] });
  expect(others[0].whenToUse).toMatch(/^When /);
});

it("shows a published result with its source and notes", async () => {
  const { stdout } = await aWorkplace().run("show", "scenario-3");
  expect(stdout).toMatch(/Published result \(.*AWS of\s+2020\)/s);
  expect(stdout).toMatch(/│ 1000 +│ 895 +│ 105 +│ 1254 s +│ 1 +│ 1 · 1 · 1 +│/);
  expect(stdout).toMatch(/^\* One run\./m);
});

it("shows a scenario by its alias, under both names", async () => {
  const { stdout } = await aWorkplace().run("show", "sqs-reserved-5");
  expect(stdout).toMatch(/^scenario-5 \(sqs-reserved-5\) · SNS to SQS to Lambda, reserved concurrency 5/);
});

it("prints a whole template, whose copy has the same hash and no published result", async () => {
  const workplace = aWorkplace();
  const printed = (await workplace.run("show", "scenario-4", "--template")).stdout;
  const file = workplace.write("mine.yaml", printed);
  const hash = createHash("sha256").update(printed).digest("hex");
  for (const [scenario, published] of [
    ["scenario-4", expect.anything()],
    [file, null],
  ]) {
    const shown = JSON.parse((await workplace.run("show", scenario, "--json")).stdout);
    expect(shown).toMatchObject({ templateHash: hash, published });
  }
  expect((await workplace.run("show", file, "--template")).stdout).toBe(printed);
});

it.each([
  ["as it is", toyTemplate],
  ["without an end of line", toyTemplate.trimEnd()],
  ["with two", `${toyTemplate}\n`],
])("prints a template that is whole byte for byte: %s", async (_, text) => {
  const workplace = aWorkplace();
  expect((await workplace.run("show", workplace.write("toy.yaml", text), "--template")).stdout).toBe(text);
});

it("runs a changed copy of a scenario's own file without what was published of the scenario", async () => {
  const workplace = aWorkplace();
  const text = readFileSync(new URL("../../infra/scenarios/scenario-4.yaml", import.meta.url), "utf8");
  const file = workplace.write("mine.yaml", text.replace("    Default: 120\n", "    Default: 60\n"));
  const { stdout } = await workplace.run(
    "run",
    file,
    "sqs-reserved-1",
    "--events",
    "5",
    "--json",
    ...(await onDatabase()),
  );
  const [own, shipped] = JSON.parse(stdout);
  expect(own).toMatchObject({
    scenario: "mine",
    published: null,
    caveats: expect.not.arrayContaining([expect.objectContaining({ code: "events-differ" })]),
  });
  expect(shipped).toMatchObject({ scenario: "scenario-4", published: { eventsCompleted: 1000 } });
});

it("shows a scenario as JSON, its settings without the harness's own parameter", async () => {
  const workplace = aWorkplace();
  const shown = JSON.parse((await workplace.run("show", workplace.write("toy.yaml", toyTemplate), "--json")).stdout);
  expect(shown).toMatchObject({ name: "toy", title: "a toy", published: null });
  expect(shown.settings.map(({ name }: { name: string }) => name)).toEqual(["WorkMs", "Mode"]);
  expect(shown.templateHash).toMatch(/^[0-9a-f]{64}$/);
});

it.each([["history"], ["history", "--prune", "--keep", "0", "--dry-run"], ["report"], ["compare", "published"]])(
  "finds the records of a scenario by its alias: %s %s",
  async (verb, ...more) => {
    const workplace = aWorkplace();
    const runs = ".throttle-bench/runs";
    mkdirSync(join(workplace.directory, runs), { recursive: true });
    for (const record of [
      aRecord({ runId: "one", published: findScenario("scenario-4").published }),
      aRecord({ runId: "other", scenario: "scenario-1" }),
    ]) {
      workplace.write(`${runs}/${record.runId}.json`, JSON.stringify(record));
    }
    const byName = await workplace.run(verb, "scenario-4", ...more);
    expect(byName.stdout).toContain("one");
    expect(byName.stdout).not.toContain("other");
    expect(await workplace.run(verb, "sqs-reserved-1", ...more)).toEqual(byName);
  },
);

it("shows which resources of a template change no event", async () => {
  const alarm = "Resources:\n  Watch: { Type: AWS::CloudWatch::Alarm }\n";
  const workplace = aWorkplace();
  const file = workplace.write("toy.yaml", toyTemplate.replace("Resources:\n", alarm));
  const sentence = "Ignored, because they change no event: Watch (AWS::CloudWatch::Alarm).";
  expect((await workplace.run("show", file)).stdout).toContain(sentence);
  expect(JSON.parse((await workplace.run("show", file, "--json")).stdout).ignored.resources).toEqual([
    { logicalId: "Watch", type: "AWS::CloudWatch::Alarm", decides: null },
  ]);
});
