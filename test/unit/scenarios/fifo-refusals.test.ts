/** FIFO queues and topics that AWS would refuse are refused before anything is made, in AWS's words, with the line and the cure. */
import { describe, expect, it } from "vitest";
import { findScenario } from "../../../src/scenarios/catalogue.ts";
import { refusals } from "../../../src/scenarios/refusals.ts";
import { readScenario } from "../../../src/scenarios/scenario.ts";
import { settingsOf } from "../../../src/scenarios/settings.ts";
import { simulate } from "../../../src/simulation/simulate.ts";
import { serviceDefaults } from "../../../src/targets/service-rules.ts";
import { placeOf } from "../../../src/template/template.ts";

type Replacement = [from: string, to: string];

/** The whole template of a scenario of a user's own: scenario-4's, changed. */
function changed(name: string, replacements: Replacement[]) {
  const text = replacements.reduce((whole, [from, to]) => {
    expect(whole.split(from)).toHaveLength(2);
    return whole.replace(from, to);
  }, findScenario(name).templateBody);
  return { text, scenario: readScenario("mine", "mine.yaml", text) };
}

const topic = "  Topic:\n    Type: AWS::SNS::Topic\n";
const queue = "  Queue:\n    Type: AWS::SQS::Queue\n    Properties:\n";
const deadLetters = "  DeadLetterQueue:\n    Type: AWS::SQS::Queue\n    Properties:\n";
const fifoTopic: Replacement = [topic, `${topic}    Properties:\n      FifoTopic: true\n`];
const fifoQueue: Replacement = [queue, `${queue}      FifoQueue: true\n`];
const fifoDeadLetters: Replacement = [deadLetters, `${deadLetters}      FifoQueue: true\n`];
const whole = [fifoTopic, fifoQueue, fifoDeadLetters];

function faultsOf(name: string, replacements: Replacement[], set: string[] = []) {
  const { text, scenario } = changed(name, replacements);
  return refusals(scenario, settingsOf(scenario, set), serviceDefaults).map(({ path, message }) => ({
    line: text.split("\n")[placeOf(scenario.template, path).line - 1]!.trim(),
    message,
  }));
}

describe("a FIFO queue is refused", () => {
  it.each([
    [
      "with a standard dead-letter queue",
      faultsOf("scenario-4", [fifoTopic, fifoQueue]),
      "deadLetterTargetArn: !GetAtt DeadLetterQueue.Arn",
      "Dead-letter queue must be same type of queue as the source; SQS refuses Queue, so add FifoQueue: true to DeadLetterQueue, or take it from Queue",
    ],
    [
      "behind a standard topic",
      faultsOf("scenario-4", [fifoQueue, fifoDeadLetters]),
      "Endpoint: !GetAtt Queue.Arn",
      "FIFO SQS Queues can not be subscribed to standard SNS topics; SNS refuses Subscription, so add FifoTopic: true to Topic, or take FifoQueue from Queue",
    ],
    [
      "with a batching window",
      faultsOf("scenario-4", whole, ["MaximumBatchingWindow=5", "BatchSize=100"]),
      "MaximumBatchingWindowInSeconds: !Ref MaximumBatchingWindow",
      "Batching window is not supported for FIFO queues; Lambda refuses the event source mapping, so set MaximumBatchingWindow to 0, or leave it out",
    ],
    [
      "with batches of more than ten",
      faultsOf("scenario-4", whole, ["BatchSize=11"]),
      "BatchSize: !Ref BatchSize",
      "Maximum batch window in seconds must be greater than 0 if maximum batch size is greater than 10; Lambda refuses the event source mapping of a FIFO queue, so lower BatchSize to at most 10",
    ],
    [
      "with a name that does not end with .fifo",
      faultsOf("scenario-4", [
        fifoTopic,
        [queue, `${queue}      FifoQueue: true\n      QueueName: orders\n`],
        fifoDeadLetters,
      ]),
      "QueueName: orders",
      "the name of a FIFO queue ends with .fifo, and no other's does: end QueueName of Queue with .fifo, or leave it out",
    ],
    [
      "that says by its name alone that it is one",
      faultsOf("scenario-4", [[queue, `${queue}      QueueName: orders.fifo\n`]]),
      "QueueName: orders.fifo",
      "the name of a FIFO queue ends with .fifo, and no other's does: add FifoQueue: true to Queue, or take .fifo from its QueueName",
    ],
  ])("%s", (_, faults, line, message) => {
    expect(faults).toEqual([{ line, message }]);
  });

  it("as a FIFO topic is for a function", () => {
    const [fault, ...others] = faultsOf("scenario-2", [fifoTopic]);
    expect([fault!.line, others]).toEqual(["Endpoint: !GetAtt ConsumerFunction.Arn", []]);
    expect(fault!.message).toMatch(/^Please use FIFO SQS queue; SNS refuses Subscription/);
  });
});

it("runs a user's own template whose topic and queues are FIFO in one message group, where it names none", async () => {
  const { scenario } = changed("scenario-4", whole);
  const settings = settingsOf(scenario, []);
  expect(refusals(scenario, settings, serviceDefaults)).toEqual([]);
  const model = { platform: "2026", profile: null, ranges: false } as const;
  const variation = { settings, events: 30, seed: 1, assumptions: {}, timeoutMs: 86_400_000 };
  const { summary, details } = await simulate({ scenario, model, limit: null, waitForMetrics: true }, variation);
  expect(summary).toMatchObject({ eventsCompleted: 30, eventsFailed: 0, maxConcurrency: 1 });
  expect(details.throttles).toBe(0);
});
