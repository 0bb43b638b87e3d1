/** Whatever a template holds, its faults are sentences with lines, and nothing else is thrown. */
import fc from "fast-check";
import { expect, it } from "vitest";
import { requireFaultless, withEveryFault } from "../../../src/cli/running/faults.ts";
import { BenchError } from "../../../src/errors.ts";
import { findScenario } from "../../../src/scenarios/catalogue.ts";
import { readScenario } from "../../../src/scenarios/scenario.ts";
import { settingsOf } from "../../../src/scenarios/settings.ts";

const words =
  "toString __proto__ constructor hasOwnProperty Ref Fn::GetAtt Fn::Sub Fn::Join Fn::If Fn::Select Fn::Split Fn::FindInMap Fn::Cidr Fn::Length Fn::Equals Fn::Not Condition Type Properties Queue ConsumerFunction Arn AWS::NoValue AWS::SQS::Queue Value ${Queue.Arn} ${!a} ${}".split(
    " ",
  );
const word = fc.oneof(fc.constantFrom(...words), fc.string({ maxLength: 5 }));
const { value } = fc.letrec((tie) => ({
  value: fc.oneof(
    { maxDepth: 4 },
    word,
    fc.integer(),
    fc.boolean(),
    fc.array(tie("value"), { maxLength: 3 }),
    fc.dictionary(word, tie("value"), { maxKeys: 3, noNullPrototype: true }),
  ),
}));

const { Resources, ...sections } = JSON.parse(JSON.stringify(plain())) as Record<string, Record<string, unknown>>;

/** The shipped template as data, without its functions in short form. */
function plain() {
  const { template } = findScenario("scenario-4");
  return {
    Metadata: template.metadata,
    Conditions: template.conditions,
    Resources: Object.fromEntries(template.resources.map(({ logicalId, declaration }) => [logicalId, declaration])),
    Outputs: Object.fromEntries(template.outputs.map(({ name, declaration }) => [name, declaration])),
  };
}

it("is read, or refused as a bad template, in the time that its size takes", () => {
  const sectionNames = fc.constantFrom(
    "Parameters",
    "Mappings",
    "Conditions",
    "Outputs",
    "Metadata",
    "Rules",
    "Transform",
  );
  const inResource = fc.tuple(fc.constantFrom(...Object.keys(Resources!)), word, value);
  fc.assert(
    fc.property(sectionNames, word, value, inResource, (section, key, anything, [logicalId, property, other]) => {
      const resource = Resources![logicalId] as { Properties?: Record<string, unknown> };
      const changed = { ...resource, Properties: { ...resource.Properties, [property]: other } };
      const text = JSON.stringify({
        ...sections,
        [section]: { ...sections[section], [key]: anything },
        Resources: { ...Resources, [logicalId]: changed, Queue9: anything },
      });
      try {
        const scenario = readScenario("mine", "mine.json", text);
        requireFaultless(scenario, settingsOf(scenario, []), true);
      } catch (thrown) {
        const error = withEveryFault(thrown, [], true);
        if (!(error instanceof BenchError)) throw error;
        expect(["bad-template", "bad-setting"]).toContain(error.code);
        for (const { place } of error.faults) expect(place.line).toBeGreaterThanOrEqual(1);
      }
    }),
    // .ci/run tries more.
    { numRuns: Number(process.env.FAST_CHECK_RUNS ?? 100) },
  );
});
