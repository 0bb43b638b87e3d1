/** `explore` writes one page with what was asked, opens nothing without a terminal, and refuses what it cannot write before it writes. */
import { readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import type { Explored } from "../../src/explore/question.ts";
import { shippedNames } from "../../src/scenarios/catalogue.ts";
import { aWorkplace, type Workplace } from "./throttle-bench.ts";
import { toyTemplate } from "./toy-template.ts";

function pageIn({ directory }: Workplace, path: string): { text: string; explored: Explored } {
  const text = readFileSync(join(directory, path), "utf8");
  return { text, explored: JSON.parse(/id="explored">(.*)<\/script>/.exec(text)![1]!) };
}

const names = ({ scenarios }: Explored) => scenarios.map(({ scenario }) => scenario.name);

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

  it("takes a template of the user's, which `run` finds by the command that the page prints", async () => {
    const workplace = aWorkplace();
    const mine = workplace.write("mine.yaml", toyTemplate);
    expect((await workplace.run("explore", mine, "--out", "page.html")).status).toBe(0);
    const [own] = pageIn(workplace, "page.html").explored.scenarios;
    expect(own).toMatchObject({ words: [mine], isShipped: false, scenario: { name: "mine" } });
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
