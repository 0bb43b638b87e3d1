/** From a scenario's own file to the whole template that is deployed. */
import { describe, expect, it } from "vitest";
import { shippedScenarios } from "../../../src/scenarios/catalogue.ts";
import { readScenario } from "../../../src/scenarios/scenario.ts";
import { readTemplate } from "../../../src/template/sections.ts";
import { placeOf } from "../../../src/template/template.ts";
import { toyTemplate } from "../../cli/toy-template.ts";

const parts = "consumer, producer-to-topic, topic-to-consumer, dead-letters, log-groups, network";

function ofParts(names: string, more = ""): string {
  return `Metadata:
  ThrottleBench:
    Title: a toy of parts
    Topology: [SNS, Lambda]
    Parts: [${names}]
${more}`;
}

const read = (text: string) => readScenario("toy", "toy.yaml", text);

describe.each(shippedScenarios())("the whole of $name", (scenario) => {
  const { template, templateBody, templateHash } = scenario;

  it("is what was read, and reads back to the same hash", () => {
    const { places: _, ...data } = template;
    const { places: __, ...again } = readTemplate(templateBody);
    expect(again).toEqual(data);
    expect(read(templateBody)).toMatchObject({ templateBody, templateHash, published: null });
  });

  it("tells CloudFormation nothing that is about our files", () => {
    const kept = ["Title", "Summary", "Topology", "Limit", "Claims", "WhenToUse", "Pros", "Cons"];
    expect(kept).toEqual(expect.arrayContaining(Object.keys(template.metadata.ThrottleBench as object)));
    expect(templateBody).not.toMatch(/Parts:|Published|Alias|\.yaml|infra/);
  });

  it("keeps the reasons that the parts give, and no more than one blank line", () => {
    expect(templateBody).toContain("\n  # A burst that one invocation cannot publish is fired by several");
    expect(templateBody).toMatch(/MessageRetentionPeriod: 1209600 # 14 days/);
    expect(templateBody).not.toMatch(/\n\n\n|^\n/);
  });
});

it("is the file's own text where there is nothing to put together or to take out", () => {
  const odd = `# Written by hand.\n${toyTemplate.replace("[SNS, Lambda]", "[ 'SNS',   Lambda ]")}\n\n`;
  expect(read(odd).templateBody).toBe(odd);
});

it("is put together from the parts that a file names, and is the file's where both say something", () => {
  const { template } = read(ofParts(parts, "Parameters:\n  WorkMs: { Default: 5 }\n"));
  expect(template.parameters.find(({ name }) => name === "WorkMs")).toMatchObject({ default: "5", maxValue: 900_000 });
  expect(placeOf(template, ["Parameters", "WorkMs", "Default"])).toEqual({ file: "toy.yaml", line: 7 });
  const { file, line } = placeOf(template, ["Parameters", "WorkMs", "MaxValue"]);
  expect({ file, line }).toEqual({ file: expect.stringMatching(/infra\/parts\/consumer\.yaml$/), line: 8 });
});

it("has the parts that a part names, each once, and nothing of a part's own description", () => {
  const { template } = read(
    ofParts(
      "producer, producer-to-topic, topic-to-queue, consumer, queue-to-consumer, dead-letters, log-groups, network",
    ),
  );
  expect(template.resources.map(({ logicalId }) => logicalId).filter((id) => id === "Queue")).toEqual(["Queue"]);
  const { template: less } = read(ofParts(parts));
  const producer = less.resources.find(({ logicalId }) => logicalId === "ProducerFunction")!;
  expect(Object.keys((producer.properties.Environment as { Variables: object }).Variables)).toEqual([
    "PUBLISH_RATE",
    "DUPLICATE_RATE",
    "TOPIC_ARN",
  ]);
  expect(Object.keys(less.metadata)).toEqual(["ThrottleBench"]);
  expect(placeOf(less, ["Resources", "ProducerFunction"]).file).toMatch(/producer\.yaml$/);
});

it.each([
  [
    "a part that there is not",
    ofParts("consumer, network, dead-leters"),
    /^toy\.yaml, line 5: there is no part "dead-leters"; did you mean dead-letters\?$/,
  ],
  [
    "a part like no other",
    ofParts("zzzzzz"),
    /^toy\.yaml, line 5: there is no part "zzzzzz"; there are asynchronous-consumer, .*\.$/,
  ],
  ["a path for a part", ofParts("../scenarios/scenario-1"), /^toy\.yaml, line 5: there is no part/],
  [
    "parts that are no list",
    toyTemplate.replace("    Title", "    Parts: network\n    Title"),
    /^toy\.yaml, line 4: .*Parts has to be a list/,
  ],
  [
    "a part twice",
    ofParts("consumer, consumer"),
    /^toy\.yaml, line 5: the part consumer is named twice; name it once\.$/,
  ],
  [
    "two parts that say different things",
    ofParts("topic-to-consumer, topic-to-queue"),
    /^toy\.yaml with its parts: .*parts\/topic-to-queue\.yaml, line \d+: Resources\.Subscription\.Type is given by another part as well/,
  ],
  [
    "a part without the one that it adds to",
    ofParts("reserved-concurrency"),
    /^toy\.yaml with its parts: .*parts\/reserved-concurrency\.yaml, line \d+: .*Every Resources object must contain a Type/,
  ],
  [
    "a value that a part's bounds forbid",
    ofParts(parts, "Parameters:\n  WorkMs:\n    Default: -1\n"),
    /^toy\.yaml, line 8: the default of parameter WorkMs/,
  ],
])("cannot be made with %s", (_, text, message) => {
  expect(() => read(text)).toThrowError(
    expect.objectContaining({ code: "bad-template", message: expect.stringMatching(message) }),
  );
});
