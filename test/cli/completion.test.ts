/** Completion in a shell: asked for as its script asks, and in bash itself; `test/slow/completion.test.ts` has the other shells. */
import { execFileSync } from "node:child_process";
import { describe, expect, it } from "vitest";
import { shippedScenarios } from "../../src/scenarios/catalogue.ts";
import { scenarioTitles } from "../../src/scenarios/titles.ts";
import { has, lines, withProgram } from "./shells.ts";
import { twoPaths } from "./their-template.ts";
import { aWorkplace, onDatabase } from "./throttle-bench.ts";

async function completed(...typed: string[]): Promise<string[]> {
  const { status, stdout, stderr } = await aWorkplace().run("__complete", ...typed);
  expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
  return stdout.split("\n").flatMap((line) => line.split("\t")[0] || []);
}

describe("a shell is told", () => {
  it.each([
    [["ru"], ["run"]],
    [
      ["help", "com"],
      ["compare", "completion"],
    ],
    [["--verbose", "cali"], ["calibrate"]],
    [
      ["database", ""],
      ["url", "up", "status", "down"],
    ],
    [
      ["completion", ""],
      ["bash", "zsh", "fish"],
    ],
    [
      ["run", "scenario-4", "sqs-reserved"],
      ["sqs-reserved-1-short", "sqs-reserved-1", "sqs-reserved-5"],
    ],
    [["run", "scenario-4", "scenario-4"], [":files"]],
    [["run", "./mi"], [":files"]],
    [["show", "mo"], ["model"]],
    [["show", "model", ""], []],
    [["run", "al"], ["all"]],
    [["run", "scenario-4", "--tar"], ["--target"]],
    [
      ["run", "scenario-4", "--target", ""],
      ["local", "aws"],
    ],
    [["run", "scenario-4", "--target=l"], ["--target=local"]],
    [["run", "scenario-4", "--target", "local", "--tar"], []],
    [["run", "scenario-4", "--no-w"], ["--no-wait"]],
    [["run", "scenario-4", "--events", ""], []],
    [["run", "scenario-4", "--", "--tar"], [":files"]],
    [["run", "scenario-5", "--set", "MaxReceive"], ["MaxReceiveCount="]],
    [["run", "kinesis-one-shard", "--set", "MaxReceive"], []],
    [
      ["run", "scenario-5", "--set", "WhenRefused=r"],
      ["WhenRefused=report", "WhenRefused=return"],
    ],
    [["run", "--assume", "database.c"], ["database.connectMs="]],
    [["compare", "--threshold", "failed"], ["failed="]],
    [["compare", "--config", "thr"], [":files"]],
    [["nowhere", ""], []],
  ])("behind %j: %j", async (typed, words) => {
    expect(await completed(...typed)).toEqual(words);
  });

  it("every verb that help lists, and every flag that the verb's help lists", async () => {
    const help = async (...verb: string[]) => (await aWorkplace().run(...verb, "--help")).stdout;
    const verbs = [...(await help()).matchAll(/^ {2}([a-z]+)(?: \[.*?\])* {2,}/gm)].map(([, verb]) => verb!);
    expect((await completed("")).sort()).toEqual(verbs.sort());
    for (const verb of ["run", "compare", "nightly", "list"]) {
      const flags = [...(await help(verb)).matchAll(/^ {2}(?:-\w, )?(--[a-z-]+)/gm)].map(([, flag]) => flag!);
      expect((await completed(verb, "--")).sort()).toEqual([...new Set(flags)].sort());
    }
  });

  it("runs by their ids, and scenarios by their names", async () => {
    const workplace = aWorkplace();
    await workplace.run("run", "scenario-1", "--events", "1", "--run-id", "mine", ...(await onDatabase()));
    const { stdout } = await workplace.run("__complete", "report", "");
    expect(stdout.split("\n").map((line) => line.split("\t")[0])).toEqual(
      expect.arrayContaining(["latest", "mine", "sns-direct"]),
    );
  });
});

it("knows name, alias and title of every scenario without reading its template", () => {
  const known = shippedScenarios().map(({ name, alias, title }) => ({ name, alias, title }));
  expect(scenarioTitles().sort((one, other) => (one.name < other.name ? -1 : 1))).toEqual(
    known.sort((one, other) => (one.name < other.name ? -1 : 1)),
  );
});

it("refuses a shell that it has no script for", async () => {
  const { status, stderr } = await aWorkplace().run("completion", "tcsh");
  expect(status).toBe(2);
  expect(stderr).toContain('The shell "tcsh" is not known; give bash or zsh or fish.');
});

it.skipIf(!has("bash"))("completes in bash, and evaluates nothing of the line", () => {
  const { directory, environment, files } = withProgram();
  const ask = Object.keys(lines).map(
    (line) => `COMP_LINE='${line}' COMP_POINT=${line.length}; _throttle_bench throttle-bench; echo "\${COMPREPLY[*]}"`,
  );
  const script = ["set -u", "source <(throttle-bench completion bash)", ...ask].join("\n");
  const said = execFileSync("bash", ["--norc", "-c", script], { cwd: directory, env: environment, encoding: "utf8" });
  expect(
    said
      .trimEnd()
      .split("\n")
      .map((line) => line.split(" ").sort()),
  ).toEqual(Object.values(lines));
  expect(files()).toEqual(["throttle-bench"]);
});

it("A shell is told the functions of a template of somebody's own, by `--from` or by its path, and none of a file that cannot be read", async () => {
  const workplace = aWorkplace();
  workplace.write("theirs.yaml", twoPaths);
  workplace.write("broken.yaml", "Resources: [");
  const words = async (...typed: string[]) => (await workplace.run("__complete", ...typed)).stdout.trim().split("\n");
  expect(await words("init", "--from", "theirs.yaml", "--function", "")).toEqual([
    "Worker\tSQS Jobs → Lambda Worker",
    "Mailer\tSQS Mails → Lambda Mailer",
  ]);
  expect(await words("recommend", "--from=theirs.yaml", "--function=W")).toEqual([
    "--function=Worker\tSQS Jobs → Lambda Worker",
  ]);
  expect(await words("run", "./theirs.yaml", "--function", "Ma")).toEqual(["Mailer\tSQS Mails → Lambda Mailer"]);
  expect(await words("init", "--from", "broken.yaml", "--function", "")).toEqual([""]);
  expect(await words("init", "--function", "")).toEqual([""]);
});
