/** The READMEs are short, their links lead somewhere, and their commands, flags and scripts are there. */
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { Command } from "commander";
import { describe, expect, it, onTestFinished } from "vitest";
import { readConfiguration } from "../../src/cli/flags/configuration.ts";
import { equip, type Verb } from "../../src/cli/verb.ts";
import { platform2026 } from "../../src/emulator/platforms/2026.ts";
import { findScenario, shippedName } from "../../src/scenarios/catalogue.ts";
import { settingsIn } from "../../src/scenarios/settings.ts";
import {
  anchorsIn,
  commandsIn,
  configurationsIn,
  documents,
  flagsIn,
  isReadme,
  linksIn,
  scriptsIn,
} from "./documents.ts";

/** The first page holds what a newcomer needs. */
const mostBytesOfFirstPage = 12_000;
const mostBytesOfReadme = 8_000;

const all = documents();
const { scripts } = JSON.parse(readFileSync("package.json", "utf8")) as { scripts: Record<string, string> };

const verbs = Object.fromEntries(
  await Promise.all(
    readdirSync("src/cli/commands").map(async (file) => {
      const { verb } = (await import(`../../src/cli/commands/${file.replace(/\.ts$/, "")}.ts`)) as { verb: Verb };
      return [file.replace(/\.ts$/, ""), verb] as const;
    }),
  ),
);

/** Parses a command as the program does, and only looks at what came out. Throws what the program prints. */
async function dryRun([name, ...words]: string[]): Promise<void> {
  const isHelp = name === "help";
  const named = isHelp ? words[0] : name;
  if (isHelp && (named === undefined || named === "<verb>")) return;
  const verb = verbs[named!];
  if (verb === undefined) throw new Error(`${named} is no verb`);
  const isGroupByName = "verbs" in verb && words.length === 0;
  if (isHelp || isGroupByName) return;
  await quiet(new Command(name), withoutWork(verb)).parseAsync(words, { from: "user" });
}

function withoutWork(verb: Verb): Verb {
  if ("verbs" in verb) {
    const entries = Object.entries(verb.verbs).map(([name, one]) => [
      name,
      { ...withoutWork(one), summary: one.summary },
    ]);
    return { ...verb, verbs: Object.fromEntries(entries) };
  }
  const run = async ({ set = [] }: { set?: string[] }, ...operands: unknown[]) => {
    const scenarios = operands.flat().flatMap((operand) => shippedName(String(operand)) ?? []);
    for (const scenario of scenarios.map(findScenario)) {
      const names = settingsIn(scenario).map(({ name }) => name);
      for (const setting of set) expect(names).toContain(setting.split("=")[0]);
    }
  };
  return { ...verb, run } as Verb;
}

function quiet(command: Command, verb: Verb): Command {
  equip(command, verb);
  for (const one of [command, ...command.commands]) {
    one.exitOverride().configureOutput({ writeOut: () => undefined, writeErr: () => undefined });
  }
  return command;
}

const everyFlag = new Set([
  ...["--help", "--version", "--verbose"],
  ...Object.entries(verbs).flatMap(([name, verb]) => {
    const command = quiet(new Command(name), verb);
    return [command, ...command.commands].flatMap(({ options }) => options.flatMap(({ long }) => long ?? []));
  }),
]);

/** The flags that these name are another program's. */
const ofOtherPrograms = ["test/bench/README.md"];

describe("the READMEs", () => {
  it.each(all.filter(isReadme))("keep $file short", ({ file, text }) => {
    const most = file === "README.md" ? mostBytesOfFirstPage : mostBytesOfReadme;
    expect(Buffer.byteLength(text)).toBeLessThanOrEqual(most);
  });

  it("show pictures that are soon loaded, for both colour schemes", () => {
    const [first] = all.filter(({ file }) => file === "README.md");
    const pictures = linksIn(first!).filter((link) => link.endsWith(".svg"));
    expect(new Set(pictures.map((file) => /-(light|dark)\.svg$/.exec(file)?.[1]))).toEqual(new Set(["light", "dark"]));
    for (const file of pictures) expect(statSync(file).size, file).toBeLessThan(60_000);
  });

  it("are there for every folder that the first page sends its readers to", () => {
    const [first] = all.filter(({ file }) => file === "README.md");
    expect(linksIn(first!).filter((link) => link.endsWith("README.md")).length).toBeGreaterThan(10);
  });
});

describe.each(all)("$file", (document) => {
  const { file, text } = document;

  it("links to what is there", () => {
    const broken = linksIn(document).filter((link) => {
      const [path, anchor] = link.split("#") as [string, string?];
      const target = path === "" ? file : join(dirname(file), decodeURIComponent(path));
      if (!existsSync(target)) return true;
      return anchor !== undefined && !anchorsIn(readFileSync(target, "utf8")).includes(anchor);
    });
    expect(broken).toEqual([]);
  });

  it("has commands that the command line takes", async () => {
    for (const words of commandsIn(document)) {
      await expect(dryRun(words), `throttle-bench ${words.join(" ")}`).resolves.toBeUndefined();
    }
  });

  it("names flags, scripts and numbers that there are", () => {
    const flags = flagsIn(document).map((flag) => flag.split(/[ =]/)[0]!);
    if (!ofOtherPrograms.includes(file)) expect(flags.filter((flag) => !everyFlag.has(flag))).toEqual([]);
    expect(scriptsIn(document).filter((script) => !Object.hasOwn(scripts, script))).toEqual([]);
    const numbers = [...text.matchAll(/--assume ([\w.]+)=/g)].map(([, name]) => name!);
    expect(numbers.filter((name) => !Object.hasOwn(platform2026, name))).toEqual([]);
  });
});

it.each(all.flatMap((document) => configurationsIn(document).map((text) => ({ ...document, text }))))(
  "shows in $file a configuration file that is taken",
  async ({ text }) => {
    const directory = mkdtempSync(join(tmpdir(), "throttle-bench-configuration-"));
    onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
    writeFileSync(join(directory, "shown.yaml"), text);
    await expect(readConfiguration(join(directory, "shown.yaml"))).resolves.toHaveProperty("run");
  },
);

describe("what is told of documents", () => {
  const document = (text: string) => ({ file: "README.md", text });

  it("finds commands in blocks and between the lines, without comments, quotes and what calls them", () => {
    const text = `See \`throttle-bench list\`.

\`\`\`sh
npm ci && npx throttle-bench run scenario-4 # as it is
npx throttle-bench show scenario-4 --template > mine.yaml
\`\`\`

    throttle-bench compare "a b" latest      # two sides

\`throttle-bench …\` stands for others, and \`throttle-bench\` is a name.
`;
    expect(commandsIn(document(text))).toEqual([
      ["run", "scenario-4"],
      ["show", "scenario-4", "--template"],
      ["compare", "a b", "latest"],
      ["list"],
    ]);
  });

  it("refuses a verb, a flag, a value and a setting that there are not", async () => {
    await expect(dryRun(["rum", "scenario-4"])).rejects.toThrow("rum is no verb");
    await expect(dryRun(["run", "scenario-4", "--evnts", "5"])).rejects.toThrow("--evnts");
    await expect(dryRun(["run", "scenario-4", "--events", "few"])).rejects.toThrow("few");
    await expect(dryRun(["run", "scenario-4", "--set", "Nope=1"])).rejects.toThrow("Nope");
    await expect(dryRun(["database", "upp"])).rejects.toThrow("upp");
  });

  it("finds links that lead nowhere, by Markdown and by markup", () => {
    const text = `[a](gone.md), [b](https://example.com), <img src="gone.svg">, [c](#nowhere)`;
    expect(linksIn(document(text))).toEqual(["gone.md", "#nowhere", "gone.svg"]);
    expect(anchorsIn("# What *is* 2020?\n")).toEqual(["what-is-2020"]);
  });
});
