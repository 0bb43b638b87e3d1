/** The bundles that are deployed: built with the package's own script, loaded as Lambda loads them, from a folder of their own. */
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { strFromU8, unzipSync } from "fflate";
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
  const { status, stderr } = spawnSync(process.execPath, [".esbuild.js", folder], { cwd: root, encoding: "utf8" });
  expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Evaluates an expression over the exports of a bundle, in a Node of its own. */
function evaluate(name: string, expression: string, nodePath = "", variables: Record<string, string> = {}) {
  const script = `const bundle = require("./${name}.js"); Promise.resolve(${expression}).then(console.log, (e) => console.log("rejected", e.message))`;
  const { stdout, stderr } = spawnSync(process.execPath, ["-e", script], {
    cwd: join(folder, "handlers"),
    encoding: "utf8",
    env: { PATH: process.env.PATH, ...environment, ...variables, NODE_PATH: nodePath },
  });
  return { stdout: stdout.trim(), stderr };
}

describe("the bundles", () => {
  it.each(["producer", "consumer", "recorder", "adapter"])(
    "%s.js needs nothing beside it and exports `handler`",
    (name) => {
      expect(evaluate(name, "typeof bundle.handler")).toEqual({ stdout: "function", stderr: "" });
    },
  );

  it.each([
    ["TOPIC_ARN", "sns"],
    ["QUEUE_URL", "sqs"],
    ["STREAM_NAME", "kinesis"],
    ["EVENT_BUS_NAME", "eventbridge"],
  ])("producer.js takes the client of the sink that %s names from the runtime, and no other", (variable, client) => {
    const files = "Object.keys(require.cache).map((file) => /client-([a-z]+)/.exec(file)?.[1]).filter(Boolean)";
    const clients = `new Promise(setImmediate).then(() => [...new Set(${files})].join())`;
    const sink = { TOPIC_ARN: "", [variable]: "sink" };
    expect(evaluate("producer", clients, join(root, "node_modules"), sink)).toMatchObject({ stdout: client });
  });

  it.each(["producer", "consumer", "recorder", "adapter"])(
    "%s.js asks for the SDK as NODE_PATH leads to it, which an import does not",
    (name) => {
      const bundle = readFileSync(join(folder, `handlers/${name}.js`), "utf8");
      expect(bundle).toContain('require("@aws-sdk/');
      expect(bundle).not.toContain("import(");
    },
  );

  it("recorder.js loads no client before it reads a stream", () => {
    const clients = "Object.keys(require.cache).filter((file) => file.includes('client-')).length";
    expect(evaluate("recorder", clients, join(root, "node_modules"))).toMatchObject({ stdout: "0" });
  });

  it.each([
    ["producer", 32],
    ["consumer", 128],
    ["recorder", 128],
    ["adapter", 32],
  ])("%s.js stays under %d kB, since its size is cold-start time", (name, kilobytes) => {
    expect(statSync(join(folder, `handlers/${name}.js`)).size).toBeLessThan(kilobytes * 1000);
  });

  it.each(["producer", "consumer", "recorder", "adapter"])(
    "%s.zip holds the bundle, and the same code gives the same bytes",
    (name) => {
      const zip = readFileSync(join(folder, `handlers/${name}.zip`));
      const bundle = readFileSync(join(folder, `handlers/${name}.js`), "utf8");
      const files = Object.entries(unzipSync(zip)).map(([file, bytes]) => [file, strFromU8(bytes)]);
      expect(files).toEqual([[`${name}.js`, bundle]]);
      expect(zip.equals(readFileSync(join(root, `.build/handlers/${name}.zip`)))).toBe(true);
    },
  );
});

describe("the command line", () => {
  it("is bundled with the licence of every package that it holds", () => {
    const notices = readFileSync(join(folder, "third-party-licences.txt"), "utf8");
    for (const name of ["commander", "yaml", "zod", "pg", "@aws-sdk/client-lambda", "@smithy/core"]) {
      expect(notices).toMatch(new RegExp(`^${name} [0-9.]+ \\(.+\\)$`, "m"));
    }
    expect(notices).toContain("Permission is hereby granted, free of charge");
    expect(notices).toContain("Apache License");
  });
});
