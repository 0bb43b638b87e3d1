/** The version, and the help of every verb. */
import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { aWorkplace } from "./throttle-bench.ts";

const width = 80;

/** The headings of a help and the words that begin the lines below each. */
function groupsIn(help: string): Record<string, string[]> {
  const groups: Record<string, string[]> = {};
  let words: string[] = [];
  for (const line of help.split("\n")) {
    const [, heading] = /^(\S.*):$/.exec(line) ?? [];
    if (heading !== undefined) {
      words = [];
      groups[heading] = words;
    }
    const [, word] = /^ {2}(\S+)/.exec(line) ?? [];
    if (word !== undefined) words.push(word);
  }
  return groups;
}

async function helpOf(...verb: string[]): Promise<string> {
  const { status, stdout, stderr } = await aWorkplace().run(...verb, "--help");
  expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
  return stdout;
}

function tooWide(help: string): string[] {
  return help.split("\n").filter((line) => line.length > width);
}

it("prints the package's version", async () => {
  const { version } = JSON.parse(readFileSync(new URL("../../package.json", import.meta.url), "utf8"));
  expect(await aWorkplace().run("--version")).toMatchObject({ status: 0, stdout: `${version}\n`, stderr: "" });
});

it("prints its help on stderr, with status 2, when no verb is given", async () => {
  const { status, stdout, stderr } = await aWorkplace().run();
  expect(stderr).toMatch(/^Usage: throttle-bench /);
  expect({ status, stdout }).toEqual({ status: 2, stdout: "" });
});

it("lists the verbs in groups, and has each of them", async () => {
  const help = await helpOf();
  expect(tooWide(help)).toEqual([]);
  const { Options: _, Commands: __, Example: ___, ...groups } = groupsIn(help);
  expect(groups).toEqual({
    Runs: ["run", "compare", "report", "history", "trace"],
    Answers: ["recommend", "explore", "sweep"],
    Scenarios: ["init", "list", "show"],
    "Accounts and databases": ["doctor", "database", "resume", "clean", "calibrate", "serve"],
    Shell: ["completion"],
    "Other machines": ["worker"],
    "Continuous integration": ["nightly"],
  });
  const files = readdirSync("src/cli/commands").map((file) => file.replace(/\.ts$/, ""));
  expect(Object.values(groups).flat().sort()).toEqual(files.sort());
});

it("loads no verb before it is used", () => {
  const main = readFileSync("src/cli/main.ts", "utf8");
  expect(main.match(/^import .*commands\//gm)).toBeNull();
  expect(main.match(/import\("\.\/commands\//g)).toHaveLength(readdirSync("src/cli/commands").length);
});

const verbs = readdirSync("src/cli/commands").map((file) => [file.replace(/\.ts$/, "")]);
const ofDatabase = ["url", "up", "status", "down"].map((verb) => ["database", verb]);

describe.each([...verbs, ...ofDatabase])("the help of %s %s", (...verb) => {
  const words = verb.filter((word) => word !== undefined);

  it(`fits ${width} columns, has an example, and puts every flag into a group`, async () => {
    const help = await helpOf(...words);
    expect(tooWide(help)).toEqual([]);
    expect(help).toMatch(new RegExp(`Examples?:\n  throttle-bench ${words.join(" ")}`));
    expect(groupsIn(help).Options).toEqual(["-h,"]);
  });

  it("is the same by the verb `help`", async () => {
    if (words.length > 1) return;
    expect((await aWorkplace().run("help", ...words)).stdout).toBe(await helpOf(...words));
  });
});
