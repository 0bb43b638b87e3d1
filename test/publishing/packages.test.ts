/** The packages that reach a user: their licences are allowed and passed on, and published faults of them stop a release. */
import { spawnSync } from "node:child_process";
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

interface Shipped {
  name: string;
  version: string;
  license: string;
  folder: string;
}

/** Licences that let a package under MIT hold or install others. MPL-2.0 does while its files are as they came, which an installed package is. */
const allowed = {
  bundled: ["MIT", "ISC", "0BSD", "BSD-2-Clause", "BSD-3-Clause", "Apache-2.0"],
  installed: ["MPL-2.0"],
};

const { bundled } = JSON.parse(readFileSync(".build/shipped-packages.json", "utf8")) as { bundled: Shipped[] };
const lock = JSON.parse(readFileSync("package-lock.json", "utf8")) as {
  packages: Record<string, { version: string; license?: string; dev?: boolean }>;
};
const installed = Object.entries(lock.packages)
  .filter(([folder, { dev }]) => folder !== "" && !dev)
  .map(([folder, { version, license = "" }]) => ({
    name: folder.replace(/^.*node_modules\//, ""),
    version,
    license,
    folder,
  }));
const notices = readFileSync(".build/third-party-licences.txt", "utf8");

it("in a bundle leaves out what nobody uses, such as the languages of zod, which each start would compile", () => {
  const files = readdirSync(".build/cli").map((file) => readFileSync(join(".build/cli", file), "utf8"));
  const inBundles = (module: string) =>
    files.filter((text) => text.includes(`\n// node_modules/zod/v4/${module}`)).length;
  expect(inBundles("core/schemas")).toBe(1);
  expect([inBundles("locales/he"), inBundles("classic/from-json-schema")]).toEqual([0, 0]);
});

describe("a licence", () => {
  it("is one of those that are allowed", () => {
    expect(bundled.length).toBeGreaterThan(50);
    expect(installed.length).toBeGreaterThan(10);
    expect(bundled.filter(({ license }) => !allowed.bundled.includes(license))).toEqual([]);
    const forInstalled = [...allowed.bundled, ...allowed.installed];
    expect(installed.filter(({ license }) => !forInstalled.includes(license))).toEqual([]);
  });

  it("is passed on for each package of which the command line says that it holds a part", () => {
    const marks = readdirSync(".build/cli").flatMap((file) =>
      [
        ...readFileSync(join(".build/cli", file), "utf8").matchAll(
          /^\/\/ (.*node_modules\/(?:@[^/\n]+\/)?[^/\n]+)\//gm,
        ),
      ].map(([, folder]) => folder!),
    );
    const folders = new Set(bundled.map(({ folder }) => folder));
    expect(new Set(marks).size).toBeGreaterThan(50);
    expect([...new Set(marks)].filter((folder) => !folders.has(folder))).toEqual([]);
  });

  it("is there with its text, below every package that is in the bundles, of the version that is locked", () => {
    const parts = notices.split(/\n{3,}/);
    for (const { name, version, license, folder } of bundled) {
      expect(lock.packages[folder]?.version, folder).toBe(version);
      const part = parts.find((each) => each.split("\n").includes(`${name} ${version} (${license})`));
      expect(part, name).toMatch(/copyright/i);
      expect(part, name).toMatch(/permission|license/i);
    }
  });

  it("is named for every package that npm installs beside this one", () => {
    const [, list = ""] = notices.split("Installed beside this package");
    for (const { name, version, license } of installed) expect(list).toContain(`\n${name} ${version} (${license})\n`);
  });
});

describe("npm audit", () => {
  let directory: string;
  beforeAll(() => {
    directory = mkdtempSync(join(tmpdir(), "throttle-bench-audit-"));
    mkdirSync(join(directory, "bin"));
  });
  afterAll(() => rmSync(directory, { recursive: true, force: true }));

  /** The check, where npm answers so. */
  function checkedWith(answer: unknown): { status: number | null; stdout: string } {
    writeFileSync(join(directory, "answer.json"), JSON.stringify(answer));
    const npm = join(directory, "bin/npm");
    writeFileSync(npm, `#!/bin/sh\ncat "${directory}/answer.json"\nexit 1\n`);
    chmodSync(npm, 0o755);
    const path = [join(directory, "bin"), process.env.PATH].join(delimiter);
    const { status, stdout } = spawnSync(process.execPath, [".ci/audit.js"], {
      encoding: "utf8",
      env: { ...process.env, PATH: path },
    });
    return { status, stdout };
  }
  const found = (name: string, severity: string) => ({
    [name]: {
      name,
      severity,
      range: "<9",
      nodes: [`node_modules/${name}`],
      via: [{ url: "https://example.com/fault" }],
    },
  });
  const report = (vulnerabilities: object) => ({ auditReportVersion: 2, vulnerabilities });

  it.each([
    ["a high fault of a package in the bundles", found("yaml", "high"), 1],
    ["a critical fault of a package that is installed", found("tinypool", "critical"), 1],
    ["a moderate fault", found("yaml", "moderate"), 0],
    ["a critical fault of a tool of development", found("vitest", "critical"), 0],
    ["nothing", {}, 0],
  ])("answers with %s", (_what, vulnerabilities, status) => {
    const checked = checkedWith(report(vulnerabilities));
    expect(checked.stdout).toContain(`${status} of them with a fault that is high or critical`);
    expect(checked.status).toBe(status);
  });

  it("does not answer, which is said and stops nothing", () => {
    const { status, stdout } = checkedWith({ message: "405 Method Not Allowed" });
    expect(stdout).toBe("NOT CHECKED: the registry did not answer npm audit (405 Method Not Allowed).\n");
    expect(status).toBe(0);
  });
});
