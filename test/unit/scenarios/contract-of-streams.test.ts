/** The contract of templates with streams: what would be lost, and what a batch would be too much for. */
import { expect, it } from "vitest";
import { findScenario } from "../../../src/scenarios/catalogue.ts";
import { contractFaults } from "../../../src/scenarios/contract.ts";
import { readScenario } from "../../../src/scenarios/scenario.ts";
import { settingsOf } from "../../../src/scenarios/settings.ts";
import { warningsOf } from "../../../src/scenarios/warnings.ts";
import { serviceDefaults } from "../../../src/targets/service-rules.ts";

function changed(name: string, from: RegExp, to: string) {
  const { templateBody } = findScenario(name);
  expect(templateBody).toMatch(from);
  const scenario = readScenario("own", "own.yaml", templateBody.replace(from, to));
  return { scenario, faults: contractFaults(scenario, settingsOf(scenario, [])) };
}

it("asks for a recorder of the records that a stream's mapping gives up", () => {
  const recorded = /EventSourceArn: !GetAtt DeadLetterQueue.Arn/;
  const { faults } = changed("kinesis-one-shard", recorded, "EventSourceArn: !GetAtt ProducerReports.Arn");
  expect(faults).toEqual([
    {
      path: ["Resources", "ConsumerMapping", "Properties", "DestinationConfig", "OnFailure", "Destination"],
      message: expect.stringContaining("the events that ConsumerMapping gives up go to DeadLetterQueue"),
    },
  ]);
});

it("finds that an adapter that no output names would get no code", () => {
  const output = /\n {2}AdapterFunction:\n {4}Description: .*\n {4}Value: !Ref AdapterFunction/;
  expect(changed("sns-to-kinesis", output, "").faults).toEqual([
    expect.objectContaining({
      path: ["Resources", "AdapterFunction"],
      message: expect.stringContaining("AdapterFunction gets events by Subscription and no code"),
    }),
  ]);
});

it("finds that an adapter has no sink", () => {
  const { faults } = changed("sns-to-kinesis", /STREAM_NAME: !Ref Stream/, "OTHER: !Ref Stream");
  expect(faults).toEqual([
    expect.objectContaining({ message: expect.stringContaining("AdapterFunction lacks the environment variable") }),
  ]);
});

it.each([
  ["BatchSize", /BatchSize: !Ref BatchSize/, "BatchSize: 20", 20],
  ["Lambda's default", /\n +BatchSize: !Ref BatchSize/, "", 100],
])("warns of a stream's batches that the function's timeout does not hold, by %s", (_how, from, to, batchSize) => {
  const { scenario } = changed("kinesis-one-shard", from, to);
  expect(warningsOf(scenario, settingsOf(scenario, []), null, serviceDefaults)).toContainEqual(
    expect.objectContaining({ code: "work-beyond-timeout", functionName: "ConsumerFunction", batchSize }),
  );
});
