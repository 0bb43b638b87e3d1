/** A template's contract is checked before anything is created: status 2, every fault at once, each with its line. */
import { describe, expect, it } from "vitest";
import { findScenario } from "../../src/scenarios/catalogue.ts";
import { aWorkplace, onDatabase } from "./throttle-bench.ts";

const whole = findScenario("scenario-4").templateBody;

/** The whole template of scenario-4 with some of its lines replaced. */
function changed(...replacements: [from: string, to: string][]): string {
  return replacements.reduce((text, [from, to]) => {
    expect(text).toContain(from);
    return text.replace(from, to);
  }, whole);
}

/** The number of the first line of a text, where it stands for the first time. */
function lineOf(template: string, text: string): number {
  return template.slice(0, template.indexOf(text)).split("\n").length;
}

const consumerVariables = `          DATABASE_URL: !Ref DatabaseUrl
          WORK_MS: !Ref WorkMs
`;

const secondConsumer = `
  SecondQueue:
    Type: AWS::SQS::Queue

  SecondMapping:
    Type: AWS::Lambda::EventSourceMapping
    Properties:
      EventSourceArn: !GetAtt SecondQueue.Arn
      FunctionName: !GetAtt SecondConsumer.Arn

  SecondConsumer:
    Type: AWS::Lambda::Function
    Properties:
      Handler: consumer.handler
      Runtime: nodejs22.x
      Code: { ZipFile: "" }
      Role: !GetAtt ConsumerRole.Arn

Outputs:`;

/** `at`: a text of the line that is named */
const breaches: [what: string, template: string, at: string, message: RegExp][] = [
  [
    "a consumer's handler that is none of the harness's",
    changed(["Handler: consumer.handler", "Handler: index.handler"]),
    "index.handler",
    /the Handler of ConsumerFunction is index\.handler: .* write Handler: consumer\.handler/,
  ],
  [
    "a producer's handler that is none of the harness's",
    changed(["Handler: producer.handler", "Handler: consumer.handler # a producer?"]),
    "a producer?",
    /the Handler of ProducerFunction is consumer\.handler: .* write Handler: producer\.handler/,
  ],
  [
    "a recorder's handler that is none of the harness's",
    changed(["Handler: recorder.handler", "Handler: recorder.main"]),
    "recorder.main",
    /the Handler of DeadLetterRecorderFunction is recorder\.main: /,
  ],
  [
    "a consumer without the database's URL",
    changed([consumerVariables, "          WORK_MS: !Ref WorkMs\n"]),
    "        Variables:\n          WORK_MS",
    /ConsumerFunction lacks the environment variable DATABASE_URL, .* add it, with DATABASE_URL: !Ref DatabaseUrl/,
  ],
  [
    "a consumer without several variables",
    changed([consumerVariables, "          # neither\n"]),
    "        Variables:\n          # neither",
    /ConsumerFunction lacks the environment variables DATABASE_URL and WORK_MS/,
  ],
  [
    "a producer without its topic",
    changed(["          TOPIC_ARN: !Ref Topic\n", ""]),
    "        Variables:\n          PUBLISH_RATE",
    /ProducerFunction lacks the environment variable TOPIC_ARN/,
  ],
  [
    "work that is no number",
    changed(["WORK_MS: !Ref WorkMs", "WORK_MS: 1s"]),
    "WORK_MS: 1s",
    /ConsumerFunction: the environment variable WORK_MS is "1s"; it has to be a number of zero or more/,
  ],
  [
    "a rate that is no share",
    changed(["FAILURE_RATE: !Ref FailureRate", "FAILURE_RATE: 2"]),
    "FAILURE_RATE: 2",
    /ConsumerFunction: the environment variable FAILURE_RATE is "2"; it has to be a share from 0 to 1/,
  ],
  [
    "a limit that is none",
    changed(["DOWNSTREAM_LIMIT: !Ref DownstreamLimit", "DOWNSTREAM_LIMIT: 1 per second"]),
    "DOWNSTREAM_LIMIT: 1 per second",
    /ConsumerFunction: "1 per second" is no limit: give calls per second or per minute, such as 1\/s/,
  ],
  [
    "a pace that is no number",
    changed(["PUBLISH_RATE: !Ref PublishRate", "PUBLISH_RATE: 50/s"]),
    "PUBLISH_RATE: 50/s",
    /ProducerFunction: the environment variable PUBLISH_RATE is "50\/s"; it has to be a number of zero or more/,
  ],
  [
    "a group whose rows nobody looks for",
    changed(["GROUP: dead-letter", "GROUP: dead"]),
    "GROUP: dead",
    /the environment variable GROUP of DeadLetterRecorderFunction is "dead": .* write GROUP: dead-letter/,
  ],
  [
    "a dead-letter queue that nobody records",
    changed(["EventSourceArn: !GetAtt DeadLetterQueue.Arn", "EventSourceArn: !GetAtt ProducerReports.Arn"]),
    "deadLetterTargetArn",
    /the events that Queue gives up go to DeadLetterQueue, and no enabled event source mapping takes them to the recorder/,
  ],
  [
    "a dead-letter queue whose mapping is disabled",
    changed([
      "EventSourceArn: !GetAtt DeadLetterQueue.Arn",
      "EventSourceArn: !GetAtt DeadLetterQueue.Arn\n      Enabled: false",
    ]),
    "deadLetterTargetArn",
    /no enabled event source mapping takes them to the recorder/,
  ],
  [
    "a second function that nobody gives code",
    changed(["\nOutputs:", secondConsumer]),
    "  SecondConsumer:",
    /SecondConsumer gets events by SecondMapping and no code, .*: remove SecondConsumer/,
  ],
  [
    "a consumer's mapping that is disabled",
    changed(["EventSourceArn: !GetAtt Queue.Arn", "Enabled: no\n      EventSourceArn: !GetAtt Queue.Arn"]),
    "Enabled: no",
    /ConsumerMapping is disabled, so that no event reaches ConsumerFunction: remove Enabled: false/,
  ],
  [
    "a consumer's mapping that another region alone makes",
    changed(
      ["  ConsumerMapping:\n", "  ConsumerMapping:\n    Condition: IsElsewhere\n"],
      ["Conditions:\n", "Conditions:\n  IsElsewhere: !Equals [!Ref AWS::Region, eu-west-1]\n"],
    ),
    "  ConsumerFunction:\n    Type",
    /nothing invokes ConsumerFunction: add an event source mapping or a subscription that does/,
  ],
  [
    "a consumer that nothing invokes",
    changed(["FunctionName: !Ref ConsumerFunction", "FunctionName: !Ref DeadLetterRecorderFunction"]),
    "  ConsumerFunction:\n    Type",
    /nothing invokes ConsumerFunction: add an event source mapping or a subscription that does/,
  ],
  [
    "a queue of reports that is not named by its URL",
    changed(["Value: !Ref ProducerReports", "Value: !GetAtt ProducerReports.Arn"]),
    "Value: !GetAtt ProducerReports.Arn",
    /the output ProducerReports has to be the queue's URL: write !Ref ProducerReports/,
  ],
  [
    "a consumer that is no function",
    changed(["Value: !Ref ConsumerFunction", "Value: !GetAtt ConsumerRole.Arn"]),
    "Value: !GetAtt ConsumerRole.Arn",
    /the output ConsumerFunction has to name an AWS::Lambda::Function of the template/,
  ],
  [
    "a timeout that Lambda has not",
    changed(["Timeout: !Ref ConsumerTimeout", "Timeout: 0"]),
    "Timeout: 0",
    /property Timeout of AWS::Lambda::Function \(ConsumerFunction\) must be between 1 and 900, not 0/,
  ],
  [
    "a negative reservation",
    changed(["ReservedConcurrentExecutions: !Ref ReservedConcurrency", "ReservedConcurrentExecutions: -1"]),
    "ReservedConcurrentExecutions: -1",
    /ReservedConcurrentExecutions of AWS::Lambda::Function \(ConsumerFunction\) must be at least 0, not -1/,
  ],
  [
    "a batch of nothing",
    changed(["BatchSize: !Ref BatchSize", "BatchSize: 0"]),
    "BatchSize: 0",
    /BatchSize of AWS::Lambda::EventSourceMapping \(ConsumerMapping\) must be between 1 and 10000, not 0/,
  ],
  [
    "a concurrency that mappings have not, where a condition is true",
    changed([
      '  LimitsConcurrency: !Not [!Equals [!Ref MaximumConcurrency, "0"]]',
      "  LimitsConcurrency: !Equals [a, a]",
    ]),
    "ScalingConfig: !If",
    /ScalingConfig\.MaximumConcurrency of AWS::Lambda::EventSourceMapping .* must be between 2 and 1000, not 0/,
  ],
  [
    "a retention that queues have not",
    changed(["MessageRetentionPeriod: 1209600", "MessageRetentionPeriod: 1209601"]),
    "1209601",
    /MessageRetentionPeriod of AWS::SQS::Queue .* must be between 60 and 1209600, not 1209601/,
  ],
  [
    "an age that asynchronous events have not",
    changed(["MaximumEventAgeInSeconds: 180", "MaximumEventAgeInSeconds: 59"]),
    "MaximumEventAgeInSeconds: 59",
    /MaximumEventAgeInSeconds of AWS::Lambda::EventInvokeConfig .* must be between 60 and 21600, not 59/,
  ],
  [
    "a visibility timeout below the function's, which is the service's default",
    changed(
      ["      VisibilityTimeout: !Ref VisibilityTimeout\n", ""],
      ["Timeout: !Ref ConsumerTimeout", "Timeout: 60"],
    ),
    "    Properties:\n      RedrivePolicy:",
    /Queue visibility timeout: 30 seconds is less than Function timeout: 60 seconds; .* raise VisibilityTimeout of Queue to at least 60, or lower Timeout of ConsumerFunction to at most 30/,
  ],
];

describe("run", () => {
  it.each(breaches)("refuses %s", async (_, template, at, message) => {
    const workplace = aWorkplace();
    const file = workplace.write("mine.yaml", template);
    const { status, stdout, stderr } = await workplace.run("run", file, "--events", "1");
    expect(stderr).toMatch(message);
    expect(stderr).toMatch(/^error: mine\.yaml, line \d+: .*\.\n$/);
    expect(Number(/line (\d+)/.exec(stderr)![1])).toBe(lineOf(template, at));
    expect({ status, stdout, files: workplace.files() }).toEqual({ status: 2, stdout: "", files: ["mine.yaml"] });
  });

  it("tells every fault at once, in the order of the lines", async () => {
    const template = changed(
      ["Handler: consumer.handler", "Handler: index.handler"],
      ["TOPIC_ARN: !Ref Topic", "TOPIC: !Ref Topic"],
      ["BatchSize: !Ref BatchSize", "BatchSize: 0"],
    );
    const workplace = aWorkplace();
    const { status, stdout, stderr } = await workplace.run("run", workplace.write("mine.yaml", template));
    const [head, ...faults] = stderr.trimEnd().split("\n");
    expect(head).toBe("error: mine has 3 faults:");
    const lines = ["index.handler", "        Variables:\n          PUBLISH_RATE", "BatchSize: 0"].map((at) =>
      lineOf(template, at),
    );
    expect(faults.map((fault) => Number(/^ {2}mine\.yaml, line (\d+): .*\.$/.exec(fault)?.[1]))).toEqual(
      lines.sort((a, b) => a - b),
    );
    expect({ status, stdout }).toEqual({ status: 2, stdout: "" });
  });

  it("tells of every variable that a handler cannot work with", async () => {
    const template = changed(
      ["WORK_MS: !Ref WorkMs", "WORK_MS: 0.5"],
      ["WHEN_REFUSED: !Ref WhenRefused", "WHEN_REFUSED: never"],
      ["HOLD_MS: !Ref HoldMs", "HOLD_MS: -1"],
      ["GROUP: consumer", "GROUP: mine"],
    );
    const workplace = aWorkplace();
    const { status, stderr } = await workplace.run("run", workplace.write("mine.yaml", template));
    const [head, ...faults] = stderr.trimEnd().split("\n");
    expect(head).toBe("error: mine has 4 faults:");
    const lines = ["WORK_MS: 0.5", "HOLD_MS: -1", "WHEN_REFUSED: never", "GROUP: mine"].map((at) =>
      lineOf(template, at),
    );
    expect(faults.map((fault) => Number(/line (\d+): /.exec(fault)?.[1]))).toEqual(lines);
    expect(status).toBe(2);
  });

  it("refuses outputs that are missing, both at once", async () => {
    const template = changed(
      ["  ProducerFunction:\n    Description", "  Producer:\n    Description"],
      ["  ConsumerFunction:\n    Description", "  Consumer:\n    Description"],
    );
    const workplace = aWorkplace();
    const { status, stderr } = await workplace.run("run", workplace.write("mine.yaml", template));
    expect(stderr).toMatch(
      /the output ProducerFunction is missing: add it, .*\n.*the output ConsumerFunction is missing/,
    );
    expect(status).toBe(2);
  });

  it("names the file of a part, and the user's that names it", async () => {
    const workplace = aWorkplace();
    const template = "Metadata: { ThrottleBench: { Title: a toy, Topology: [SNS], Parts: [consumer, log-groups] } }";
    const { status, stderr } = await workplace.run(
      "run",
      workplace.write("mine.yaml", template),
      "--set",
      "ConsumerTimeout=3",
    );
    expect(stderr).toMatch(
      / mine\.yaml with its parts: .*parts\/consumer\.yaml, line \d+: the output ProducerFunction is missing/,
    );
    expect(status).toBe(2);
  });

  it("checks the contract before it asks for an account", async () => {
    const workplace = aWorkplace();
    const file = workplace.write("mine.yaml", changed(["Timeout: !Ref ConsumerTimeout", "Timeout: 0"]));
    const { status, stderr } = await workplace.run("run", file, "--target", "aws");
    expect(stderr).toMatch(/^error: mine\.yaml, line \d+: property Timeout .*must be between 1 and 900/);
    expect({ status, files: workplace.files() }).toEqual({ status: 2, files: ["mine.yaml"] });
  });

  it.each([
    [
      "VisibilityTimeout=30 ConsumerTimeout=60",
      "scenario-4: Queue visibility timeout: 30 seconds is less than Function timeout: 60 seconds; Lambda refuses the event source mapping, so raise VisibilityTimeout to at least 60, or lower ConsumerTimeout to at most 30.",
    ],
    [
      "BatchSize=11",
      "scenario-4: Maximum batch window in seconds must be greater than 0 if maximum batch size is greater than 10; Lambda refuses the event source mapping, so raise MaximumBatchingWindow to at least 1, or lower BatchSize to at most 10.",
    ],
  ])("refuses --set %s of a shipped scenario, which AWS would", async (settings, sentence) => {
    const workplace = aWorkplace();
    const flags = settings.split(" ").flatMap((setting) => ["--set", setting]);
    const { status, stdout, stderr } = await workplace.run("run", "scenario-4", "--events", "1", ...flags);
    expect(stderr).toBe(`error: ${sentence}\n`);
    expect({ status, stdout, files: workplace.files() }).toEqual({ status: 2, stdout: "", files: [] });
  });

  it("takes a visibility timeout and a window that are just enough", async () => {
    const workplace = aWorkplace();
    const settings = ["VisibilityTimeout=10", "ConsumerTimeout=10", "BatchSize=11", "MaximumBatchingWindow=1"];
    const flags = settings.flatMap((setting) => ["--set", setting]);
    const { status, stderr } = await workplace.run(
      "run",
      "scenario-4",
      "--events",
      "1",
      "--json",
      ...flags,
      ...(await onDatabase()),
    );
    expect({ status, stderr }).toMatchObject({ status: 0 });
  });

  it("measures events that come raw, without the topic's envelope", async () => {
    const template = changed(["      Protocol: sqs\n", "      Protocol: sqs\n      RawMessageDelivery: true\n"]);
    const workplace = aWorkplace();
    const file = workplace.write("raw.yaml", template);
    const { status, stdout } = await workplace.run(
      "run",
      file,
      "--events",
      "20",
      "--set",
      "WorkMs=0",
      "--json",
      ...(await onDatabase()),
    );
    expect(JSON.parse(stdout)[0].summary).toMatchObject({ eventsCompleted: 20, eventsFailed: 0, eventsMissing: 0 });
    expect(status).toBe(0);
  });
});
