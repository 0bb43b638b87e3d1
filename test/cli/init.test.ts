/** A newcomer gets a scenario that runs as it is, and loses none that is there. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { readScenario } from "../../src/scenarios/scenario.ts";
import { startingScenario } from "../../src/scenarios/starting-scenario.ts";
import { aWorkplace } from "./throttle-bench.ts";

describe("init alone", () => {
  it("prints at most 60 lines, which `--out` writes to the byte and `show` reads back", async () => {
    const workplace = aWorkplace();
    const { stdout, stderr, status } = await workplace.run("init");
    expect({ status, stderr, stdout }).toEqual({ status: 0, stderr: "", stdout: startingScenario() });
    expect(stdout.split("\n").length).toBeLessThanOrEqual(61);
    expect(await workplace.run("init", "--out", "mine.yaml")).toEqual({
      status: 0,
      stdout: "",
      stderr: "Wrote mine.yaml.\n",
    });
    expect(readFileSync(join(workplace.directory, "mine.yaml"), "utf8")).toBe(stdout);
    const shown = await workplace.run("show", "./mine.yaml");
    expect(shown.stdout).toContain("My way of throttling");
  });

  it("keeps the limit and its claims as it is, and with more concurrency breaks the limit", async () => {
    const workplace = aWorkplace();
    await workplace.run("init", "--out", "mine.yaml");
    const swept = await workplace.run(
      ...["sweep", "./mine.yaml", "--set", "MaximumConcurrency=2,3,5", "--events", "200", "--repeat", "1", "--json"],
    );
    const { cells } = JSON.parse(swept.stdout) as { cells: { standing: string }[] };
    expect(cells.map(({ standing }) => standing)).toEqual(["keeps", "breaks", "breaks"]);
  });

  it("names settings that its parts have, so that no comment is about nothing", () => {
    const { template } = readScenario("mine", "mine.yaml", startingScenario());
    const named = [...startingScenario().matchAll(/--set (\w+)=/g)].map(([, name]) => name);
    const known = template.parameters.map(({ name }) => name);
    expect(named.filter((name) => !known.includes(name!))).toEqual([]);
  });

  it("never overwrites without --force, and writes what verbs take", async () => {
    const workplace = aWorkplace();
    workplace.write("mine.yaml", "mine");
    const refused = await workplace.run("init", "--out", "mine.yaml");
    expect(refused).toEqual({
      status: 2,
      stdout: "",
      stderr: "error: mine.yaml is there already; give another --out, or add --force to overwrite it.\n",
    });
    expect((await workplace.run("init", "--out", "mine.txt")).status).toBe(2);
    expect((await workplace.run("init", "--force")).stderr).toContain("--force goes with --out");
    expect(readFileSync(join(workplace.directory, "mine.yaml"), "utf8")).toBe("mine");
    expect((await workplace.run("init", "--out", "mine.yaml", "--force")).status).toBe(0);
    expect(readFileSync(join(workplace.directory, "mine.yaml"), "utf8")).toBe(startingScenario());
  });
});
