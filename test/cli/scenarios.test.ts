/** `list` and `show`. */
import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { aWorkplace } from "./throttle-bench.ts";
import { toyTemplate } from "./toy-template.ts";

const shipped = ["scenario-1", "scenario-2", "scenario-3", "scenario-4", "scenario-5"];

it("lists the shipped scenarios with their paths, the settings that set them apart, and their published results", async () => {
  const { status, stdout, stderr } = await aWorkplace().run("list");
  const rows = stdout.split(/\n├.*\n/).slice(1);
  expect(rows.map((row) => /scenario-\d/.exec(row)![0])).toEqual(shipped);
  expect(rows[2]).toContain("SNS → SQS → Lambda");
  expect(rows[2]).toContain("VisibilityTimeout=10,");
  expect(rows[2]).toContain("895 of 1000");
  expect(rows[2]).toContain("in 1254 s");
  expect(stdout).not.toMatch(/LogRetentionDays|DatabaseUrl/);
  expect(Math.max(...stdout.split("\n").map((line) => [...line].length))).toBeLessThanOrEqual(100);
  expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
});

it("lists them as JSON too", async () => {
  const list = JSON.parse((await aWorkplace().run("list", "--json")).stdout);
  expect(list.map(({ name }: { name: string }) => name)).toEqual(shipped);
  expect(list[2]).toMatchObject({ topology: ["SNS", "SQS", "Lambda"], published: { eventsCompleted: 895 } });
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

it("shows a published result with its source and notes", async () => {
  const { stdout } = await aWorkplace().run("show", "scenario-3");
  expect(stdout).toMatch(/Published result \(.*AWS of\s+2020\)/s);
  expect(stdout).toMatch(/│ 1000 +│ 895 +│ 105 +│ 1254 s +│ 1 +│ 1 · 1 · 1 +│/);
  expect(stdout).toMatch(/^\* One run\./m);
});

it("prints a template byte for byte", async () => {
  const template = readFileSync(new URL("../../infra/scenarios/scenario-4.yaml", import.meta.url), "utf8");
  expect((await aWorkplace().run("show", "scenario-4", "--template")).stdout).toBe(template);
});

it("shows a scenario as JSON, its settings without the harness's own parameter", async () => {
  const workplace = aWorkplace();
  const shown = JSON.parse((await workplace.run("show", workplace.write("toy.yaml", toyTemplate), "--json")).stdout);
  expect(shown).toMatchObject({ name: "toy", title: "a toy", published: null });
  expect(shown.settings.map(({ name }: { name: string }) => name)).toEqual(["WorkMs", "Mode"]);
  expect(shown.templateHash).toMatch(/^[0-9a-f]{64}$/);
});
