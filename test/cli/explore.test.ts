/** `explore` writes one page with what was asked, opens nothing without a terminal, and refuses what it cannot write before it writes. */
import { readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import type { Explored } from "../../src/explore/question.ts";
import { findScenario, shippedNames } from "../../src/scenarios/catalogue.ts";
import { theirTemplate } from "./their-template.ts";
import { aWorkplace, type Workplace } from "./throttle-bench.ts";
import { toyTemplate } from "./toy-template.ts";

function pageIn({ directory }: Workplace, path: string): { text: string; explored: Explored } {
  const text = readFileSync(join(directory, path), "utf8");
  return { text, explored: JSON.parse(/id="explored">(.*)<\/script>/.exec(text)![1]!) };
}

const names = ({ scenarios }: Explored) => scenarios.map(({ name }) => name);

describe("explore", () => {
  it("writes a page of all scenarios beside what else is ours, closed to others, and prints where it is", async () => {
    const workplace = aWorkplace();
    const { status, stdout } = await workplace.run("explore");
    expect(status).toBe(0);
    expect(stdout).toBe(".throttle-bench/explore.html\n");
    expect(names(pageIn(workplace, stdout.trim()).explored)).toEqual(shippedNames());
    expect(statSync(join(workplace.directory, ".throttle-bench")).mode & 0o077).toBe(0);
  });

  it("has the scenarios that are named, the numbers that are given, and no path of this machine", async () => {
    const workplace = aWorkplace();
    const { status } = await workplace.run(
      ...["explore", "sqs-reserved-1", "scenario-5", "--limit", "5/s", "--seed", "9"],
      ...["--assume", "database.connectMs=40", "--out", "public/index.html"],
    );
    expect(status).toBe(0);
    const { text, explored } = pageIn(workplace, "public/index.html");
    expect(names(explored)).toEqual(["scenario-4", "scenario-5"]);
    expect(explored.model).toMatchObject({ seed: 9, constants: { "database.connectMs": 40 } });
    expect(text).toContain('"limit":"5/s"');
    expect(text).not.toContain(process.cwd());
    expect(text).not.toContain(workplace.directory);
  });

  it("takes a template of the user's and one that is lifted, by the words that `run` takes them by", async () => {
    const workplace = aWorkplace();
    const mine = workplace.write("mine.yaml", findScenario("scenario-4").templateBody);
    const theirs = workplace.write("theirs.yaml", theirTemplate);
    const { status } = await workplace.run(
      ...["explore", mine, theirs, "--parameters", "Stage=prod", "Batch=1", "--out", "page.html"],
    );
    expect(status).toBe(0);
    expect(pageIn(workplace, "page.html").explored.scenarios).toMatchObject([
      { name: "mine", words: [mine], isShipped: false },
      { words: [theirs, "--parameters", "Stage=prod", "--parameters", "Batch=1"], isShipped: false },
    ]);
  });

  it("tells the faults of a template before it writes, as `run` does", async () => {
    const workplace = aWorkplace();
    const toy = workplace.write("toy.yaml", toyTemplate);
    const explored = await workplace.run("explore", toy);
    expect(explored.status).toBe(2);
    expect(explored.stderr).toBe((await workplace.run("run", toy)).stderr);
    expect(workplace.files()).toEqual([toy]);
  });

  it.each([
    ["a scenario that there is not", ["scenario-99"]],
    ["a directory in the page's place", ["--out", "."]],
    ["a limit that is none", ["--limit", "fast"]],
    ["a number that the model has not", ["--assume", "banana=1"]],
  ])("refuses %s, and writes nothing", async (_, words) => {
    const workplace = aWorkplace();
    const { status, stdout, stderr } = await workplace.run("explore", ...words);
    expect(status).toBe(2);
    expect(stdout).toBe("");
    expect(stderr).toMatch(/^error: .+[.?]\n$/);
    expect(workplace.files()).toEqual([]);
  });
});
