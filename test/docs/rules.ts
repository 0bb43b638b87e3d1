/** The rules that the contract tests hold the emulator to, read from the names of these tests without running them. */
import { readdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { build, type Plugin } from "esbuild";

export interface Rule {
  /** The name of the contract's file, such as `sqs`. */
  service: string;
  rule: string;
  provenance: "documented" | "measured" | "assumed";
  /** The page, who saw it, or what speaks for it. */
  source: string;
}

const contracts = "test/contract";

let collected: Promise<Rule[]> | null = null;

/** All rules, in the order of their files and of the tests in them. The working directory is the package's root. */
export function rules(): Promise<Rule[]> {
  collected ??= collect();
  return collected;
}

/** The names of the contracts, each once. */
export function servicesOf(rules: readonly Rule[]): string[] {
  return [...new Set(rules.map(({ service }) => service))];
}

async function collect(): Promise<Rule[]> {
  const services = readdirSync(contracts)
    .filter((file) => file.endsWith(".test.ts"))
    .filter((file) => readFileSync(join(contracts, file), "utf8").includes('"./provenance.ts"'))
    .map((file) => file.replace(".test.ts", ""));
  const rules: Rule[] = [];
  for (const [service, name] of await testNames(services.sort())) {
    const match = /^(.*?)\s*\[(documented|measured|assumed): ([\s\S]*)\]$/.exec(name);
    if (!match) continue;
    const [, rule, provenance, source] = match;
    rules.push({ service, rule: rule!, provenance: provenance as Rule["provenance"], source: source! });
  }
  return rules;
}

/** Loads the contracts' files with a stand-in for vitest that keeps the name of each test and calls none. */
async function testNames(services: string[]): Promise<[service: string, name: string][]> {
  // The files find what lies beside `test` from two folders below the root, as they do where they are.
  const bundle = join(process.cwd(), `.build/docs/rules-${process.pid}.mjs`);
  const imports = services.map((service) => `begin("${service}"); await import("./${service}.test.ts");`);
  await build({
    stdin: {
      contents: `import { begin, names } from "vitest";\n${imports.join("\n")}\nexport { names };`,
      resolveDir: contracts,
      loader: "ts",
    },
    bundle: true,
    platform: "node",
    format: "esm",
    packages: "external",
    outfile: bundle,
    plugins: [standInForVitest],
    logLevel: "error",
  });
  try {
    return ((await import(/* @vite-ignore */ pathToFileURL(bundle).href)) as { names: [string, string][] }).names;
  } finally {
    rmSync(bundle);
  }
}

const standInForVitest: Plugin = {
  name: "stand-in-for-vitest",
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^vitest$/ }, () => ({ path: "vitest", namespace: "stand-in" }));
    onLoad({ filter: /.*/, namespace: "stand-in" }, () => ({ contents: standIn }));
  },
};

const standIn = `
const groups = [];
export const names = [];
let service;
export const begin = (name) => { service = name; };
export const describe = (name, tests) => { groups.push(name); tests(); groups.pop(); };
export const it = (name) => { names.push([service, [...groups, name].join(" > ")]); };
it.each = () => () => {};
export const expect = {};
export const beforeEach = () => {};
`;
