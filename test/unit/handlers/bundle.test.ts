/** The bundles that are deployed: built with the package's own script, loaded as Lambda loads them, from a folder of their own. */
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

const root = new URL("../../..", import.meta.url).pathname;
const environment = {
  TOPIC_ARN: "arn:aws:sns:eu-west-1:000000000000:topic",
  PUBLISH_RATE: "0",
  DATABASE_URL: "postgres://127.0.0.1:1/nothing",
  WORK_MS: "0",
  GROUP: "consumer",
  AWS_REGION: "eu-west-1",
  AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: "true",
};

let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "throttle-bench-handlers-"));
  const { scripts } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
  const [, ...options] = scripts["build:handlers"].split(" ");
  const build = options.map((option: string) => (option.startsWith("--outdir=") ? `--outdir=${folder}` : option));
  const { status, stderr } = spawnSync(join(root, "node_modules/.bin/esbuild"), build, { cwd: root, encoding: "utf8" });
  expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Evaluates an expression over the exports of a bundle, in a Node of its own. */
function evaluate(name: string, expression: string, nodePath = "") {
  const script = `const bundle = require("./${name}.js"); Promise.resolve(${expression}).then(console.log, (e) => console.log("rejected", e.message))`;
  const { stdout, stderr } = spawnSync(process.execPath, ["-e", script], {
    cwd: folder,
    encoding: "utf8",
    env: { PATH: process.env.PATH, ...environment, NODE_PATH: nodePath },
  });
  return { stdout: stdout.trim(), stderr };
}

describe("the bundles", () => {
  it.each(["consumer", "recorder"])("%s.js needs nothing beside it and exports `handler`", (name) => {
    expect(evaluate(name, "typeof bundle.handler")).toEqual({ stdout: "function", stderr: "" });
  });

  it("producer.js exports `handler` and takes the SNS client from the runtime", () => {
    expect(evaluate("producer", "typeof bundle.handler", join(root, "node_modules"))).toMatchObject({
      stdout: "function",
    });
    expect(evaluate("producer", "typeof bundle.handler").stderr).toContain("Cannot find module '@aws-sdk/client-sns'");
  });

  it("consumer.js reaches for the database when it is invoked, and not before", () => {
    const { stdout } = evaluate("consumer", "bundle.handler({ Records: [] }, {})");
    expect(stdout).toContain("rejected connect ECONNREFUSED 127.0.0.1:1");
  });

  it.each([
    ["producer", 32],
    ["consumer", 128],
    ["recorder", 128],
  ])("%s.js stays under %d kB, since its size is cold-start time", (name, kilobytes) => {
    expect(statSync(join(folder, `${name}.js`)).size).toBeLessThan(kilobytes * 1000);
  });
});
