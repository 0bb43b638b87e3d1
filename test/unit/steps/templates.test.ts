/** Templates of the user's own: what their functions are, as far as the template tells. */
import { expect, it } from "vitest";
import { findScenario } from "../../../src/scenarios/catalogue.ts";
import { readScenario } from "../../../src/scenarios/scenario.ts";
import { settingsOf } from "../../../src/scenarios/settings.ts";
import { consumerSize, consumerTimeoutMs } from "../../../src/steps/consumer.ts";
import { messageGroupingOf } from "../../../src/steps/message-groups.ts";
import { minimumPollers } from "../../../src/steps/provisioned-pollers.ts";

/** A function, a queue and a mapping between them, with these properties and output. */
function aTemplate({ properties = "", mapping = "", consumer = "!Ref Consumer" }) {
  const body = `
Metadata: { ThrottleBench: { Title: mine, Topology: [SQS, Lambda] } }
Resources:
  Queue: { Type: AWS::SQS::Queue }
  Consumer:
    Type: AWS::Lambda::Function
    Properties: { Handler: consumer.handler, Runtime: nodejs22.x, Role: arn, Code: { ZipFile: x }${properties} }
  Mapping:
    Type: AWS::Lambda::EventSourceMapping
    Properties: { EventSourceArn: !GetAtt Queue.Arn, FunctionName: !Ref Consumer${mapping} }
Outputs:
  ConsumerFunction: { Value: ${consumer} }
`;
  return readScenario("mine", "mine.yaml", body);
}

it.each([
  ["Lambda's own choice where it has none", {}, { memoryMb: 128, architecture: "x86_64" }],
  ["its own", { properties: ", MemorySize: 512, Architectures: [arm64]" }, { memoryMb: 512, architecture: "arm64" }],
  ["unknown where only the stack knows the memory", { properties: ", MemorySize: !ImportValue memory" }, null],
  ["unknown where only the stack knows the architecture", { properties: ", Architectures: !ImportValue all" }, null],
  ["unknown where the output names no function", { consumer: "none" }, null],
])("a consumer's size is %s", (_, given, size) => {
  expect(consumerSize(aTemplate(given), {})).toEqual(size);
});

it.each([
  ["Lambda's own choice where it has none", {}, 3_000],
  ["its own", { properties: ", Timeout: 25" }, 25_000],
  ["the longest where only the stack knows", { properties: ", Timeout: !ImportValue timeout" }, 900_000],
  ["the longest where it is no number", { properties: ", Timeout: soon" }, 900_000],
  ["the longest where the output names no function", { consumer: "none" }, 900_000],
])("a consumer's timeout is %s", (_, given, timeoutMs) => {
  expect(consumerTimeoutMs(aTemplate(given), {})).toBe(timeoutMs);
});

it.each([
  ["none where no mapping feeds the consumer", { consumer: "none" }, 0],
  ["none of their own in the mode on demand", {}, null],
  ["as many as it says", { mapping: ", ProvisionedPollerConfig: { MinimumPollers: 7 }" }, 7],
  ["two where it says no minimum", { mapping: ", ProvisionedPollerConfig: { MaximumPollers: 9 }" }, 2],
])("the pollers of a mapping are %s", (_, given, pollers) => {
  expect(minimumPollers(aTemplate(given), {})).toBe(pollers);
});

it("a template without a producer puts no event into a message group", () => {
  expect(messageGroupingOf(aTemplate({}), {})).toEqual(messageGroupingOf(findScenario("sns-direct"), {}));
  const fifo = findScenario("fifo-ten-groups");
  expect(messageGroupingOf(fifo, settingsOf(fifo, []))).not.toEqual(messageGroupingOf(aTemplate({}), {}));
});
