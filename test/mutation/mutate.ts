/** `npm run test:mutation [file or folder …]`: changes the program in one place at a time, and counts the changes that no test notices. */
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { availableParallelism } from "node:os";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { type Report, scoreTable, survivors, survivorTable, survivorText } from "./score.ts";
import { type Subject, subjects } from "./subjects.ts";

/**
 * Stryker's packages. They are no dependencies of the project: they draw in 160 others, and only this command needs them. They find the
 * project's own vitest, because their folder lies within the project.
 */
const packages = { "@stryker-mutator/core": "9.6.1", "@stryker-mutator/vitest-runner": "9.6.1" };

const folder = resolve(".build/mutation");
const modules = join(folder, "tool", "node_modules");

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    // Writes the tables of the pages from what all runs so far have found.
    write: { type: "boolean", default: false },
    // Tries nothing, and only tells what earlier runs have found.
    report: { type: "boolean", default: false },
    // Patterns of test files in place of all that are near the folder, with spaces between them: a mutant costs less with fewer.
    tests: { type: "string" },
    concurrency: { type: "string", default: String(Math.max(1, availableParallelism() - 1)) },
  },
});

const wanted = subjects.map((subject) => ({ subject, files: chosenFiles(subject, positionals) }));
if (wanted.every(({ files }) => files.length === 0)) {
  console.error(`None of ${positionals.join(", ")} is mutated; give a file or a folder of ${folders().join(", ")}.`);
  process.exit(2);
}
if (!values.report) {
  install();
  for (const { subject, files } of wanted) if (files.length > 0) mutate(subject, files);
}
const date = new Date().toISOString().slice(0, 10);
for (const { name, folder } of subjects) {
  const report = reportOf(name);
  if (report === null) continue;
  const scores = scoreTable(folder, report);
  console.log(`\n${survivors(report, positionals).map(survivorText).join("\n")}\n\n${scores}`);
  if (!values.write) continue;
  rewrite("test/mutation/README.md", `scores of ${folder}`, `${date}:\n\n${scores}`);
  rewrite("test/mutation/survivors.md", `survivors of ${folder}`, `${date}:\n\n${survivorTable(folder, report)}`);
}

/** Puts a text between the marks of that name. A folder that was not run here keeps what it has. */
function rewrite(page: string, name: string, text: string): void {
  const [before, rest] = readFileSync(page, "utf8").split(`<!-- ${name} -->\n`) as [string, string];
  writeFileSync(page, `${before}<!-- ${name} -->\n\n${text}\n\n${rest.slice(rest.indexOf("<!-- end -->"))}`);
}

function folders(): string[] {
  return subjects.map((subject) => subject.folder);
}

/** The subject's files that lie at or under one of the paths; all of them without a path. */
function chosenFiles({ folder }: Subject, paths: readonly string[]): string[] {
  const files = readdirSync(folder)
    .filter((file) => file.endsWith(".ts"))
    .map((file) => `${folder}/${file}`);
  const isAt = (file: string, path: string) => file === path || file.startsWith(`${path.replace(/\/$/, "")}/`);
  return paths.length === 0 ? files : files.filter((file) => paths.some((path) => isAt(file, path)));
}

function install(): void {
  const dependencies = JSON.stringify({ private: true, dependencies: packages });
  const manifest = join(folder, "tool", "package.json");
  if (existsSync(modules) && existsSync(manifest) && readFileSync(manifest, "utf8") === dependencies) return;
  mkdirSync(join(folder, "tool"), { recursive: true });
  writeFileSync(manifest, dependencies);
  run("npm", ["install", "--legacy-peer-deps", "--no-package-lock", "--no-audit", "--no-fund"], {
    cwd: join(folder, "tool"),
  });
}

/** Mutants that earlier runs have tried are not tried again while their file and the tests that decided are the same. */
function mutate({ name, tests }: Subject, files: readonly string[]): void {
  const own = join(folder, name);
  mkdirSync(own, { recursive: true });
  const configuration = join(own, "stryker.json");
  writeFileSync(
    configuration,
    JSON.stringify({
      plugins: [join(modules, "@stryker-mutator/vitest-runner/dist/src/index.js")],
      testRunner: "vitest",
      vitest: { configFile: "test/mutation/vitest.config.ts", related: false },
      mutate: files,
      coverageAnalysis: "perTest",
      ignoreStatic: true,
      incremental: true,
      incrementalFile: join(own, "incremental.json"),
      concurrency: Number(values.concurrency),
      // Most loops without an end are found by how often they go round; the others cost this time and a new process.
      timeoutMS: 20_000,
      timeoutFactor: 0.3,
      reporters: ["progress-append-only", "json"],
      jsonReporter: { fileName: join(own, "report.json") },
      tempDirName: join(folder, "sandbox"),
      ignorePatterns: [".build", ".throttle-bench", ".github", ".ci", "*.md", "test/slow", "test/docs", "test/cli"],
      // Stryker would rewrite it by the interface of an older compiler.
      tsconfigFile: "none.json",
    }),
  );
  run(process.execPath, [join(modules, "@stryker-mutator/core/bin/stryker.js"), "run", configuration], {
    env: { ...process.env, MUTATION_TESTS: values.tests ?? tests.join(" ") },
  });
}

/** null: it has not run yet. */
function reportOf(name: string): Report | null {
  const file = join(folder, name, "incremental.json");
  return existsSync(file) ? JSON.parse(readFileSync(file, "utf8")) : null;
}

function run(command: string, args: string[], options: { cwd?: string; env?: NodeJS.ProcessEnv }): void {
  const { status } = spawnSync(command, args, { ...options, stdio: "inherit" });
  if (status !== 0) process.exit(status ?? 1);
}
