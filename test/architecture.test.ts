/** The import law, and that nothing below the targets can see the real clock or an unseeded random generator. */
import { readdirSync, readFileSync, statSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";

const root = fileURLToPath(new URL("..", import.meta.url));

function filesUnder(folder: string): string[] {
  return readdirSync(join(root, folder), { recursive: true, encoding: "utf8" })
    .map((name) => join(folder, name))
    .filter((name) => /\.(ts|js)$/.test(name) && statSync(join(root, name)).isFile());
}

interface Import {
  from: string;
  /** A path of ours, or a package's name. */
  to: string;
  typeOnly: boolean;
}

function importsOf(file: string): Import[] {
  const text = readFileSync(join(root, file), "utf8");
  const statements = text.matchAll(/^\s*(?:import|export)\s+(type\s+)?(?:[^"';]*?\sfrom\s+)?["']([^"']+)["']/gms);
  const dynamic = text.matchAll(/\bimport\(\s*["']([^"']+)["']\s*\)/g);
  const target = (specifier: string) =>
    specifier.startsWith(".") ? relative(root, join(root, dirname(file), specifier)) : specifier;
  return [
    ...[...statements].map(([, type, to]) => ({ from: file, to: target(to!), typeOnly: type !== undefined })),
    ...[...dynamic].map(([, to]) => ({ from: file, to: target(to!), typeOnly: false })),
  ];
}

const files = ["bin", "src", "infra"].flatMap(filesUnder);
const imports = files.flatMap(importsOf);
const ours = imports.filter(({ to }) => /^(bin|src|infra|\.build)\//.test(to));

/** Where each room may look; the first that matches a file is its room. `type` allows a type-only import. */
const law: { room: RegExp; may: (RegExp | { type: RegExp })[] }[] = [
  { room: /^bin\//, may: [/^\.build\/cli\/main\.js$/] },
  { room: /^src\/(model|errors)\.ts$/, may: [] },
  { room: /^src\/template(\.ts$|\/)/, may: [/^src\/(errors|model)\.ts$/, /^src\/template\//] },
  { room: /^infra\/handlers\//, may: [/^infra\/handlers\//] },
  { room: /^src\/emulator\/kernel\//, may: [/^src\/emulator\/kernel\//] },
  {
    room: /^src\/emulator\//,
    may: [
      /^src\/emulator\//,
      /^src\/template(\.ts$|\/)/,
      { type: /^src\/model\.ts$/ },
      { type: /^infra\/handlers\/ports\.ts$/ },
    ],
  },
  { room: /^src\/database\//, may: [/^src\/database\//, /^src\/errors\.ts$/, { type: /^src\/model\.ts$/ }] },
  {
    room: /^src\/calibration\//,
    may: [/^src\/calibration\//, /^src\/metrics\/statistics\.ts$/, { type: /^src\/model\.ts$/ }],
  },
  { room: /^src\/metrics\//, may: [/^src\/metrics\//, { type: /^src\/model\.ts$/ }] },
  { room: /^src\/records\//, may: [/^src\/records\//, /^src\/errors\.ts$/, { type: /^src\/model\.ts$/ }] },
  { room: /^src\/reports\//, may: [/^src\/(reports|metrics)\//, { type: /^src\/model\.ts$/ }] },
  {
    room: /^src\/scenarios\//,
    may: [/^src\/scenarios\//, /^src\/errors\.ts$/, /^src\/template(\.ts$|\/)/, { type: /^src\/model\.ts$/ }],
  },
  {
    room: /^src\/steps\//,
    may: [
      /^src\/(steps|stacks|metrics)\//,
      /^src\/(errors|targets\/send)\.ts$/,
      { type: /^src\/(model|targets\/target|database\/invocations)\.ts$/ },
    ],
  },
  {
    room: /^src\/stacks\//,
    may: [
      /^src\/stacks\//,
      /^src\/(errors|template|targets\/send)\.ts$/,
      { type: /^src\/(model|targets\/target)\.ts$/ },
    ],
  },
  {
    room: /^src\/doctor\//,
    may: [/^src\/doctor\//, /^src\/(errors|stacks\/tags)\.ts$/, { type: /^src\/targets\/target\.ts$/ }],
  },
  {
    room: /^src\/bench\.ts$/,
    may: [
      /^src\/records\/journal\.ts$/,
      /^src\/steps\//,
      /^src\/metrics\//,
      /^src\/database\/invocations\.ts$/,
      /^src\/errors\.ts$/,
      { type: /^src\/(model|targets\/target)\.ts$/ },
    ],
  },
  { room: /^src\/targets\/target\.ts$/, may: [{ type: /^src\/(model|database\/access)\.ts$/ }] },
  {
    room: /^src\/targets\/emulated-account\.ts$/,
    may: [
      /^src\/emulator\/(emulator|platforms\/(platforms|ranges))\.ts$/,
      /^infra\/handlers\/(producer|consumer|recorder)\.ts$/,
      /^src\/database\/(invocations|server)\.ts$/,
      { type: /^src\/model\.ts$/ },
    ],
  },
  {
    room: /^src\/targets\/local\.ts$/,
    may: [
      /^src\/targets\/emulated-account\.ts$/,
      /^src\/emulator\/(platforms\/platforms|request-handler|cloudformation\/validation|lambda\/mappings\/queue-mapping)\.ts$/,
      /^src\/errors\.ts$/,
      { type: /^src\/(model|targets\/target|emulator\/platforms\/fact)\.ts$/ },
    ],
  },
  {
    room: /^src\/targets\/(serve|pace)\.ts$/,
    may: [
      /^src\/targets\/(emulated-account|pace)\.ts$/,
      /^src\/emulator\/(front|wire\/message)\.ts$/,
      /^src\/errors\.ts$/,
      { type: /^src\/emulator\/kernel\/kernel\.ts$/ },
    ],
  },
  {
    room: /^src\/targets\//,
    may: [
      /^src\/targets\/clock\.ts$/,
      /^src\/(errors|database\/access)\.ts$/,
      { type: /^src\/(model|targets\/target)\.ts$/ },
    ],
  },
  {
    room: /^src\/cli\//,
    may: [
      /^src\/(cli|scenarios|reports|records|targets|database|metrics|calibration|stacks|doctor)\//,
      /^src\/(bench|errors|model)\.ts$/,
      /^src\/steps\/(progress|record|refresh|stack)\.ts$/,
    ],
  },
];

it("looks only where the import law lets it", () => {
  const broken = ours.filter(({ from, to, typeOnly }) => {
    const room = law.find((each) => each.room.test(from));
    return !room?.may.some((rule) => ("type" in rule ? typeOnly && rule.type.test(to) : rule.test(to)));
  });
  expect(files.length).toBeGreaterThan(40);
  expect(broken.map(({ from, to }) => `${from} → ${to}`)).toEqual([]);
});

it("gives metrics and reports no SDK, clock or file system", () => {
  const outside = imports.filter(({ from, to }) => /^src\/(metrics|reports)\//.test(from) && !to.startsWith("src/"));
  const allowed = /^(cli-table3|picocolors(\/types)?|node:util|pure-rand\/.*)$/;
  expect(outside.filter(({ to }) => !allowed.test(to))).toEqual([]);
});

it("has no import cycles", () => {
  const edges = new Map<string, string[]>();
  for (const { from, to, typeOnly } of ours) if (!typeOnly) edges.set(from, [...(edges.get(from) ?? []), to]);
  const finished = new Set<string>();
  const visit = (file: string, path: string[]): string[] | null => {
    if (path.includes(file)) return [...path.slice(path.indexOf(file)), file];
    if (finished.has(file)) return null;
    for (const next of edges.get(file) ?? []) {
      const cycle = visit(next, [...path, file]);
      if (cycle) return cycle;
    }
    finished.add(file);
    return null;
  };
  expect(files.map((file) => visit(file, [])).find((cycle) => cycle !== null) ?? []).toEqual([]);
});

it("keeps the real clock and unseeded randomness out of everything below the targets", () => {
  const real =
    /\b(Date\.now|new Date\(\)|performance\.now|process\.hrtime|setTimeout|setInterval|Math\.random|randomUUID|randomBytes)\b/;
  const outside = /^(src\/(targets|cli|database)\/|infra\/handlers\/aws\/|bin\/)/;
  const offenders = files
    .filter((file) => !outside.test(file))
    .filter((file) => real.test(readFileSync(join(root, file), "utf8").replace(/\/\*[\s\S]*?\*\/|\/\/.*$/gm, "")));
  expect(offenders).toEqual([]);
});

it("opens the emulator from the targets that it is behind, alone", () => {
  const visitors = ours.filter(({ from, to }) => to.startsWith("src/emulator/") && !from.startsWith("src/emulator/"));
  expect([...new Set(visitors.map(({ from }) => from))].sort()).toEqual([
    "src/targets/emulated-account.ts",
    "src/targets/local.ts",
    "src/targets/pace.ts",
    "src/targets/serve.ts",
  ]);
});

it("heads every file with a sentence that says what it is for", () => {
  const headless = files
    .filter((file) => file !== "bin/throttle-bench.js")
    .filter((file) => !/^(#!.*\n)?\/\*\*\s*\S/.test(readFileSync(join(root, file), "utf8")));
  expect(headless).toEqual([]);
});
