/** CloudFormation: stacks come and go in order, on virtual time; what is not modelled is refused by name and line. */
import { describe, expect, it } from "vitest";
import type { StackRequest } from "../../src/emulator/cloudformation/records.ts";
import type { CloudFormation } from "../../src/emulator/cloudformation/stacks.ts";
import { ServiceError } from "../../src/emulator/service-error.ts";
import { AnAccount, start } from "./an-account.ts";
import { assumed, documented, measured } from "./provenance.ts";

const guide = "https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide";
const api = "https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference";

const stackName = "bench";

type Request = Omit<Partial<StackRequest>, "parameters"> & { parameters?: Record<string, string> };

function create(account: AnAccount, templateBody: string, { parameters = {}, ...request }: Request = {}): string {
  const given = Object.entries(parameters).map(([key, value]) => ({ key, value }));
  return account.cloudFormation.createStack({ stackName, templateBody, parameters: given, ...request }).stackId;
}

/** A stack that has had ten minutes. */
async function created(templateBody: string, request: Request = {}) {
  const account = new AnAccount();
  const stackId = create(account, templateBody, request);
  await account.pass(600);
  const [stack] = account.cloudFormation.describeStacks(stackId);
  const outputs = Object.fromEntries(stack!.outputs.map(({ key, value }) => [key, value]));
  return { account, stackId, stack: stack!, outputs };
}

/** Code and message of what the account refuses; nothing must be left of it. */
function refusal(templateBody: string, request: Request = {}): { code: string; message: string } {
  const account = new AnAccount();
  try {
    create(account, templateBody, request);
  } catch (error) {
    expect(error).toBeInstanceOf(ServiceError);
    expect(account.cloudFormation.listStacks()).toEqual([]);
    const { code, message } = error as ServiceError;
    return { code, message };
  }
  throw new Error("the stack was created");
}

const refused = (templateBody: string, request: Request = {}) => refusal(templateBody, request).message;

/** Every event in the order of time, as `seconds logicalId status`. */
function story(cloudFormation: CloudFormation, stackId: string): string[] {
  return cloudFormation
    .describeStackEvents(stackId)
    .toReversed()
    .map(({ timestamp, logicalId, status }) => `${(timestamp - start) / 1_000} ${logicalId} ${status}`);
}

const reasonsOf = (account: AnAccount, stackId: string, logicalId: string, status: string) =>
  account.cloudFormation
    .describeStackEvents(stackId)
    .filter((event) => event.logicalId === logicalId && event.status === status)
    .map(({ statusReason }) => statusReason);

const lambdaRole = `
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument:
        Statement: { Effect: Allow, Action: "sts:AssumeRole", Principal: { Service: lambda.amazonaws.com } }`;

const iam = { capabilities: ["CAPABILITY_IAM"] };

const queueAndDeadLetters = `
Resources:
  Orders:
    Type: AWS::SQS::Queue
    Properties:
      RedrivePolicy: { deadLetterTargetArn: !GetAtt Dead.Arn, maxReceiveCount: "3" }
  Dead: { Type: AWS::SQS::Queue }
  Topic: { Type: AWS::SNS::Topic }
`;

/** Topic and Orders come up, then Broken fails: nothing can be reserved of that much. */
const failing = `
Resources:
  Topic: { Type: AWS::SNS::Topic }
  Role: ${lambdaRole}
  Broken:
    Type: AWS::Lambda::Function
    Properties:
      Runtime: nodejs22.x
      Handler: consumer.handler
      Code: { ZipFile: x }
      Role: !GetAtt Role.Arn
      ReservedConcurrentExecutions: 5000
  Log: { Type: AWS::Logs::LogGroup }
  Slow: { Type: AWS::SQS::Queue, DependsOn: Log, Properties: { DelaySeconds: 1 } }
  Never: { Type: AWS::SQS::Queue, DependsOn: Broken }
`;

describe("creation", () => {
  documented(
    `${guide}/aws-attribute-dependson.html`,
    "a resource waits for what it refers to; the others come up in parallel",
    async () => {
      const { account, stackId, stack } = await created(queueAndDeadLetters);
      expect(stack.status).toBe("CREATE_COMPLETE");
      expect(story(account.cloudFormation, stackId)).toEqual([
        "0 bench CREATE_IN_PROGRESS",
        "0 Dead CREATE_IN_PROGRESS",
        "0 Dead CREATE_IN_PROGRESS",
        "0 Topic CREATE_IN_PROGRESS",
        "0 Topic CREATE_IN_PROGRESS",
        "5 Dead CREATE_COMPLETE",
        "5 Orders CREATE_IN_PROGRESS",
        "5 Orders CREATE_IN_PROGRESS",
        "5 Topic CREATE_COMPLETE",
        "10 Orders CREATE_COMPLETE",
        "10 bench CREATE_COMPLETE",
      ]);
    },
  );

  documented(`${guide}/using-cfn-listing-event-history.html`, "a stack begins User Initiated", async () => {
    const { account, stackId } = await created(queueAndDeadLetters);
    expect(reasonsOf(account, stackId, stackName, "CREATE_IN_PROGRESS")).toEqual(["User Initiated"]);
  });

  assumed("the console's wording; no page lists the reasons", "a resource has two events in progress", async () => {
    const { account, stackId } = await created(queueAndDeadLetters);
    expect(reasonsOf(account, stackId, "Dead", "CREATE_IN_PROGRESS")).toEqual(["Resource creation Initiated", null]);
  });

  documented(
    `${guide}/aws-attribute-dependson.html`,
    "DependsOn orders resources that do not refer to each other",
    async () => {
      const { account, stackId } = await created(`
Resources:
  A: { Type: AWS::SQS::Queue, DependsOn: [B, C] }
  B: { Type: AWS::SQS::Queue, DependsOn: C }
  C: { Type: AWS::SQS::Queue }
`);
      const complete = story(account.cloudFormation, stackId).filter((line) => line.endsWith("CREATE_COMPLETE"));
      expect(complete.slice(0, 3)).toEqual(["5 C CREATE_COMPLETE", "10 B CREATE_COMPLETE", "15 A CREATE_COMPLETE"]);
    },
  );

  assumed("AWS publishes no durations", "a stack takes virtual time, and no real one", async () => {
    const account = new AnAccount();
    create(account, queueAndDeadLetters);
    expect(account.cloudFormation.describeStacks(stackName)[0]).toMatchObject({
      status: "CREATE_IN_PROGRESS",
      createdAt: start,
    });
    await account.pass(9);
    expect(account.cloudFormation.describeStacks(stackName)[0]!.status).toBe("CREATE_IN_PROGRESS");
    await account.pass(1);
    expect(account.cloudFormation.describeStacks(stackName)[0]!.status).toBe("CREATE_COMPLETE");
  });

  documented(
    `${guide}/using-cfn-listing-event-history.html`,
    "a generated name is the stack's, the logical id and twelve characters",
    async () => {
      const { account } = await created("Resources: { Orders: { Type: AWS::SQS::Queue } }");
      expect(account.sqs.list()[0]!.name).toMatch(/^bench-Orders-[A-Za-z0-9]{12}$/);
    },
  );

  measured(
    "https://github.com/cloudtools/troposphere/pull/931",
    "a generated name of a FIFO queue ends with its suffix, and has its settings",
    async () => {
      const { account } = await created(`
Resources:
  Dead: { Type: AWS::SQS::Queue, Properties: { FifoQueue: true } }
  Orders:
    Type: AWS::SQS::Queue
    Properties:
      FifoQueue: "true"
      ContentBasedDeduplication: true
      DeduplicationScope: messageGroup
      FifoThroughputLimit: perMessageGroupId
      RedrivePolicy: { deadLetterTargetArn: !GetAtt Dead.Arn, maxReceiveCount: 3 }`);
      const orders = account.sqs.list().find(({ name }) => /^bench-Orders-[A-Za-z0-9]{12}\.fifo$/.test(name));
      expect(orders!.settings.fifo).toEqual({
        contentBasedDeduplication: true,
        deduplicationScope: "messageGroup",
        throughputLimit: "perMessageGroupId",
      });
    },
  );

  assumed(
    "where AWS cuts is not published",
    "a generated name is cut to the length that the service takes",
    async () => {
      const { account } = await created(`Resources: { ${"Long".repeat(30)}: { Type: AWS::SQS::Queue } }`);
      const { name } = account.sqs.list()[0]!;
      expect(name).toMatch(/^b[a-z]*-Long.*-[A-Za-z0-9]{12}$/);
      expect(name.length).toBeLessThanOrEqual(80);
    },
  );

  it("gives the same names for the same seed, and others for another", async () => {
    const namesOf = async (seed: number) => {
      const account = new AnAccount(seed);
      create(account, queueAndDeadLetters);
      await account.pass(60);
      return account.sqs.list().map(({ name }) => name);
    };
    expect(await namesOf(7)).toEqual(await namesOf(7));
    expect(await namesOf(7)).not.toEqual(await namesOf(8));
  });

  it("makes every kind of resource as declared", async () => {
    const { account, stack, outputs } = await created(
      `
Resources:
  Role: ${lambdaRole}
      ManagedPolicyArns: [!Sub "arn:\${AWS::Partition}:iam::aws:policy/service-role/AWSLambdaSQSQueueExecutionRole"]
      Policies:
        - PolicyName: send
          PolicyDocument:
            Statement: [{ Effect: Allow, Action: "sqs:SendMessage", Resource: !GetAtt Dead.Arn }]
  Publish:
    Type: AWS::IAM::Policy
    Properties:
      PolicyName: publish
      Roles: [!Ref Role]
      PolicyDocument: { Statement: { Effect: Allow, Action: "sns:Publish", Resource: !Ref Topic } }
  Logs: { Type: AWS::Logs::LogGroup, Properties: { LogGroupName: /bench, RetentionInDays: "7" } }
  Topic: { Type: AWS::SNS::Topic, Properties: { Subscription: [{ Protocol: sqs, Endpoint: !GetAtt Audit.Arn }] } }
  TopicPolicy:
    Type: AWS::SNS::TopicPolicy
    Properties:
      Topics: [!Ref Topic]
      PolicyDocument:
        Statement: { Effect: Allow, Action: "sns:Publish", Resource: "*", Principal: { Service: s3.amazonaws.com } }
  Audit: { Type: AWS::SQS::Queue }
  Dead: { Type: AWS::SQS::Queue, Properties: { FifoQueue: false, Tags: [{ Key: k, Value: v }] } }
  Orders:
    Type: AWS::SQS::Queue
    Properties:
      QueueName: orders
      VisibilityTimeout: "60"
      DelaySeconds: 2
      MessageRetentionPeriod: 600
      ReceiveMessageWaitTimeSeconds: 20
      MaximumMessageSize: 2048
      RedrivePolicy: { deadLetterTargetArn: !GetAtt Dead.Arn, maxReceiveCount: 3 }
  OrdersPolicy:
    Type: AWS::SQS::QueuePolicy
    Properties:
      Queues: [!Ref Orders]
      PolicyDocument:
        Statement: { Effect: Allow, Action: "sqs:SendMessage", Resource: "*", Principal: { Service: sns.amazonaws.com } }
  Subscription:
    Type: AWS::SNS::Subscription
    Properties:
      TopicArn: !Ref Topic
      Protocol: sqs
      Endpoint: !GetAtt Orders.Arn
      RawMessageDelivery: "true"
      RedrivePolicy: { deadLetterTargetArn: !GetAtt Dead.Arn }
  Consumer:
    Type: AWS::Lambda::Function
    Properties:
      FunctionName: consumer
      Runtime: nodejs22.x
      Handler: consumer.handler
      Architectures: [arm64]
      Code: { ZipFile: x }
      Role: !GetAtt Role.Arn
      Timeout: "10"
      MemorySize: 256
      ReservedConcurrentExecutions: 5
      Environment: { Variables: { WORK_MS: 1150, REPORT: true } }
      LoggingConfig: { LogGroup: !Ref Logs }
  Permission:
    Type: AWS::Lambda::Permission
    Properties:
      FunctionName: !GetAtt Consumer.Arn
      Action: lambda:InvokeFunction
      Principal: sns.amazonaws.com
      SourceArn: !Ref Topic
  Mapping:
    Type: AWS::Lambda::EventSourceMapping
    Properties:
      EventSourceArn: !GetAtt Orders.Arn
      FunctionName: !Ref Consumer
      BatchSize: 20
      MaximumBatchingWindowInSeconds: 2
      Enabled: "false"
      ScalingConfig: { MaximumConcurrency: "2" }
      FunctionResponseTypes: [ReportBatchItemFailures]
    DependsOn: Publish
  Asynchronous:
    Type: AWS::Lambda::EventInvokeConfig
    Properties:
      FunctionName: !Ref Consumer
      Qualifier: $LATEST
      MaximumEventAgeInSeconds: 120
      MaximumRetryAttempts: 1
      DestinationConfig: { OnFailure: { Destination: !GetAtt Dead.Arn } }
Outputs:
  Url: { Value: !Ref Orders }
  Name: { Value: !GetAtt Orders.QueueName }
  Mapping: { Value: !Ref Mapping }
`,
      iam,
    );
    expect(stack).toMatchObject({ status: "CREATE_COMPLETE" });
    const queueNamed = (part: string) => account.sqs.list().find(({ name }) => name.includes(part))!;
    const [orders, dead] = [queueNamed("orders"), queueNamed("Dead")];
    expect(outputs).toMatchObject({ Url: orders.url, Name: "orders" });
    expect(orders.settings).toMatchObject({
      visibilityTimeoutMs: 60_000,
      delayMs: 2_000,
      retentionMs: 600_000,
      receiveWaitMs: 20_000,
      maximumMessageBytes: 2_048,
      redrivePolicy: { deadLetterTargetArn: dead.arn, maxReceiveCount: 3 },
    });
    expect(orders.settings.policy!.Statement).toMatchObject({ Action: "sqs:SendMessage" });

    const [topic] = account.sns.list();
    expect(topic!.subscriptions.map(({ endpoint }) => endpoint)).toEqual([queueNamed("Audit").arn, orders.arn]);
    expect(topic!.subscriptions[1]).toMatchObject({ rawMessageDelivery: true, deadLetterTargetArn: dead.arn });

    const consumer = account.lambda.fn("consumer")!;
    expect(consumer).toMatchObject({ reservedConcurrency: 5 });
    expect(consumer.settings).toMatchObject({
      handler: "consumer.handler",
      timeoutMs: 10_000,
      memoryMb: 256,
      architecture: "arm64",
      environment: { WORK_MS: "1150", REPORT: "true" },
    });
    expect(consumer.eventInvoke).toMatchObject({
      maximumEventAgeMs: 120_000,
      maximumRetryAttempts: 1,
      onFailureArn: dead.arn,
    });
    expect(consumer.permits("sns.amazonaws.com", topic!.arn)).toBe(true);
    expect(consumer.permits("sns.amazonaws.com", `${topic!.arn}x`)).toBe(false);
    const { roleArn } = consumer.settings;
    for (const [action, arn] of [
      ["sqs:ReceiveMessage", orders.arn],
      ["logs:PutLogEvents", "arn:aws:logs:us-east-1:123456789012:log-group:/bench:*"],
      ["sqs:SendMessage", dead.arn],
      ["sns:Publish", topic!.arn],
    ] as const) {
      expect(account.iam.allows(roleArn, action, arn)).toBe(true);
    }
    expect(account.iam.allows(roleArn, "sqs:SendMessage", orders.arn)).toBe(false);
    expect(account.mappings.mapping(outputs.Mapping!).settings).toEqual({
      batchSize: 20,
      batchingWindowMs: 2_000,
      enabled: false,
      maximumConcurrency: 2,
      provisionedPollers: null,
      reportBatchItemFailures: true,
    });

    account.cloudFormation.deleteStack(stackName);
    await account.pass(600);
    expect(account.cloudFormation.listStacks()).toMatchObject([{ status: "DELETE_COMPLETE" }]);
    expect([account.sqs.list(), account.sns.list(), account.lambda.list(), account.mappings.list()]).toEqual([
      [],
      [],
      [],
      [],
    ]);
    expect(account.iam.role(roleArn)).toBeUndefined();
  });
});

describe("functions", () => {
  const value = async (expression: string, request: Request = {}) => {
    const { outputs } = await created(
      `
Parameters:
  Name: { Type: String, Default: orders }
  Count: { Type: Number, Default: 2 }
Mappings:
  Sizes: { small: { seconds: 30 } }
Conditions:
  Some: !Not [!Equals [!Ref Count, 0]]
  Many: !And [!Condition Some, !Equals [!Ref Count, 3]]
  Either: !Or [!Condition Many, !Condition Some]
  Mapped: !Equals [!FindInMap [Sizes, small, seconds], "30"]
Resources:
  Queue: { Type: AWS::SQS::Queue, Properties: { QueueName: !Ref Name } }
Outputs:
  Value: { Value: ${expression} }
`,
      request,
    );
    return outputs.Value;
  };
  const url = "https://sqs.us-east-1.amazonaws.com/123456789012/orders";
  const arn = "arn:aws:sqs:us-east-1:123456789012:orders";

  for (const [page, expression, expected] of [
    ["ref", "!Ref Name", "orders"],
    ["ref", "!Ref Queue", url],
    ["getatt", "!GetAtt Queue.Arn", arn],
    ["sub", "!Sub '${Name}/${Queue.Arn}/${AWS::Region}/${!Name}'", `orders/${arn}/us-east-1/\${Name}`],
    ["sub", "!Sub ['${Name}-${x}', { Name: mine, x: !Ref Count }]", "mine-2"],
    ["join", "!Join ['-', [a, !Ref Count, !Ref Name]]", "a-2-orders"],
    ["join", "!Join ['', !Split [a, banana]]", "bnn"],
    ["select", "!Select [1, !Split ['/', 'x/y/z']]", "y"],
    ["select", "!Select ['0', [!Ref Name]]", "orders"],
    ["findinmap", "!FindInMap [Sizes, small, seconds]", "30"],
    ["base64", "!Base64 text", "dGV4dA=="],
    ["conditions", "!If [Some, yes it is, no]", "yes it is"],
    ["conditions", "!If [Many, many, !If [Either, either, none]]", "either"],
    ["conditions", "!If [Mapped, mapped, no]", "mapped"],
  ] as const) {
    documented(`${guide}/intrinsic-function-reference-${page}.html`, `${expression} is ${expected}`, async () => {
      expect(await value(expression)).toBe(expected);
    });
  }

  documented(
    `${guide}/pseudo-parameter-reference.html`,
    "pseudo parameters are the stack's and the account's",
    async () => {
      const text =
        "!Sub '${AWS::AccountId} ${AWS::Region} ${AWS::Partition} ${AWS::URLSuffix} ${AWS::StackName} ${AWS::StackId}'";
      expect(await value(text)).toMatch(
        /^123456789012 us-east-1 aws amazonaws\.com bench arn:aws:cloudformation:us-east-1:123456789012:stack\/bench\/[0-9a-f-]{36}$/,
      );
    },
  );

  documented(`${guide}/pseudo-parameter-reference.html`, "AWS::NoValue takes the property away", async () => {
    const { account } = await created(`
Conditions: { Never: !Equals [a, b] }
Resources:
  Queue:
    Type: AWS::SQS::Queue
    Properties:
      VisibilityTimeout: !If [Never, 1, !Ref AWS::NoValue]
`);
    expect(account.sqs.list()[0]!.settings.visibilityTimeoutMs).toBe(30_000);
  });

  documented(
    `${guide}/conditions-section-structure.html`,
    "a resource under a false condition is not created",
    async () => {
      const template = `
Parameters: { Extra: { Type: String, Default: "no" } }
Conditions: { Wanted: !Equals [!Ref Extra, "yes"] }
Resources:
  Always: { Type: AWS::SQS::Queue }
  Extra2: { Type: AWS::SQS::Queue, Condition: Wanted }
Outputs:
  Extra2: { Value: !Ref Extra2, Condition: Wanted }
`;
      const without = await created(template);
      expect(without.stack).toMatchObject({ status: "CREATE_COMPLETE", outputs: [] });
      expect(without.account.sqs.list()).toHaveLength(1);
      const withIt = await created(template, { parameters: { Extra: "yes" } });
      expect(withIt.account.sqs.list()).toHaveLength(2);
      expect(Object.keys(withIt.outputs)).toEqual(["Extra2"]);
    },
  );

  assumed(
    "no page says so, and AWS's linter reports such a template",
    "a DependsOn of a resource under a false condition is met",
    async () => {
      const { stack } = await created(`
Conditions: { Never: !Equals [a, b] }
Resources:
  Away: { Type: AWS::SQS::Queue, Condition: Never }
  After: { Type: AWS::SNS::Topic, DependsOn: Away }
`);
      expect(stack.status).toBe("CREATE_COMPLETE");
    },
  );
});

describe("failure", () => {
  measured(
    "mongodb/docs-worker-pool pull request 878, the events of a failed stack",
    "a mapping whose function may run for longer than the queue hides a message is an invalid request",
    async () => {
      const { account, stackId } = await created(
        `
Resources:
  Queue: { Type: AWS::SQS::Queue, Properties: { VisibilityTimeout: 30 } }
  Role:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument:
        Statement: { Effect: Allow, Action: "sts:AssumeRole", Principal: { Service: lambda.amazonaws.com } }
      Policies:
        - PolicyName: queue
          PolicyDocument: { Statement: { Effect: Allow, Action: "sqs:*", Resource: "*" } }
  Function:
    Type: AWS::Lambda::Function
    Properties:
      Runtime: nodejs22.x
      Handler: consumer.handler
      Code: { ZipFile: x }
      Role: !GetAtt Role.Arn
      Timeout: 120
  Mapping:
    Type: AWS::Lambda::EventSourceMapping
    Properties: { EventSourceArn: !GetAtt Queue.Arn, FunctionName: !Ref Function }
`,
        iam,
      );
      expect(reasonsOf(account, stackId, "Mapping", "CREATE_FAILED")[0]).toMatch(
        /^Resource handler returned message: "Invalid request provided: Queue visibility timeout: 30 seconds is less than Function timeout: 120 seconds \(Service: Lambda, Status Code: 400, Request ID: [0-9a-f-]{36}\)" \(HandlerErrorCode: InvalidRequest\)$/,
      );
    },
  );

  measured(
    "ks888/LambStatus issue 6, the events of a failed stack",
    "a resource that fails cancels the others and rolls the stack back",
    async () => {
      const { account, stackId, stack } = await created(failing, iam);
      expect(stack.status).toBe("ROLLBACK_COMPLETE");
      expect(reasonsOf(account, stackId, stackName, "ROLLBACK_IN_PROGRESS")[0]).toBe(
        "The following resource(s) failed to create: [Broken]. Rollback requested by user.",
      );
      expect(reasonsOf(account, stackId, "Broken", "CREATE_FAILED")[0]).toMatch(
        /^Resource handler returned message: "Specified ReservedConcurrentExecutions .* \(Service: Lambda, Status Code: 400, Request ID: [0-9a-f-]{36}\)" \(HandlerErrorCode: InvalidRequest\)$/,
      );
      expect(account.cloudFormation.describeStackEvents(stackId).some(({ logicalId }) => logicalId === "Never")).toBe(
        false,
      );
      expect([account.sqs.list(), account.sns.list(), account.lambda.list()]).toEqual([[], [], []]);
    },
  );

  measured(
    "ks888/LambStatus issue 6, the events of a failed stack",
    "resources under way are cancelled, then deleted",
    async () => {
      const { account, stackId, stack } = await created(
        `
Resources:
  Slow: ${lambdaRole}
  Broken: { Type: AWS::SQS::Queue, DependsOn: Topic, Properties: { VisibilityTimeout: 99999999 } }
  Topic: { Type: AWS::SNS::Topic }
`,
        iam,
      );
      expect(stack.status).toBe("ROLLBACK_COMPLETE");
      expect(reasonsOf(account, stackId, "Slow", "CREATE_FAILED")).toEqual(["Resource creation cancelled"]);
      expect(reasonsOf(account, stackId, stackName, "ROLLBACK_IN_PROGRESS")).toEqual([
        "The following resource(s) failed to create: [Slow, Broken]. Rollback requested by user.",
      ]);
      expect(reasonsOf(account, stackId, "Slow", "DELETE_COMPLETE")).toHaveLength(1);
    },
  );

  documented(`${api}/API_CreateStack.html`, "OnFailure DELETE leaves no stack", async () => {
    const { account, stack } = await created(failing, { ...iam, onFailure: "DELETE" });
    expect(stack.status).toBe("DELETE_COMPLETE");
    expect(account.cloudFormation.describeStacks()).toEqual([]);
  });

  for (const request of [{ onFailure: "DO_NOTHING" }, { disableRollback: true }] as const) {
    documented(`${api}/API_CreateStack.html`, `${JSON.stringify(request)} leaves what was created`, async () => {
      const { account, stack } = await created(failing, { ...iam, ...request });
      expect(stack.status).toBe("CREATE_FAILED");
      expect(account.sns.list()).toHaveLength(1);
      account.cloudFormation.deleteStack(stackName);
      await account.pass(600);
      expect(account.sns.list()).toEqual([]);
    });
  }

  it("fails the resource whose property turns out wrong, with the property's name", async () => {
    const { account, stackId, stack } = await created(
      `
Parameters: { Timeout: { Type: String } }
Resources:
  Queue: { Type: AWS::SQS::Queue, Properties: { VisibilityTimeout: !Ref Timeout } }
`,
      { parameters: { Timeout: "soon" } },
    );
    expect(stack.status).toBe("ROLLBACK_COMPLETE");
    expect(reasonsOf(account, stackId, "Queue", "CREATE_FAILED")[0]).toBe(
      'Properties validation failed for resource Queue with message: #/VisibilityTimeout must be an integer, not "soon"',
    );
  });

  it("rolls back when an output comes to nothing", async () => {
    const { stack } = await created(`
Resources: { Queue: { Type: AWS::SQS::Queue } }
Outputs: { Bad: { Value: !Select [5, [a]] } }
`);
    expect(stack).toMatchObject({ status: "ROLLBACK_COMPLETE", outputs: [] });
  });

  assumed(
    "the resource handlers' contract; AWS's own names are taken only once",
    "a name that is taken fails",
    async () => {
      const account = new AnAccount();
      account.sqs.create("orders");
      const stackId = create(account, "Resources: { Q: { Type: AWS::SQS::Queue, Properties: { QueueName: orders } } }");
      await account.pass(600);
      expect(account.cloudFormation.describeStacks(stackId)[0]!.status).toBe("ROLLBACK_COMPLETE");
      expect(reasonsOf(account, stackId, "Q", "CREATE_FAILED")[0]).toMatch(/'orders' already exists/);
      expect(account.sqs.list()).toHaveLength(1);
    },
  );
});

describe("deletion", () => {
  documented(
    `${guide}/aws-attribute-dependson.html`,
    "goes the other way round, the independent in parallel",
    async () => {
      const { account, stackId } = await created(queueAndDeadLetters);
      account.cloudFormation.deleteStack(stackName);
      await account.pass(600);
      expect(story(account.cloudFormation, stackId).slice(-8)).toEqual([
        "600 bench DELETE_IN_PROGRESS",
        "600 Orders DELETE_IN_PROGRESS",
        "600 Topic DELETE_IN_PROGRESS",
        "601 Topic DELETE_COMPLETE",
        "660 Orders DELETE_COMPLETE",
        "660 Dead DELETE_IN_PROGRESS",
        "720 Dead DELETE_COMPLETE",
        "720 bench DELETE_COMPLETE",
      ]);
      expect(account.cloudFormation.listStacks()[0]).toMatchObject({ deletedAt: start + 720_000 });
    },
  );

  documented(
    `${api}/API_DescribeStacks.html`,
    "a deleted stack is found by its id only, and its name is free",
    async () => {
      const { account, stackId } = await created(queueAndDeadLetters);
      account.cloudFormation.deleteStack(stackId);
      await account.pass(600);
      const describing = () => account.cloudFormation.describeStacks(stackName);
      expect(describing).toThrow(new ServiceError("ValidationError", `Stack with id ${stackName} does not exist`));
      expect(account.cloudFormation.describeStacks(stackId)[0]!.status).toBe("DELETE_COMPLETE");
      expect(account.cloudFormation.describeStackEvents(stackId).length).toBeGreaterThan(0);
      expect(create(account, queueAndDeadLetters)).not.toBe(stackId);
    },
  );

  assumed("no page says so; deleting twice is common practice", "of a stack that does not exist is no error", () => {
    new AnAccount().cloudFormation.deleteStack("nothing");
  });

  assumed(
    "DeleteStack is accepted in every state",
    "of a stack in creation cancels the resources under way",
    async () => {
      const account = new AnAccount();
      const stackId = create(account, queueAndDeadLetters);
      await account.pass(6);
      account.cloudFormation.deleteStack(stackName);
      await account.pass(600);
      expect(account.cloudFormation.describeStacks(stackId)[0]!.status).toBe("DELETE_COMPLETE");
      expect([account.sqs.list(), account.sns.list()]).toEqual([[], []]);
      expect(story(account.cloudFormation, stackId).filter((line) => line.endsWith("bench CREATE_COMPLETE"))).toEqual(
        [],
      );
    },
  );

  assumed("DeleteStack is accepted in every state", "of a stack that is rolling back ends deleted", async () => {
    const account = new AnAccount();
    const stackId = create(
      account,
      `
Resources:
  Slow: { Type: AWS::SQS::Queue }
  Broken: { Type: AWS::SQS::Queue, DependsOn: Slow, Properties: { VisibilityTimeout: 99999999 } }
`,
    );
    await account.pass(6);
    expect(account.cloudFormation.describeStacks(stackName)[0]!.status).toBe("ROLLBACK_IN_PROGRESS");
    account.cloudFormation.deleteStack(stackName);
    await account.pass(600);
    const ends = story(account.cloudFormation, stackId).filter((line) => /bench .*_COMPLETE$/.test(line));
    expect(ends).toEqual(["65 bench DELETE_COMPLETE"]);
  });
});

/** A role, and another stack's policy attached to it: IAM keeps the role until the policy is gone. */
async function roleInUse() {
  const account = new AnAccount();
  const role = `
Resources:
  Topic: { Type: AWS::SNS::Topic }
  Role: ${lambdaRole}
      RoleName: worker
`;
  const named = { capabilities: ["CAPABILITY_NAMED_IAM"] };
  const stackId = create(account, role, named);
  await account.pass(60);
  create(
    account,
    `Resources: { P: { Type: AWS::IAM::Policy, Properties: { PolicyName: p, Roles: [worker],
      PolicyDocument: { Statement: { Effect: Allow, Action: "sqs:SendMessage", Resource: "*" } } } } }`,
    { ...named, stackName: "other" },
  );
  await account.pass(60);
  account.cloudFormation.deleteStack(stackId);
  await account.pass(60);
  return { account, stackId };
}

describe("a deletion that fails", () => {
  measured(
    "convox/rack issue 2672, the event of a stack whose role had a policy of somebody else's",
    "keeps a role that others have attached a policy to, with IAM's words",
    async () => {
      const { account, stackId } = await roleInUse();
      const [reason] = reasonsOf(account, stackId, "Role", "DELETE_FAILED");
      expect(reason).toMatch(/Cannot delete entity, must delete policies first.*HandlerErrorCode: DeleteConflict/);
    },
  );

  measured(
    "waterbear-cloud/paco issue 27, the events of the failed deletion",
    "ends as DELETE_FAILED with the names, and the rest of the stack is gone",
    async () => {
      const { account, stackId } = await roleInUse();
      expect(account.cloudFormation.describeStacks(stackName)).toMatchObject([
        { status: "DELETE_FAILED", statusReason: "The following resource(s) failed to delete: [Role]. " },
      ]);
      const statuses = account.cloudFormation
        .describeStackResources(stackId)
        .map(({ logicalId, status }) => `${logicalId} ${status}`);
      expect(statuses.sort()).toEqual(["Role DELETE_FAILED", "Topic DELETE_COMPLETE"]);
    },
  );

  documented(`${guide}/troubleshooting.html`, "can be deleted again when the cause is gone", async () => {
    const { account, stackId } = await roleInUse();
    account.cloudFormation.deleteStack("other");
    await account.pass(60);
    account.cloudFormation.deleteStack(stackId);
    await account.pass(60);
    expect(account.cloudFormation.describeStacks()).toEqual([]);
  });

  documented(
    `${guide}/using-cfn-protect-stacks.html`,
    "is one of a stack whose termination is protected: it is refused, and the stack unchanged",
    async () => {
      const { account } = await created(queueAndDeadLetters, { enableTerminationProtection: true });
      expect(() => account.cloudFormation.deleteStack(stackName)).toThrow(
        "Stack [bench] cannot be deleted while TerminationProtection is enabled",
      );
      expect(account.cloudFormation.describeStacks(stackName)[0]!.status).toBe("CREATE_COMPLETE");
    },
  );
});

describe("an update", () => {
  const template = `
Parameters: { Delay: { Type: Number, Default: 5 }, Name: { Type: String, Default: orders } }
Resources:
  Orders: { Type: AWS::SQS::Queue, Properties: { QueueName: !Ref Name, DelaySeconds: !Ref Delay } }
  Role: ${lambdaRole}
Outputs: { Seconds: { Value: !Ref Delay }, Url: { Value: !Ref Orders } }
`;
  const update = (account: AnAccount, templateBody: string, parameters: Record<string, string> = {}, more = {}) =>
    account.cloudFormation.updateStack(stackName, {
      templateBody,
      parameters: Object.entries(parameters).map(([key, value]) => ({ key, value })),
      ...iam,
      ...more,
    });

  documented(
    `${guide}/using-cfn-updating-stacks-monitor-stack.html`,
    "changes a resource in place, keeps its tags and gives the outputs anew",
    async () => {
      const { account, stackId } = await created(template, { ...iam, tags: [{ key: "k", value: "v" }] });
      const already = story(account.cloudFormation, stackId).length;
      expect(update(account, template, { Delay: "7" })).toEqual({ stackId });
      await account.pass(60);
      expect(
        story(account.cloudFormation, stackId)
          .slice(already)
          .map((line) => line.replace(/^\S+ /, "")),
      ).toEqual([
        "bench UPDATE_IN_PROGRESS",
        "Orders UPDATE_IN_PROGRESS",
        "Orders UPDATE_COMPLETE",
        "bench UPDATE_COMPLETE_CLEANUP_IN_PROGRESS",
        "bench UPDATE_COMPLETE",
      ]);
      const [stack] = account.cloudFormation.describeStacks(stackName);
      expect(stack).toMatchObject({ status: "UPDATE_COMPLETE", tags: [{ key: "k", value: "v" }] });
      expect(stack!.outputs).toContainEqual({ key: "Seconds", value: "7", description: null });
      expect(account.sqs.list()[0]!.settings.delayMs).toBe(7_000);
    },
  );

  documented(`${api}/API_UpdateStack.html`, "that changes nothing is refused, and nothing happens", async () => {
    const { account, stackId } = await created(template, iam);
    const already = story(account.cloudFormation, stackId).length;
    expect(() => update(account, template, { Delay: "5" })).toThrow("No updates are to be performed.");
    expect(story(account.cloudFormation, stackId)).toHaveLength(already);
  });

  documented(`${guide}/using-cfn-updating-stacks-monitor-stack.html`, "that fails is taken back", async () => {
    const { account, stackId } = await created(template, iam);
    update(account, template, { Delay: "901" });
    await account.pass(60);
    expect(account.cloudFormation.describeStacks(stackName)[0]!.status).toBe("UPDATE_ROLLBACK_COMPLETE");
    expect(reasonsOf(account, stackId, "Orders", "UPDATE_FAILED")).toEqual([expect.stringMatching(/DelaySeconds/)]);
    expect(account.sqs.list()[0]!.settings.delayMs).toBe(5_000);
    expect(account.cloudFormation.describeStacks(stackName)[0]!.outputs).toContainEqual(
      expect.objectContaining({ key: "Seconds", value: "5" }),
    );
  });

  it("is taken back when an output comes to nothing", async () => {
    const chosen = `
Parameters: { Delay: { Type: Number, Default: 5 }, Which: { Type: Number, Default: 0 } }
Resources: { Orders: { Type: AWS::SQS::Queue, Properties: { DelaySeconds: !Ref Delay } } }
Outputs: { One: { Value: !Select [!Ref Which, [a, b]] } }
`;
    const { account } = await created(chosen);
    const withTopic = chosen.replace("Resources: {", "Resources: { News: { Type: AWS::SNS::Topic },");
    update(account, withTopic, { Delay: "7", Which: "5" });
    await account.pass(300);
    const [stack] = account.cloudFormation.describeStacks(stackName);
    expect(stack).toMatchObject({ status: "UPDATE_ROLLBACK_COMPLETE", outputs: [{ key: "One", value: "a" }] });
    expect(account.sqs.list()[0]!.settings.delayMs).toBe(5_000);
    expect(account.sns.list()).toEqual([]);
  });

  measured("bitovi/bitops issue 128", "of a stack that never came to be is refused", async () => {
    const { account } = await created(failing, iam);
    expect(() => update(account, template)).toThrow(/is in ROLLBACK_COMPLETE state and can not be updated/);
  });

  for (const [what, changed, parameters, expected] of [
    ["a replacement", template, { Name: "other" }, /update of QueueName of AWS::SQS::Queue \(Orders\)/],
    [
      "another type",
      template.replace("AWS::SQS::Queue", "AWS::SNS::Topic").replace(/, Prop.*Delay \}/, ""),
      {},
      /\[Orders\]/,
    ],
    [
      "another role",
      template.replace("sts:AssumeRole", "sts:*"),
      {},
      /AssumeRolePolicyDocument of AWS::IAM::Role \(Role\)/,
    ],
  ] as const) {
    it(`that the model does not have is refused by name: ${what}`, async () => {
      const { account } = await created(template, iam);
      expect(() => update(account, changed, parameters)).toThrow(expected);
      expect(account.cloudFormation.describeStacks(stackName)[0]!.status).toBe("CREATE_COMPLETE");
    });
  }

  const withTopic = template.replace(
    "Outputs",
    "  Failed: { Type: AWS::SQS::Queue }\n  News: { Type: AWS::SNS::Topic, DependsOn: Failed }\nOutputs",
  );

  documented(
    `${guide}/using-cfn-updating-stacks-monitor-stack.html`,
    "adds resources in the order of their dependencies, and removes them after everything else",
    async () => {
      const { account, stackId } = await created(template, iam);
      const told = async (body: string) => {
        const already = story(account.cloudFormation, stackId).length;
        update(account, body);
        await account.pass(300);
        return story(account.cloudFormation, stackId)
          .slice(already)
          .map((line) => line.replace(/^\S+ /, ""));
      };
      expect((await told(withTopic)).filter((line) => line.endsWith("COMPLETE"))).toEqual([
        "Failed CREATE_COMPLETE",
        "News CREATE_COMPLETE",
        "bench UPDATE_COMPLETE",
      ]);
      expect([account.sqs.list().length, account.sns.list().length]).toEqual([2, 1]);
      expect(await told(template)).toEqual([
        "bench UPDATE_IN_PROGRESS",
        "bench UPDATE_COMPLETE_CLEANUP_IN_PROGRESS",
        "News DELETE_IN_PROGRESS",
        "News DELETE_COMPLETE",
        "Failed DELETE_IN_PROGRESS",
        "Failed DELETE_COMPLETE",
        "bench UPDATE_COMPLETE",
      ]);
      expect([account.sqs.list().length, account.sns.list().length]).toEqual([1, 0]);
      expect(account.cloudFormation.describeStackResources(stackName).map(({ logicalId }) => logicalId)).toEqual([
        "Orders",
        "Role",
      ]);
    },
  );

  documented(
    `${guide}/using-cfn-updating-stacks-monitor-stack.html`,
    "that fails deletes what it has added, and never makes the rest",
    async () => {
      const { account, stackId } = await created(template, iam);
      const failing = withTopic.replace(
        "News: { Type: AWS::SNS::Topic,",
        "News: { Type: AWS::SQS::Queue, Properties: { DelaySeconds: 901 },",
      );
      update(account, failing.replace("Outputs", "  Late: { Type: AWS::SNS::Topic, DependsOn: News }\nOutputs"));
      await account.pass(300);
      expect(account.cloudFormation.describeStacks(stackName)[0]!.status).toBe("UPDATE_ROLLBACK_COMPLETE");
      expect(reasonsOf(account, stackId, "News", "CREATE_FAILED")).toEqual([expect.stringMatching(/DelaySeconds/)]);
      expect([account.sqs.list().length, account.sns.list().length]).toEqual([1, 0]);
      expect(account.cloudFormation.describeStackResources(stackName).map(({ logicalId }) => logicalId)).toEqual([
        "Orders",
        "Role",
      ]);
      update(account, withTopic);
      await account.pass(300);
      expect(account.cloudFormation.describeStacks(stackName)[0]!.status).toBe("UPDATE_COMPLETE");
    },
  );

  documented(`${api}/API_DeleteStack.html`, "that is under way is ended by the stack's deletion", async () => {
    const { account, stackId } = await created(template, iam);
    update(account, withTopic);
    await account.pass(1);
    account.cloudFormation.deleteStack(stackName);
    await account.pass(300);
    expect(account.cloudFormation.describeStacks(stackId)[0]!.status).toBe("DELETE_COMPLETE");
    expect([account.sqs.list().length, account.sns.list().length]).toEqual([0, 0]);
  });

  documented(`${api}/API_UpdateStack.html`, "needs the capabilities that a creation needs", async () => {
    const { account } = await created(template, iam);
    expect(() => update(account, template, { Delay: "7" }, { capabilities: [] })).toThrow(/CAPABILITY_IAM/);
  });
});

describe("a template is refused before anything is created", () => {
  const queue = (property: string) => `Resources:
  Orders:
    Type: AWS::SQS::Queue
    Properties:
      ${property}
`;

  for (const [what, template, expected] of [
    [
      "an unknown type",
      "Resources:\n  Orders:\n    Type: AWS::Pipes::Pipe",
      /^line 3: AWS::Pipes::Pipe \(Orders\) is not modelled by the local target/,
    ],
    [
      "an unknown property",
      queue("Colour: alias/x"),
      /^line 5: property Colour of AWS::SQS::Queue \(Orders\) is not modelled/,
    ],
    [
      "an unknown nested property",
      queue("RedrivePolicy: !If [A, { maxReceives: 1 }, { }]"),
      /^line 5: property RedrivePolicy\.maxReceives of AWS::SQS::Queue \(Orders\) is not modelled/,
    ],
    [
      "a throughput limit that there is not",
      queue("FifoThroughputLimit: perTopic"),
      /^line 5: property FifoThroughputLimit .* must be perQueue or perMessageGroupId/,
    ],
    [
      "a literal of the wrong type",
      queue("DelaySeconds: [1]"),
      /^line 5: property DelaySeconds .* must be an integer, not a list/,
    ],
    [
      "a required property that is missing",
      "Resources:\n  P: { Type: AWS::SQS::QueuePolicy }",
      /^line 2: property Queues of AWS::SQS::QueuePolicy \(P\) is required/,
    ],
    [
      "an attribute that is not modelled",
      `${queue("DelaySeconds: 1")}Outputs:\n  O:\n    Value: !GetAtt Orders.Foo`,
      /^line 8: .*attribute Foo of AWS::SQS::Queue \(Orders\)/,
    ],
    [
      "an unknown function",
      queue("QueueName: !ImportValue x"),
      /^line 5: the function Fn::ImportValue is not modelled/,
    ],
    ["a condition's function elsewhere", queue("QueueName: !Equals [a, b]"), /^line 5: the function Fn::Equals/],
    [
      "an unknown function in a condition",
      `${queue("DelaySeconds: 1")}Conditions:\n  C: !Equals [!ImportValue name, a]`,
      /^line 7: the function Fn::ImportValue/,
    ],
    [
      "a function with a companion",
      queue("QueueName: { Ref: A, Other: b }"),
      /^line 5: property QueueName .* must be a string|^line 5: .*Ref/,
    ],
    [
      "a function with a companion in a document",
      "Resources:\n  P:\n    Type: AWS::SQS::QueuePolicy\n    Properties:\n      Queues: [a]\n      PolicyDocument:\n        Statement: { Effect: Allow, Action: a, Resource: { 'Fn::Sub': x, b: c } }",
      /^line 7: /,
    ],
    [
      "a transform",
      "Transform: AWS::Serverless-2016-10-31\nResources: { Q: { Type: AWS::SQS::Queue } }",
      /^line 1: the transform AWS::Serverless-2016-10-31 is not modelled/,
    ],
    [
      "an exported output",
      `${queue("DelaySeconds: 1")}Outputs:\n  O:\n    Value: a\n    Export: { Name: b }`,
      /^line 9: .*Export/,
    ],
    ["a syntax error", "Resources:\n  Q: [", /^line 2: /],
  ] as [string, string, RegExp][]) {
    it(what, () => {
      expect(refused(template)).toMatch(expected);
      expect(() => new AnAccount().cloudFormation.validateTemplate(template)).toThrow(expected);
      expect(refusal(template).code).toBe("ValidationError");
    });
  }

  for (const [what, properties, expected] of [
    [
      "a trust policy for another service",
      "AssumeRolePolicyDocument: { Statement: { Effect: Allow, Action: 'sts:AssumeRole', Principal: { Service: ec2.amazonaws.com } } }",
      /must let lambda\.amazonaws\.com/,
    ],
    [
      "a policy document without statements",
      "AssumeRolePolicyDocument: {}",
      /AssumeRolePolicyDocument\.Statement .* is required/,
    ],
    [
      "NotAction",
      "AssumeRolePolicyDocument: { Statement: { Effect: Allow, NotAction: 'a:b' } }",
      /NotAction .* is not modelled/,
    ],
    [
      "an unknown condition operator",
      "AssumeRolePolicyDocument: { Statement: { Effect: Deny, Action: a, Condition: { IpAddress: { 'aws:SourceIp': x } } } }",
      /Condition\.IpAddress .* is not modelled/,
    ],
  ] as [string, string, RegExp][]) {
    it(`a role with ${what}`, () => {
      expect(refused(`Resources: { R: { Type: AWS::IAM::Role, Properties: { ${properties} } } }`, iam)).toMatch(
        expected,
      );
    });
  }

  it("a topic policy that would let a principal publish whose own policies do not", () => {
    const template = `
Resources:
  P:
    Type: AWS::SNS::TopicPolicy
    Properties:
      Topics: [a]
      PolicyDocument: { Statement: { Effect: Allow, Action: "sns:Publish", Resource: a, Principal: "*" } }
`;
    expect(refused(template)).toMatch(
      /^line 7: property PolicyDocument of AWS::SNS::TopicPolicy \(P\) must only allow services/,
    );
  });

  for (const [source, what, resource, block] of [
    [
      "serverless/serverless issue 4745",
      "Ref",
      "Q: { Type: AWS::SQS::Queue, Properties: { QueueName: !Ref Nowhere } }",
      "Resources",
    ],
    [null, "Sub", "Q: { Type: AWS::SQS::Queue, Properties: { QueueName: !Sub '${Nowhere}' } }", "Resources"],
    [
      "awslabs/aws-iam-generator issue 18",
      "DependsOn",
      "Q: { Type: AWS::SQS::Queue, DependsOn: Nowhere }",
      "Resources",
    ],
    [
      "fourTheorem/slic-watch issue 119",
      "Ref of an output",
      "Q: { Type: AWS::SQS::Queue } }\nOutputs: { O: { Value: !Ref Nowhere }",
      "Outputs",
    ],
  ]) {
    const name = `${what} of a name that nothing has: Unresolved resource dependencies in the ${block} block`;
    const body = () => {
      expect(refused(`Resources: { ${resource} }`)).toContain(
        `Template format error: Unresolved resource dependencies [Nowhere] in the ${block} block of the template`,
      );
    };
    if (source) measured(source, name, body);
    else assumed("as for Ref, which the placeholder stands for", name, body);
  }

  measured("serverless/serverless issue 4535", "so is a resource that its condition takes away", () => {
    const template = `
Conditions: { Never: !Equals [a, b] }
Resources:
  A: { Type: AWS::SQS::Queue, Properties: { QueueName: !GetAtt B.QueueName } }
  B: { Type: AWS::SQS::Queue, Condition: Never }
`;
    expect(refused(template)).toContain("Unresolved resource dependencies [B] in the Resources block of the template");
  });

  it("but not when an Fn::If does not take the branch that refers to it", async () => {
    const { stack } = await created(`
Conditions: { Never: !Equals [a, b] }
Resources:
  A: { Type: AWS::SQS::Queue, Properties: { QueueName: !If [Never, !GetAtt B.QueueName, mine] } }
  B: { Type: AWS::SQS::Queue, Condition: Never }
`);
    expect(stack.status).toBe("CREATE_COMPLETE");
  });

  measured("aws-quickstart/quickstart-cloud9-ide issue 20", "GetAtt of a resource that is not declared", () => {
    expect(
      refused("Resources: { Q: { Type: AWS::SQS::Queue, Properties: { QueueName: !GetAtt Nowhere.Arn } } }"),
    ).toContain("Template error: instance of Fn::GetAtt references undefined resource Nowhere");
  });

  measured("aws-cloudformation/cfn-lint issue 99", "a condition that refers to a resource", () => {
    expect(refused("Conditions: { C: !Equals [!Ref Q, a] }\nResources: { Q: { Type: AWS::SQS::Queue } }")).toContain(
      "Template format error: Unresolved dependencies [Q]. Cannot reference resources in the Conditions block of the template",
    );
  });

  measured("aws-cloudformation/cfn-lint issue 92", "a resource under a condition that is not declared", () => {
    expect(refused("Resources: { Q: { Type: AWS::SQS::Queue, Condition: C } }")).toContain(
      "Template format error: Condition C is not defined.",
    );
  });

  for (const [where, template] of [
    ["a property", "Resources: { Q: { Type: AWS::SQS::Queue, Properties: { QueueName: !If [C, a, b] } } }"],
    ["an output", "Resources: { Q: { Type: AWS::SQS::Queue } }\nOutputs: { O: { Value: !If [C, a, b] } }"],
  ]) {
    assumed(
      "the wording is CloudFormation's as its users quote it",
      `Fn::If in ${where} with a condition that is not declared`,
      () => {
        expect(refused(template!)).toContain("Template error: unresolved condition dependency C in Fn::If");
      },
    );
  }

  it("a condition that names one that is not declared", () => {
    expect(refused("Conditions: { A: !Not [!Condition B] }\nResources: { Q: { Type: AWS::SQS::Queue } }")).toMatch(
      /^line 1: .*B/,
    );
  });

  it("conditions in a circle", () => {
    const template =
      "Conditions: { A: !Not [!Condition B], B: !Not [!Condition A] }\nResources: { Q: { Type: AWS::SQS::Queue } }";
    expect(refused(template)).toContain("Circular dependency between conditions: [A, B]");
  });

  measured("aws/serverless-application-model issue 1044", "resources in a circle", () => {
    const template = `
Resources:
  A: { Type: AWS::SQS::Queue, DependsOn: B }
  B: { Type: AWS::SQS::Queue, Properties: { QueueName: !GetAtt C.QueueName } }
  C: { Type: AWS::SQS::Queue, DependsOn: A }
  D: { Type: AWS::SQS::Queue, DependsOn: A }
`;
    expect(refused(template)).toContain("Circular dependency between resources: [A, B, C]");
  });

  documented(`${guide}/cloudformation-limits.html`, "a body over 51,200 bytes", () => {
    const template = (length: number) => `${queueAndDeadLetters}#`.padEnd(length, "é".slice(0, 1));
    const bytes = Buffer.byteLength(queueAndDeadLetters) + 1;
    const fits = `${queueAndDeadLetters}#`.padEnd(51_200 - bytes + queueAndDeadLetters.length + 1, "x");
    expect(Buffer.byteLength(fits)).toBe(51_200);
    expect(() => create(new AnAccount(), fits)).not.toThrow();
    expect(refused(`${fits}x`)).toMatch(
      /'templateBody' failed to satisfy constraint: Member must have length less than or equal to 51200/,
    );
    expect(refused(template(51_000))).toMatch(/51200/);
  });
});

describe("parameters", () => {
  const template = `
Parameters:
  Size: { Type: Number, MinValue: 1 }
  Name: { Type: String, Default: a, AllowedValues: [a, b] }
  Url: { Type: String, NoEcho: true, Default: "postgres://bench:hunter2@host/db" }
Resources:
  Queue: { Type: AWS::SQS::Queue, Properties: { QueueName: !Ref Name, DelaySeconds: !Ref Size } }
`;

  for (const [source, parameters, message] of [
    ["openedx-unsupported/configuration issue 1993", {}, "Parameters: [Size] must have values"],
    [
      "deep-security/cloudformation issue 29",
      { Size: "1", Foo: "x", Bar: "y" },
      "Parameters: [Foo, Bar] do not exist in the template",
    ],
    [
      "CreateStack's answer in a report of `rosa create network`",
      { Size: "0" },
      "Parameter 'Size' must be a number not less than 1",
    ],
  ] as [string, Record<string, string>, string][]) {
    measured(source, `${JSON.stringify(parameters)}: ${message}`, () => {
      expect(refusal(template, { parameters })).toEqual({ code: "ValidationError", message });
    });
  }

  measured("ansible/ansible issue 24866", "a template without parameters takes none", () => {
    expect(refused(queueAndDeadLetters, { parameters: { Size: "1" } })).toBe(
      "Parameter values specified for a template which does not require them.",
    );
  });

  it("names the values that are allowed, which AWS leaves out", () => {
    expect(refused(template, { parameters: { Size: "1", Name: "c" } })).toBe(
      "Parameter 'Name' must be one of AllowedValues: a, b",
    );
  });

  documented(`${guide}/parameters-section-structure.html`, "a NoEcho value is shown as asterisks", async () => {
    const { stack, account } = await created(template, { parameters: { Size: "2" } });
    expect(stack.parameters).toEqual([
      { key: "Size", value: "2" },
      { key: "Name", value: "a" },
      { key: "Url", value: "****" },
    ]);
    expect(account.sqs.queue("arn:aws:sqs:us-east-1:123456789012:a")!.settings.delayMs).toBe(2_000);
  });

  assumed(
    "a secret has no place in a message; AWS leaves it to the service",
    "a NoEcho value is in no event",
    async () => {
      const { account, stackId, stack } = await created(
        `
Parameters: { Secret: { Type: String, NoEcho: true } }
Resources:
  Queue: { Type: AWS::SQS::Queue, Properties: { DelaySeconds: !Ref Secret } }
`,
        { parameters: { Secret: "hunter2" } },
      );
      expect(stack.status).toBe("ROLLBACK_COMPLETE");
      const told = JSON.stringify([
        stack,
        account.cloudFormation.describeStackEvents(stackId),
        account.cloudFormation.describeStackResources(stackId),
      ]);
      expect(told).not.toContain("hunter2");
      expect(told).toContain("must be an integer");
    },
  );

  assumed("AWS would show it, and advises against it", "an output that shows a NoEcho parameter is refused", () => {
    const showing = `
Parameters: { Secret: { Type: String, NoEcho: true } }
Resources: { Queue: { Type: AWS::SQS::Queue } }
Outputs:
  Shown:
    Value: !Sub "x\${Secret}"
`;
    expect(refused(showing, { parameters: { Secret: "hunter2" } })).toMatch(/^line 6: .*output Shown .*Secret/);
  });
});

describe("capabilities", () => {
  const role = (name: string) => `Resources:\n  Role: ${lambdaRole}\n      ${name}`;

  for (const [source, template, granted, needed] of [
    ["couchbase-partners/amazon-cloud-formation-couchbase issue 1", role("Path: /"), [], "CAPABILITY_IAM"],
    ["envato/stack_master issue 138", role("RoleName: mine"), ["CAPABILITY_IAM"], "CAPABILITY_NAMED_IAM"],
  ] as const) {
    measured(source, `${needed} is asked for`, () => {
      expect(refusal(template, { capabilities: [...granted] })).toEqual({
        code: "InsufficientCapabilitiesException",
        message: `Requires capabilities : [${needed}]`,
      });
    });
  }

  documented(`${api}/API_CreateStack.html`, "CAPABILITY_NAMED_IAM serves for both", async () => {
    for (const name of ["Path: /", "RoleName: mine"]) {
      const { stack } = await created(role(name), { capabilities: ["CAPABILITY_NAMED_IAM"] });
      expect(stack).toMatchObject({ status: "CREATE_COMPLETE", capabilities: ["CAPABILITY_NAMED_IAM"] });
    }
  });

  documented(`${api}/API_ValidateTemplate.html`, "ValidateTemplate says which, and lists the parameters", () => {
    const { cloudFormation } = new AnAccount();
    const template = `Description: d\nParameters: { P: { Type: String, NoEcho: true, Default: x } }\n${role("RoleName: mine")}`;
    const { template: read, ...required } = cloudFormation.validateTemplate(template);
    expect(read).toMatchObject({ description: "d", parameters: [{ name: "P", default: "x", noEcho: true }] });
    expect(required).toEqual({
      capabilities: ["CAPABILITY_NAMED_IAM"],
      reason: "The following resource(s) require capabilities: [AWS::IAM::Role]",
    });
  });
});

describe("stacks", () => {
  documented(`${api}/API_CreateStack.html`, "a name is taken while its stack is there", async () => {
    const { account } = await created(queueAndDeadLetters);
    expect(() => create(account, queueAndDeadLetters)).toThrow(
      new ServiceError("AlreadyExistsException", `Stack [${stackName}] already exists`),
    );
  });

  documented(`${api}/API_CreateStack.html`, "a name begins with a letter and has letters, digits and hyphens", () => {
    expect(refused(queueAndDeadLetters, { stackName: "1_x" })).toMatch(/'stackName' failed to satisfy constraint/);
  });

  documented(`${api}/API_GetTemplate.html`, "give their template back as it was", async () => {
    const { account } = await created(queueAndDeadLetters);
    expect(account.cloudFormation.getTemplate(stackName)).toBe(queueAndDeadLetters);
  });

  documented(`${api}/API_DescribeStackResources.html`, "list their resources with their physical ids", async () => {
    const { account } = await created(queueAndDeadLetters);
    const [orders] = account.cloudFormation.describeStackResources(stackName);
    expect(orders).toEqual({
      logicalId: "Orders",
      physicalId: account.sqs.list().find(({ name }) => name.includes("Orders"))!.url,
      resourceType: "AWS::SQS::Queue",
      status: "CREATE_COMPLETE",
      statusReason: null,
      timestamp: start + 10_000,
    });
  });
});
