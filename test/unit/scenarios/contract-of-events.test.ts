/** The contract of templates with rules and public URLs: what would be refused, or lost, in every event. */
import { expect, it } from "vitest";
import { findScenario } from "../../../src/scenarios/catalogue.ts";
import { contractFaults } from "../../../src/scenarios/contract.ts";
import { readScenario } from "../../../src/scenarios/scenario.ts";
import { settingsOf } from "../../../src/scenarios/settings.ts";

const whole = findScenario("api-destination").templateBody;

function faultsOf(...replacements: [from: string | RegExp, to: string][]) {
  const text = replacements.reduce((changed, [from, to]) => {
    expect(changed).toMatch(from);
    return changed.replace(from, to);
  }, whole);
  const scenario = readScenario("own", "own.yaml", text);
  return contractFaults(scenario, settingsOf(scenario, []));
}

it("finds nothing to object to in api-destination", () => {
  expect(faultsOf()).toEqual([]);
});

it("asks for the key of a consumer with a public URL", () => {
  expect(faultsOf([/\n +URL_KEY: !Ref UrlKey/, ""])).toEqual([
    {
      path: ["Resources", "ConsumerFunction", "Properties", "Environment", "Variables"],
      message: expect.stringContaining("ConsumerUrl invokes ConsumerFunction, whose environment lacks URL_KEY"),
    },
  ]);
});

it("refuses a disabled rule before the API destination that the consumer's URL is", () => {
  expect(faultsOf([/(\n +)(EventPattern:)/, "$1State: DISABLED$1$2"])).toEqual([
    {
      path: ["Resources", "Rule", "Properties", "State"],
      message: "Rule is disabled, so that no event reaches ConsumerFunction: remove State: DISABLED",
    },
  ]);
  expect(faultsOf([/(\n +)(EventPattern:)/, "$1State: ENABLED$1$2"])).toEqual([]);
});

/** An SQS queue that a rule of EventBridge feeds, in place of the API destination. */
const ofQueue: [from: string | RegExp, to: string] = [
  /(\nResources:\n)/,
  `$1
  Jobs: { Type: AWS::SQS::Queue }
  ConsumerMapping:
    Type: AWS::Lambda::EventSourceMapping
    Properties: { EventSourceArn: !GetAtt Jobs.Arn, FunctionName: !Ref ConsumerFunction }
  ToJobs:
    Type: AWS::Events::Rule
    Properties:
      State: DISABLED
      EventPattern: { source: [throttle-bench] }
      Targets: [{ Id: jobs, Arn: !GetAtt Jobs.Arn }]
`,
];

it("refuses a disabled rule before the queue that the consumer's events come through, unless others send to it", () => {
  const direct: [RegExp, string] = [/\n {2}ConsumerUrl:\n(?: {3,}.*\n)+/, "\n"];
  const isOff = {
    path: ["Resources", "ToJobs", "Properties", "State"],
    message: expect.stringMatching(/^ToJobs is disabled/),
  };
  const messagesOf = (...replacements: [string | RegExp, string][]) =>
    faultsOf(direct, ofQueue, ...replacements).filter(({ message }) => message.includes("disabled"));
  expect(messagesOf()).toEqual([isOff]);
  expect(messagesOf(["State: DISABLED", "State: ENABLED"])).toEqual([]);
  const other =
    "$1  JobsTable: { Type: AWS::SQS::Queue }\n  Other: { Type: AWS::SNS::Topic, Properties: { Subscription: [{ Protocol: sqs, Endpoint: !GetAtt JobsTable.Arn }] } }\n";
  expect(messagesOf([/(\nResources:\n)/, other])).toEqual([isOff]);
  const subscribed =
    "$1  Fan: { Type: AWS::SNS::Topic, Properties: { Subscription: [{ Protocol: sqs, Endpoint: !GetAtt Jobs.Arn }] } }\n";
  expect(messagesOf([/(\nResources:\n)/, subscribed])).toEqual([]);
});

it("asks for the queue and the count of a consumer that a schedule invokes", () => {
  const scheduled = `$1
  Schedule:
    Type: AWS::Events::Rule
    Properties:
      ScheduleExpression: rate(1 minute)
      Targets:
        - Id: consumer
          Arn: !GetAtt ConsumerFunction.Arn
`;
  expect(faultsOf([/(\nResources:\n)/, scheduled])).toEqual([
    expect.objectContaining({
      message: expect.stringContaining(
        "Schedule invokes ConsumerFunction, whose environment lacks QUEUE_URL and PULL_COUNT",
      ),
    }),
  ]);
});

it("asks for a recorder of what a rule's target gives up", () => {
  const faults = faultsOf([
    /EventSourceArn: !GetAtt DeadLetterQueue.Arn/,
    "EventSourceArn: !GetAtt ProducerReports.Arn",
  ]);
  expect(faults).toContainEqual({
    path: ["Resources", "Rule", "Properties", "Targets", 0, "DeadLetterConfig", "Arn"],
    message: expect.stringContaining("the events that Rule gives up go to DeadLetterQueue"),
  });
});
