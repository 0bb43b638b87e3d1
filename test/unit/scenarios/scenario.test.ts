/** From template to scenario, and the contract between them. */
import { expect, it } from "vitest";
import { readScenario } from "../../../src/scenarios/scenario.ts";
import { toyTemplate } from "../../cli/toy-template.ts";

const read = (template: string) => readScenario("toy", "toy.yaml", template);

const published = `
    Published:
      Source: a table
      Platform: "2020"
      TotalEvents: 1000
      EventsCompleted: 895
      EventsFailed: 105
      TimeTakenSeconds: 1254
      MaxConcurrency: 1
      InsertsPerSecond: { Avg: "0.71", Max: 1, Min: 1 }
Parameters:`;

/** The toy with more members of a section than CloudFormation takes. */
function many(section: string, count: number, member: string): string {
  const members = Array.from({ length: count }, (_, index) => `  X${index}: ${member}\n`).join("");
  return toyTemplate.replace(`${section}:\n`, `${section}:\n${members}`);
}

it("reads what the template says of itself", () => {
  expect(read(toyTemplate)).toMatchObject({
    name: "toy",
    file: "toy.yaml",
    title: "a toy",
    summary: "It shows what a template has to have.",
    topology: ["SNS", "Lambda"],
    limit: null,
    claims: [],
    whenToUse: null,
    pros: ["small"],
    cons: ["useless"],
    published: null,
    templateBody: toyTemplate,
    templateHash: expect.stringMatching(/^[0-9a-f]{64}$/),
  });
});

it("reads what a scenario promises, and when it is the one to use", () => {
  const more = "    Claims: [keeps-limit, loses-nothing]\n    WhenToUse: When nothing else will do.\n    Summary";
  expect(read(toyTemplate.replace("    Summary", more))).toMatchObject({
    claims: ["keeps-limit", "loses-nothing"],
    whenToUse: "When nothing else will do.",
  });
});

it("reads a published result, decimals also where they are quoted", () => {
  expect(read(toyTemplate.replace("\nParameters:", published)).published).toEqual({
    source: "a table",
    platform: "2020",
    totalEvents: 1000,
    eventsCompleted: 895,
    eventsFailed: 105,
    timeTakenSeconds: 1254,
    maxConcurrency: 1,
    insertsPerSecond: { avg: 0.71, max: 1, min: 1 },
    notes: [],
  });
});

it.each([
  [
    "no description",
    toyTemplate.replace("ThrottleBench", "Bench"),
    /line 2: Metadata has no ThrottleBench: add it with a Title/,
  ],
  ["no title", toyTemplate.replace("    Title: a toy\n", ""), /line 3: Metadata\.ThrottleBench\.Title: /],
  ["an empty path", toyTemplate.replace("[SNS, Lambda]", "[]"), /line 6: Metadata\.ThrottleBench\.Topology: /],
  ["a mistyped key", toyTemplate.replace("Pros", "Prose"), /line \d+: Metadata\.ThrottleBench.*Prose/],
  [
    "a figure in words",
    toyTemplate.replace("\nParameters:", published).replace('"0.71"', "some"),
    /line 17: .*Avg: give a number/,
  ],
  [
    "an alias with a blank",
    toyTemplate.replace("    Summary", "    Alias: a toy\n    Summary"),
    /line 5: .*Alias: give lower-case/,
  ],
  [
    "a claim that nobody can check",
    toyTemplate.replace("    Summary", "    Claims: [loses-nothing, is-fast]\n    Summary"),
    /line 5: .*Claims\.1: give some of loses-nothing, keeps-limit, /,
  ],
  [
    "a claim twice",
    toyTemplate.replace("    Summary", "    Claims: [keeps-limit, keeps-limit]\n    Summary"),
    /line 5: .*Claims: give each claim once/,
  ],
  ["no YAML", "Metadata: [", /^toy\.yaml, line \d+: /],
  ["a default that breaks its own bounds", toyTemplate.replace("Default: 5", "Default: 101"), /line 12: .*WorkMs/],
  ["more bytes than CloudFormation takes", toyTemplate + "#".repeat(51_200), /^toy\.yaml, line 1: .* at most 51200/],
  [
    "too many resources",
    many("Resources", 501, "{ Type: AWS::SNS::Topic }"),
    /line 23: .* 505 resources, .* at most 500/,
  ],
  ["too many outputs", many("Outputs", 201, "{ Value: x }"), /line 39: .* 203 outputs, .* at most 200/],
  [
    "too many parameters",
    many("Parameters", 201, "{ Type: String, Default: x }"),
    /line 9: .* 204 parameters, .* at most 200/,
  ],
])("refuses a template with %s", (_, template, message) => {
  expect(() => read(template)).toThrowError(
    expect.objectContaining({ code: "bad-template", message: expect.stringMatching(message) }),
  );
});
