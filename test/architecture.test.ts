/** The house's laws: who may import whom, no circles, no real clock below the targets. Planted breaches show that each law bites. */
import { describe, expect, it } from "vitest";
import {
  cyclesIn,
  headlessFiles,
  importsOutOfTheirRoom,
  packagesImported,
  readersOfTheRealWorld,
  riddles,
  unregistered,
  visitorsOf,
} from "./architecture/laws.ts";
import { rooms } from "./architecture/rooms.ts";
import { readSources, type Source } from "./architecture/sources.ts";

const sources = readSources("bin", "src", "infra");

/** Files that may see the real clock and unseeded randomness: the targets, and what is above or beside them. */
const realWorld =
  /^(src\/(targets|cli|database|files|explore\/in-browser)\/|src\/explore\/worker\.ts|infra\/handlers\/aws\/|bin\/)/;
/** Packages of metrics and reports: no SDK, no clock, no file system. */
const purePackages = /^(cli-table3|@resvg\/resvg-js|picocolors(\/types)?|node:util|pure-rand\/.*)$/;

/** Each kind of file that the emulator finds by a line in a registry. */
const registries: [kind: RegExp, registry: string][] = [
  [/^src\/emulator\/[^/]+\/(.+-)?api\.ts$/, "src/emulator/apis.ts"],
  [/^src\/emulator\/[^/]+\/resources\.ts$/, "src/emulator/resource-types.ts"],
  [/^src\/emulator\/lambda\/mappings\/.+-mapping\.ts$/, "src/emulator/lambda/mappings/sources.ts"],
];

it("imports only where a room may look", () => {
  expect(sources.length).toBeGreaterThan(40);
  expect(importsOutOfTheirRoom(sources, rooms)).toEqual([]);
});

it("has no circle of imports, types included", () => {
  expect(cyclesIn(sources)).toEqual([]);
});

it("gives metrics and reports no SDK, clock or file system", () => {
  expect(packagesImported(sources, /^src\/(metrics|reports)\//, purePackages)).toEqual([]);
});

it("keeps the real clock and unseeded randomness out of everything below the targets", () => {
  expect(readersOfTheRealWorld(sources, realWorld)).toEqual([]);
});

it("lets only the targets that stand before the emulator import it", () => {
  expect(visitorsOf("src/emulator/", sources)).toEqual([
    "src/targets/assumptions.ts",
    "src/targets/direct-clients.ts",
    "src/targets/emulated-account.ts",
    "src/targets/local.ts",
    "src/targets/pace.ts",
    "src/targets/serve.ts",
    "src/targets/service-rules.ts",
  ]);
});

it.each(registries)("finds every file of the kind %s in its registry", (kind, registry) => {
  expect(sources.filter(({ file }) => kind.test(file)).length).toBeGreaterThan(0);
  expect(unregistered(sources, kind, registry)).toEqual([]);
});

it("heads every file with a sentence that says what it is for", () => {
  expect(headlessFiles(sources.filter(({ file }) => file !== "bin/throttle-bench.js"))).toEqual([]);
});

it("begins every comment with its subject", () => {
  expect(riddles([...sources, ...readSources("test")])).toEqual([]);
});

describe("a planted breach is found:", () => {
  const plant = (file: string, text: string): Source => ({ file, text });
  const outOfRoom = (file: string, text: string) => importsOutOfTheirRoom([plant(file, text)], rooms);

  it.each([
    ["the emulator imported by a step", "src/steps/toy.ts", 'import { Emulator } from "../emulator/emulator.ts";'],
    [
      "the emulator's types imported by a report",
      "src/reports/toy.ts",
      'import type { Fact } from "../emulator/x.ts";',
    ],
    [
      "a value of a target imported where its types are allowed",
      "src/steps/toy.ts",
      'import { open } from "../targets/target.ts";',
    ],
    ["a dynamic import", "src/metrics/toy.ts", 'const late = await import("../cli/main.ts");'],
    ["an export from elsewhere", "src/metrics/toy.ts", 'export { main } from "../cli/main.ts";'],
    ["a file in no room", "src/toys/toy.ts", 'import "../errors.ts";'],
    ["a service that imports another's values", "src/emulator/toy/toy.ts", 'import { decide } from "../iam/roles.ts";'],
    ["a service that imports another's types", "src/emulator/toy/toy.ts", 'import type { Q } from "../sqs/api.ts";'],
    ["a service that imports a registry", "src/emulator/toy/api.ts", 'import * as apis from "../apis.ts";'],
    ["a helper that imports a service", "src/emulator/api/toy.ts", 'import type { Q } from "../sqs/api.ts";'],
    ["the account that imports a service", "src/emulator/account.ts", 'import type { Q } from "./sqs/api.ts";'],
    ["the kernel that knows the account", "src/emulator/kernel/toy.ts", 'import type { A } from "../account.ts";'],
    ["a handler that looks out of its folder", "infra/handlers/toy.ts", 'import "../../src/errors.ts";'],
  ])("%s", (_, file, text) => {
    expect(outOfRoom(file, text)).toHaveLength(1);
  });

  it("none where a new service keeps to the account, the helpers and its own folder", () => {
    const imports = [
      "../account.ts",
      "../api/input.ts",
      "../kernel/kernel.ts",
      "../template/resource-type.ts",
      "./own.ts",
    ];
    expect(outOfRoom("src/emulator/toy/api.ts", imports.map((file) => `import "${file}";`).join("\n"))).toEqual([]);
  });

  it("a circle of values", () => {
    const circle = [plant("src/a.ts", 'import { b } from "./b.ts";'), plant("src/b.ts", 'export { a } from "./a.ts";')];
    expect(cyclesIn(circle)).toEqual([["src/a.ts", "src/b.ts"]]);
  });

  it("a circle of types, over three files", () => {
    const circle = [
      plant("src/a.ts", 'import type { B } from "./b.ts";'),
      plant("src/b.ts", 'import type { C } from "./c.ts";\nimport "./d.ts";'),
      plant("src/c.ts", 'import { type A } from "./a.ts";'),
      plant("src/d.ts", ""),
    ];
    expect(cyclesIn(circle)).toEqual([["src/a.ts", "src/b.ts", "src/c.ts"]]);
    expect(cyclesIn(circle.slice(1))).toEqual([]);
  });

  it("an SDK in a report", () => {
    const report = plant(
      "src/reports/toy.ts",
      'import { readFileSync } from "node:fs";\nimport { styleText } from "node:util";',
    );
    expect(packagesImported([report], /^src\/reports\//, purePackages)).toEqual(["src/reports/toy.ts → node:fs"]);
  });

  it.each(["Date.now()", "new Date()", "setTimeout(wake, 1)", "Math.random()", "randomUUID()"])(
    "%s below the targets, but not in a comment or in a target",
    (call) => {
      const inCode = `/** A toy. */\nconst toy = ${call};`;
      expect(readersOfTheRealWorld([plant("src/emulator/toy.ts", inCode)], realWorld)).toHaveLength(1);
      expect(readersOfTheRealWorld([plant("src/targets/toy.ts", inCode)], realWorld)).toEqual([]);
      expect(readersOfTheRealWorld([plant("src/emulator/toy.ts", `// ${call}`)], realWorld)).toEqual([]);
    },
  );

  it("a service whose API has no line in the registry", () => {
    const [kind, registry] = registries[0]!;
    const toy = plant("src/emulator/toy/api.ts", "");
    const line = 'export { toyApi } from "./toy/api.ts";';
    expect(unregistered([toy, plant(registry, "")], kind, registry)).toEqual(["src/emulator/toy/api.ts"]);
    expect(unregistered([toy, plant(registry, line)], kind, registry)).toEqual([]);
  });

  it("a visitor of the emulator, by type alone", () => {
    const visitor = plant("src/cli/toy.ts", 'import type { Kernel } from "../emulator/kernel/kernel.ts";');
    expect(visitorsOf("src/emulator/", [visitor])).toEqual(["src/cli/toy.ts"]);
  });

  it.each(["export const toy = 1;", "// A toy.\nexport const toy = 1;", "/** */\nexport const toy = 1;"])(
    "a file that no sentence heads: %j",
    (text) => {
      expect(headlessFiles([plant("src/toy.ts", text)])).toEqual(["src/toy.ts"]);
    },
  );

  it.each(["/** Of all toys the last. */", "  // What is left is a toy.", " * Whether it is a toy."])(
    "a comment whose subject comes late: %j",
    (text) => {
      expect(riddles([plant("src/toy.ts", `/** A toy. */\n${text}\n`)])).toEqual([`src/toy.ts: ${text.trim()}`]);
    },
  );
});
