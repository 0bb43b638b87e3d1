/** Finding scenarios by name, by alias and by path. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import {
  findScenario,
  findScenarios,
  isScenario,
  keptScenario,
  shippedName,
  shippedNames,
  shippedScenarios,
} from "../../../src/scenarios/catalogue.ts";
import { readTemplate } from "../../../src/template/sections.ts";

const path = "infra/scenarios/scenario-4.yaml";

const directories: string[] = [];
afterEach(() => {
  for (const directory of directories.splice(0)) rmSync(directory, { recursive: true });
});

/** The path of a template of the user's own. */
function ownTemplate(text: string): string {
  const directory = mkdtempSync(join(tmpdir(), "throttle-bench-own-"));
  directories.push(directory);
  const file = join(directory, "mine.yaml");
  writeFileSync(file, text);
  return file;
}

const five = ["scenario-1", "scenario-2", "scenario-3", "scenario-4", "scenario-5"];

it("knows the published five first, and after them the others", () => {
  expect(shippedNames().slice(0, five.length)).toEqual(five);
  expect(shippedNames()).toContain("limiter-token-bucket");
});

it("knows each of the five by an alias, too, and names it by its name all the same", () => {
  const aliases = ["sns-direct", "sns-reserved-1", "sqs-reserved-1-short", "sqs-reserved-1", "sqs-reserved-5"];
  expect(five.map((name) => findScenario(name).alias)).toEqual(aliases);
  expect(aliases.map((alias) => findScenario(alias).name)).toEqual(five);
  expect(aliases.map(shippedName)).toEqual(five);
  expect(["scenario-2", "sqs", "Title"].map(shippedName)).toEqual(["scenario-2", null, null]);
});

it.each(shippedNames())("keeps the file of %s to what it is about, in 150 lines", (name) => {
  const lines = readFileSync(`infra/scenarios/${name}.yaml`, "utf8").trimEnd().split("\n");
  expect(lines.length).toBeLessThanOrEqual(150);
  expect(lines[1]).toMatch(new RegExp(`^Description: "throttle-bench ${name}: .+"$`));
});

it("calls no two scenarios alike", () => {
  const names = shippedScenarios().flatMap(({ name, alias }) => (alias === null ? [name] : [name, alias]));
  expect(new Set(names).size).toBe(names.length);
});

it("takes all for the shipped ones, and each once", () => {
  const names = findScenarios(["sqs-reserved-1-short", "all", "scenario-3", "sns-direct"]).map(({ name }) => name);
  expect(names).toEqual(["scenario-3", ...shippedNames().filter((name) => name !== "scenario-3")]);
});

it("names a template by its file and finds it relative to the working directory", () => {
  const { name, file, templateBody } = findScenario(path);
  expect({ name, file }).toEqual({ name: "scenario-4", file: path });
  expect(templateBody).toBe(findScenario("scenario-4").templateBody);
});

it.each([
  ["scenario-6", /did you mean scenario-1\?/],
  ["sqs-reserved-2", /did you mean sqs-reserved-1\?/],
  ["al", /did you mean all\?/],
  ["quux", /there are scenario-1 \(sns-direct\), .*and any template by its path/],
  ["./nowhere.yml", /nowhere\.yml cannot be read/],
  ["infra/scenarios", /no scenario/],
])("does not know %s", (name, message) => {
  expect(() => findScenario(name)).toThrowError(
    expect.objectContaining({ code: "unknown-scenario", message: expect.stringMatching(message) }),
  );
});

describe("the published result of a shipped scenario", () => {
  const file = readFileSync(path, "utf8");

  it("goes with its own file, wherever that is", () => {
    expect(findScenario(ownTemplate(file)).published).toEqual(findScenario("scenario-4").published);
  });

  it("does not go with a copy that is changed", () => {
    expect(file).toContain("    Default: 120\n");
    const { published, alias } = findScenario(ownTemplate(file.replace("    Default: 120\n", "    Default: 60\n")));
    expect({ published, alias }).toEqual({ published: null, alias: null });
  });

  it("does not go with the whole template, from which it is left out", () => {
    const { templateBody } = findScenario("scenario-4");
    expect(templateBody).not.toMatch(/Published|Alias/);
    expect(findScenario(ownTemplate(templateBody)).published).toBeNull();
  });

  it("is found again for a run that its journal kept", () => {
    const { name, file, templateBody, published } = findScenario("scenario-4");
    expect(keptScenario({ name, file, templateBody })).toMatchObject({ name, file, templateBody, published });
  });

  it("is not found for a run whose scenario was another by then", () => {
    const { name, file, templateBody } = findScenario("scenario-4");
    const older = templateBody.replace("    Default: 120\n", "    Default: 60\n");
    expect(keptScenario({ name, file, templateBody: older })).toMatchObject({ templateBody: older, published: null });
  });
});

it.each(shippedNames())(
  "gives with the text of %s the template that CloudFormation reads in it, so that one stands for both",
  (name) => {
    const { template, templateBody } = findScenario(name);
    const { places: _, ...read } = readTemplate(templateBody);
    expect(JSON.stringify({ ...template, places: undefined })).toBe(JSON.stringify(read));
  },
);

it("takes a template for a scenario by its Metadata, unless it is SAM's, which is lifted instead", () => {
  const metadata = "Metadata: { ThrottleBench: { Title: Mine } }\nResources: { Q: { Type: AWS::SQS::Queue } }\n";
  expect(isScenario(metadata)).toBe(true);
  expect(isScenario(`Transform: AWS::Serverless-2016-10-31\n${metadata}`)).toBe(false);
  expect(isScenario(`Transform: [AWS::LanguageExtensions, AWS::Serverless-2016-10-31]\n${metadata}`)).toBe(false);
  expect(isScenario(metadata.replace("ThrottleBench", "Other"))).toBe(false);
});

it("takes a template whose lines end as on Windows for the same template", () => {
  const { templateBody, templateHash } = findScenario("scenario-4");
  const ofWindows = findScenario(ownTemplate(templateBody.replaceAll("\n", "\r\n")));
  expect(ofWindows.templateBody).toBe(templateBody);
  expect(ofWindows.templateHash).toBe(templateHash);
});
