/** The formats and files of `report`, asked for on the command line. */
import { mkdirSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { aWorkplace, type Workplace } from "../../cli/throttle-bench.ts";
import { aRecord } from "../records/a-record.ts";

function aWorkplaceWithRuns(): Workplace {
  const workplace = aWorkplace();
  mkdirSync(join(workplace.directory, ".throttle-bench/runs"), { recursive: true });
  for (const scenario of ["scenario-3", "scenario-4"]) {
    const record = aRecord({ runId: `run-of-${scenario}`, scenario });
    workplace.write(`.throttle-bench/runs/${record.runId}.json`, JSON.stringify(record));
  }
  return workplace;
}

it.each([
  ["--markdown", /^## Summary\n/],
  ["--csv", /^scenario,run,second,inserts,deadLetters,overlap\nscenario-4,run-of-scenario-4,0,1,0,1\n/],
  ["--junit", /^<\?xml .*\n<testsuites name="throttle-bench" tests="2" failures="0"/],
  ["--benchmark=smaller", /^\[\n {2}\{\n {4}"name": "scenario-4 local 2026: Events Failed"/],
  ["--benchmark=bigger", /^\[\n {2}\{\n {4}"name": "scenario-4 local 2026: Events Completed"/],
])("prints the records with %s", async (flag, output) => {
  const { status, stdout, stderr } = await aWorkplaceWithRuns().run("report", "all", flag);
  expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
  expect(stdout).toMatch(output);
});

it("takes one format only", async () => {
  const workplace = aWorkplaceWithRuns();
  expect(await workplace.run("report", "--csv", "--benchmark", "bigger")).toMatchObject({
    status: 2,
    stdout: "",
    stderr: "error: --benchmark and --csv each choose the format of the output; give one of them.\n",
  });
  expect((await workplace.run("report", "--json", "--markdown", "--junit")).status).toBe(2);
});

it("names the values that --benchmark takes", async () => {
  expect(await aWorkplaceWithRuns().run("report", "--benchmark", "better")).toMatchObject({
    status: 2,
    stdout: "",
    stderr: 'error: --benchmark "better" is none of smaller, bigger; give one of them.\n',
  });
});

it("writes a picture of each run, names them, and prints no table", async () => {
  const workplace = aWorkplaceWithRuns();
  const { status, stdout, stderr } = await workplace.run(
    "report",
    "all",
    "--svg",
    "pictures/svg",
    "--png",
    "pictures/png",
  );
  expect({ status, stdout }).toEqual({ status: 0, stdout: "" });
  expect(stderr.split("\n")).toContain("Wrote pictures/png/run-of-scenario-3.png.");
  const files = (directory: string) => readdirSync(join(workplace.directory, directory)).sort();
  expect(files("pictures/svg")).toEqual(["run-of-scenario-3.svg", "run-of-scenario-4.svg"]);
  expect(files("pictures/png")).toEqual([
    "run-of-scenario-3-dark.png",
    "run-of-scenario-3.png",
    "run-of-scenario-4-dark.png",
    "run-of-scenario-4.png",
  ]);
  const png = readFileSync(join(workplace.directory, "pictures/png/run-of-scenario-3.png"));
  expect(png.subarray(1, 4).toString()).toBe("PNG");
  expect(png.readUInt32BE(16)).toBe(1920);
});

it("prints a format and writes pictures in one go", async () => {
  const workplace = aWorkplaceWithRuns();
  expect((await workplace.run("report", "--markdown", "--svg", ".")).stdout).toMatch(/^## scenario-4/);
  expect(workplace.files()).toContain("run-of-scenario-4.svg");
});

it("writes one page for all runs", async () => {
  const workplace = aWorkplaceWithRuns();
  expect(await workplace.run("report", "all", "--html", "pages/all.html")).toMatchObject({
    status: 0,
    stdout: "",
    stderr: "Wrote pages/all.html.\n",
  });
  const page = readFileSync(join(workplace.directory, "pages/all.html"), "utf8");
  expect(page).toMatch(/^<!doctype html>\n/);
  expect(page).toContain("throttle-bench: 2 runs");
});

it("says which file it could not write", async () => {
  const workplace = aWorkplaceWithRuns();
  workplace.write("taken", "");
  expect(await workplace.run("report", "--svg", "taken")).toMatchObject({
    status: 3,
    stderr: expect.stringMatching(/^error: taken\/run-of-scenario-4\.svg could not be written \(.*\)/),
  });
});
