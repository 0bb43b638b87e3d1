/** The verb `recommend`: a small question through the command line, what it writes, and how it ends. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { aWorkplace, onDatabase } from "./throttle-bench.ts";

/** Answered within a second or two. */
const small = ["--limit", "1/s", "--spike", "5/s", "--for", "4s", "--effort", "30", "--workers", "1"];
const holding = [...small, "--ways", "fifo-one-group,sns-direct", "--max-wait", "5m"];
const nothing = [...small, "--ways", "sns-direct"];

describe("an answer", () => {
  it("comes first, and is kept by a run of the written template, by the command that is printed", async () => {
    const workplace = aWorkplace();
    workplace.write("mine.yaml", "to be overwritten");
    const flags = ["--out", "mine.yaml", "--force", "--html", "answer.html", "--svg", "answer.svg"];
    const { status, stdout } = await workplace.run("recommend", ...holding, ...flags);
    expect(status).toBe(0);
    expect(stdout).toMatch(
      /^Recommendation · PREDICTION \(local, platform 2026, seed 1\)\n. Use fifo-one-group \(SNS FIFO →\s+SQS FIFO → Lambda\) with /,
    );
    expect(stdout.replace(/\s+/g, " ")).toMatch(/✗ sns-direct: .*over the limit of 1\/s/);
    const read = (file: string) => readFileSync(join(workplace.directory, file), "utf8");
    expect(read("answer.svg")).toMatch(/^<svg /);
    expect(read("answer.html")).toMatch(/^<!doctype html>/);
    expect(read("mine.yaml")).toMatch(/^# The answer of throttle-bench to:\n/);

    const [, words] = /throttle-bench (run mine\.yaml .*)/.exec(stdout.replace(/ \\\n */g, " ")) ?? [];
    expect(words).toBe("run mine.yaml --rate 5/s --for 4s --limit 1/s --max-loss 0 --max-wait 5m");
    const run = await workplace.run(...words!.split(" "), "--json", ...(await onDatabase()));
    expect(run.status).toBe(0);
    const [record] = JSON.parse(run.stdout);
    expect(record).toMatchObject({
      scenario: "mine",
      summary: { totalEvents: 20, eventsCompleted: 20 },
      verdict: { limit: { limit: "1/s", status: "kept" }, loss: { failed: 0, missing: 0 }, broken: [] },
    });
  });

  it("ends with status 1 where nothing holds, and writes no template then", async () => {
    const workplace = aWorkplace();
    const { status, stdout, stderr } = await workplace.run("recommend", ...nothing, "--out", "mine.yaml", "--markdown");
    expect(status).toBe(1);
    expect(stdout).toMatch(/^### Recommendation\n.*\*\*✗ Nothing holds\. The nearest is /s);
    expect(stderr).toContain("Nothing holds, so that nothing was written to mine.yaml.");
    expect(workplace.files()).toEqual([]);
  });
});

it("keeps a way whose answers come too late for EventBridge, because nothing is lost, and tells of the calls that repeat", async () => {
  const late = ["--limit", "1/s", "--spike", "5/s", "--for", "2s", "--work", "6s", "--effort", "100", "--workers", "1"];
  const { status, stdout } = await aWorkplace().run("recommend", ...late, "--ways", "api-destination");
  expect(status).toBe(0);
  expect(stdout.replace(/\s+/g, " ")).toMatch(
    /Use api-destination .* loses nothing in .* USD a month\. EventBridge waits for an answer for 5 s, and an event takes up to 6 s: such an event is worked again\. That happens \d+ times before all events are completed, and goes on after it; neither the wait nor the cost has what comes later in it\./,
  );
});

describe("--out", () => {
  it("overwrites nothing unless it is told so, and says so before it searches", async () => {
    const workplace = aWorkplace();
    workplace.write("mine.yaml", "mine");
    expect(await workplace.run("recommend", ...holding, "--out", "mine.yaml")).toEqual({
      status: 2,
      stdout: "",
      stderr: "error: mine.yaml is there already; give another --out, or add --force to overwrite it.\n",
    });
    expect(readFileSync(join(workplace.directory, "mine.yaml"), "utf8")).toBe("mine");
  });

  it("is refused where `run` would not take the file", async () => {
    const { status, stderr } = await aWorkplace().run("recommend", ...holding, "--out", "mine.txt");
    expect({ status, stderr }).toEqual({
      status: 2,
      stderr: 'error: --out "mine.txt" is no name that `run` takes; end it in .yaml, such as mine.yaml.\n',
    });
  });
});

describe("a question in a file", () => {
  it.each([
    [
      "a unit that is missing",
      "limit: 1/s\nspike: 50\n",
      'question.yaml, line 2: spike "50" has no unit; write 50/s or 50/m.',
    ],
    [
      "a field that there is not",
      "limit: 1/s\nmax-wait: 3m\n",
      'question.yaml, line 2: "max-wait" is no field of a question; did you mean maxWait?',
    ],
    [
      "a field without a value",
      "limit:\n",
      "question.yaml, line 1: limit has no value; give <n/unit>, or leave the field out.",
    ],
    ["no fields", "- 1/s\n", "question.yaml holds no question; write fields such as limit: 1/s, one a line."],
    ["a field twice", "limit: 1/s\nlimit: 2/s\n", "question.yaml, line 2: Map keys must be unique; mend that."],
    ["a second question", "limit: 1/s\n---\nlimit: 2/s\n", "question.yaml holds several questions; ask one at a time."],
    ["broken YAML", "limit: [1/s\n", "question.yaml, line 2 is neither YAML nor JSON; mend that."],
  ])("is refused with the place of %s", async (_, content, message) => {
    const workplace = aWorkplace();
    workplace.write("question.yaml", content);
    const { status, stdout, stderr } = await workplace.run("recommend", "question.yaml");
    expect({ status, stdout }).toEqual({ status: 2, stdout: "" });
    expect(stderr).toBe(`error: ${message}\n`);
  });

  it("that is not there is refused", async () => {
    expect(await aWorkplace().run("recommend", "none.yaml")).toMatchObject({
      status: 2,
      stderr: expect.stringMatching(/^error: The question none\.yaml cannot be read \(.*\); check the path\.\n$/),
    });
  });
});

it("explains itself without flags", async () => {
  expect(await aWorkplace().run("recommend")).toEqual({
    status: 2,
    stdout: "",
    stderr: [
      "error: To recommend anything, parts of the question are missing; give:",
      "  --limit  how many calls the downstream takes in any second or minute, such as 1/s or 30/m",
      "  --spike  how many events come in a spike, such as 50/s",
      "  --for    how long a spike lasts, such as 20s",
      "Example: throttle-bench recommend --limit 1/s --spike 50/s --for 20s",
      "`throttle-bench help recommend` has the rest.",
      "",
    ].join("\n"),
  });
});

it("refuses an unknown way, and --force without --out", async () => {
  const workplace = aWorkplace();
  const asked = ["recommend", "--limit", "1/s", "--spike", "5/s", "--for", "4s"];
  expect((await workplace.run(...asked, "--ways", "fifo-one-grup")).stderr).toContain("did you mean fifo-one-group?");
  expect(await workplace.run(...asked, "--force")).toMatchObject({
    status: 2,
    stderr: expect.stringContaining("--out"),
  });
});
