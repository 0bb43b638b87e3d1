/** The CI workflows pin their actions, call the command line with flags that it has, and keep what a night leaves. */
import { spawnSync } from "node:child_process";
import { chmodSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { aWorkplace, binary } from "./throttle-bench.ts";

interface Step {
  uses?: string;
  name?: string;
  run?: string;
  if?: string;
  with?: Record<string, string>;
}
type Workflow = { jobs: Record<string, { steps: Step[]; if?: string }> };

function read(name: string): Workflow {
  return parse(readFileSync(`.github/workflows/${name}.yml`, "utf8"));
}

function stepsOf(workflow: Workflow): Step[] {
  return Object.values(workflow.jobs).flatMap(({ steps }) => steps);
}

it.each(["ci", "nightly", "release"])("pins every action of %s by its major version", (name) => {
  const actions = stepsOf(read(name)).flatMap(({ uses }) => uses ?? []);
  expect(actions.length).toBeGreaterThan(1);
  for (const action of actions) expect(action).toMatch(/^[\w-]+\/[\w-]+@v\d+$/);
});

describe("the release", () => {
  const text = readFileSync(".github/workflows/release.yml", "utf8");
  const { jobs } = read("release") as { jobs: Record<string, { needs?: string; permissions?: object; steps: Step[] }> };

  it("publishes after the tests, with provenance, as whom OIDC proves it to be, and keeps no token", () => {
    expect(jobs.publish!.needs).toBe("test");
    expect(jobs.publish!.permissions).toEqual({ contents: "write", "id-token": "write" });
    expect(jobs.test!.permissions).toBeUndefined();
    expect(jobs.publish!.steps.map(({ run = "" }) => run).join("\n")).toMatch(/npm publish \S+\.tgz --provenance/);
    expect(text).not.toMatch(/secrets\.|NODE_AUTH_TOKEN|NPM_TOKEN/);
  });

  it("refuses a tag that is not the version", () => {
    const { version } = JSON.parse(readFileSync("package.json", "utf8"));
    const { run } = jobs.test!.steps.find(({ name }) => name === "The tag is the version")!;
    const statusWith = (TAG: string) => spawnSync("sh", ["-c", run!], { env: { PATH: process.env.PATH, TAG } }).status;
    expect([statusWith(`v${version}`), statusWith(version), statusWith("v9.9.9")]).toEqual([0, 1, 1]);
  });

  it("runs scripts that the package has", () => {
    const { scripts } = JSON.parse(readFileSync("package.json", "utf8"));
    const named = [...text.matchAll(/npm run ([\w:]+)/g)].map(([, name]) => name!);
    expect(named.length).toBeGreaterThan(1);
    for (const name of named) expect(scripts).toHaveProperty([name]);
  });
});

describe("the nightly", () => {
  const { jobs } = read("nightly");

  it("always runs the local job, and the account job only where its role is set", () => {
    expect(jobs.local!.if).toBeUndefined();
    expect(jobs.account!.if).toBe("vars.AWS_ROLE_ARN != ''");
  });

  it("calls verbs and flags that exist", () => {
    const calls = stepsOf({ jobs }).flatMap(({ run = "" }) => [...run.matchAll(/node bin\/throttle-bench\.js (.*)/g)]);
    expect(calls).toHaveLength(3);
    for (const [, call] of calls) {
      const [verb, ...rest] = call!.split(" ");
      const help = spawnSync(process.execPath, [binary, verb!, "--help"], { encoding: "utf8" }).stdout;
      const flags = rest.filter((word) => word.startsWith("--"));
      for (const flag of verb === "nightly" ? [...flags, "--accept"] : flags) expect(help).toContain(`${flag} `);
    }
  });

  it.each(["local", "account"])("keeps the JUnit cases of the %s nights, however they ended", (job) => {
    const { steps } = jobs[job]!;
    const call = steps.find(({ name }) => name === "Run and compare")!;
    expect(call.run).toMatch(/ --junit .*> nightly\.xml$/);
    const upload = steps.find((step) => step.with?.name === `junit-${job}`);
    expect(upload).toMatchObject({ if: "always()", with: { path: "nightly.xml" } });
  });

  it.each([
    ["goes on where there is no baseline yet", "", []],
    [
      "downloads the baseline of the run that has it",
      "4711",
      ["run download 4711 --name baseline-local --dir nightly"],
    ],
  ])("%s", (_, found, downloads) => {
    const workplace = aWorkplace();
    const fake = join(workplace.directory, "gh");
    const asked = join(workplace.directory, "asked");
    writeFileSync(fake, `#!/bin/sh\necho "$*" >> ${asked}\n[ "$1" = api ] && echo "${found}"\nexit 0\n`);
    chmodSync(fake, 0o755);
    const { run } = jobs.local!.steps.find(({ name }) => name === "Download the last baseline")!;
    const env = {
      PATH: `${workplace.directory}:${process.env.PATH}`,
      BASELINE: "baseline-local",
      GITHUB_REPOSITORY: "me/mine",
    };
    expect(spawnSync("bash", ["--norc", "-e", "-o", "pipefail", "-c", run!], { env, encoding: "utf8" })).toMatchObject({
      status: 0,
      stderr: "",
    });
    const calls = readFileSync(asked, "utf8").split("\n");
    expect(calls[0]).toContain("api repos/me/mine/actions/artifacts?name=baseline-local");
    expect(calls.filter((call) => call.startsWith("run "))).toEqual(downloads);
  });
});
