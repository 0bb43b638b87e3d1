/** The shipped scenarios keep the contract: they declare what the harness needs, and lose track of no event. */
import { createHash } from "node:crypto";
import { describe, expect, it } from "vitest";
import { limitPattern } from "../../infra/handlers/limit.ts";
import { neededVariables } from "../../infra/handlers/variables.ts";
import type { Scenario } from "../../src/model.ts";
import { findScenario, shippedNames } from "../../src/scenarios/catalogue.ts";
import { readTemplate } from "../../src/template/sections.ts";
import { maximumTemplateBytes, type TemplateMap, type TemplateValue } from "../../src/template/template.ts";

/** The whole template, as CloudFormation reads it. */
function read(name: string) {
  const { templateBody: body, published } = findScenario(name);
  const template = readTemplate(body);
  return { body, template, published, bench: template.metadata.ThrottleBench as TemplateMap };
}

/** Every object of one key named as a function, with its argument: `["Ref", "Topic"]`. */
function calls(value: unknown): [string, TemplateValue][] {
  if (Array.isArray(value)) return value.flatMap(calls);
  if (value === null || typeof value !== "object") return [];
  const entries = Object.entries(value) as [string, TemplateValue][];
  return entries.flatMap(([key, inner]) => [
    ...(key === "Ref" || key.startsWith("Fn::") ? [[key, inner] as [string, TemplateValue]] : []),
    ...calls(inner),
  ]);
}

const logicalIdIn = (value: unknown) => {
  const argument = calls(value)[0]?.[1];
  return String(Array.isArray(argument) ? argument[0] : argument);
};

describe.each(shippedNames())("%s", (name) => {
  const { body, template, bench, published } = read(name);
  const { parameters, resources } = template;
  /** The harness fills in the secrets. */
  const secrets = parameters.filter(({ name }) => name === "DatabaseUrl" || name === "UrlKey");
  const settings = parameters.filter((parameter) => !secrets.includes(parameter));
  const output = (name: string) => template.outputs.find((each) => each.name === name)?.value;
  const resource = (id: string) => resources.find(({ logicalId }) => logicalId === id);
  const ofType = (wanted: string) => resources.filter(({ type }) => type === wanted);
  const defaultOf = (name: string) => Number(parameters.find((each) => each.name === name)?.default);

  const producer = logicalIdIn(output("ProducerFunction"));
  const reports = logicalIdIn(output("ProducerReports"));

  /** The queues that a redrive policy or the on-failure destination of an event's path names. */
  const deadLetterQueues = new Set([
    ...ofType("AWS::SQS::Queue").flatMap(({ properties: { RedrivePolicy } }) =>
      RedrivePolicy ? [logicalIdIn(RedrivePolicy)] : [],
    ),
    ...ofType("AWS::Lambda::EventInvokeConfig")
      .filter(({ properties }) => logicalIdIn(properties.FunctionName) !== producer)
      .flatMap(({ properties: { DestinationConfig } }) => (DestinationConfig ? [logicalIdIn(DestinationConfig)] : [])),
    ...ofType("AWS::Lambda::EventSourceMapping").flatMap(({ properties: { DestinationConfig } }) =>
      DestinationConfig ? [logicalIdIn(DestinationConfig)] : [],
    ),
    ...ofType("AWS::Events::Rule").flatMap(({ properties: { Targets } }) =>
      (Targets as TemplateMap[]).flatMap(({ DeadLetterConfig }) =>
        DeadLetterConfig ? [logicalIdIn(DeadLetterConfig)] : [],
      ),
    ),
  ]);
  /** The queues that an event comes through. */
  const queues = ofType("AWS::SQS::Queue").filter(({ logicalId }) => logicalId !== reports);

  it.runIf(published !== null)("has every setting of the downstream off", () => {
    const off = ["WorkMsMax", "HoldMs", "FailureRate", "PoisonRate", "SlowRate", "DuplicateRate", "DownstreamLimit"];
    expect(off.map(defaultOf)).toEqual(off.map(() => 0));
  });

  it("takes the limits that the handlers can read", () => {
    const limit = parameters.find((each) => each.name === "DownstreamLimit");
    expect(limit?.allowedPattern).toBe(limitPattern);
  });

  it("is well under the size of a template that is passed by body", () => {
    expect(Buffer.byteLength(body)).toBeLessThan(maximumTemplateBytes / 2);
  });

  it("names the outputs that the harness needs, each described", () => {
    const names = template.outputs.map(({ name }) => name);
    const optional = [
      "ProducerReports",
      "Queue",
      "DeadLetterQueue",
      "DeadLetterRecorderFunction",
      "Stream",
      "AdapterFunction",
      "ConsumerMapping",
    ];
    expect(names).toEqual(expect.arrayContaining(["ProducerFunction", "ConsumerFunction"]));
    expect(["ProducerFunction", "ConsumerFunction", ...optional]).toEqual(expect.arrayContaining(names));
    for (const { description } of template.outputs) expect(description).toMatch(/\.$/);
  });

  it("takes the database's URL and the key of a public URL from the harness and keeps them out of sight", () => {
    const isPublic = ofType("AWS::Lambda::Url").length > 0;
    expect(secrets.map(({ name }) => name).sort()).toEqual(["DatabaseUrl", ...(isPublic ? ["UrlKey"] : [])]);
    for (const secret of secrets) {
      expect(secret).toMatchObject({ type: "String", noEcho: true });
      expect(secret.default).toBeUndefined();
    }
  });

  it.each(settings)("describes, bounds and defaults the setting $name", (setting) => {
    expect(setting.description).toMatch(/\.$/);
    expect(setting.default).toEqual(expect.any(String));
    if (setting.allowedValues) return;
    const bounds = setting.type === "Number" ? ["minValue", "maxValue"] : ["allowedPattern", "constraintDescription"];
    expect(Object.keys(setting)).toEqual(expect.arrayContaining(bounds));
  });

  it("uses every parameter", () => {
    const used = new Set(calls(resources).flatMap(([name, target]) => (name === "Ref" ? [target] : [])));
    for (const [, target] of calls(template.conditions)) used.add(target);
    expect(parameters.map(({ name }) => name).filter((name) => !used.has(name))).toEqual([]);
  });

  it("refers only to what it declares, with the functions that the local model knows", () => {
    const known = ["Ref", "Fn::GetAtt", "Fn::Sub", "Fn::Join", "Fn::If", "Fn::Equals", "Fn::Not", "Fn::And", "Fn::Or"];
    const targets: Record<string, (argument: TemplateValue) => unknown[]> = {
      Ref: (argument) => [argument],
      "Fn::GetAtt": (argument) => (argument as TemplateValue[]).slice(0, 1),
      "Fn::If": (argument) => (argument as TemplateValue[]).slice(0, 1),
      "Fn::Sub": (argument) => [...String(argument).matchAll(/\$\{([^.}]+)/g)].map(([, name]) => name),
    };
    const declared = new Set<unknown>([
      ...parameters.map(({ name }) => name),
      ...resources.map(({ logicalId }) => logicalId),
      ...Object.keys(template.conditions),
      ...["AWS::NoValue", "AWS::Region", "AWS::AccountId", "AWS::Partition", "AWS::StackName"],
    ]);
    for (const [name, argument] of calls([template.conditions, resources, template.outputs])) {
      expect(known).toContain(name);
      for (const target of targets[name]?.(argument) ?? []) expect(declared).toContain(target);
    }
  });

  it("gives every queue a dead-letter queue, and every asynchronously invoked function a destination that is one", () => {
    for (const { logicalId, properties } of queues) {
      if (!deadLetterQueues.has(logicalId)) expect(properties).toHaveProperty("RedrivePolicy.maxReceiveCount");
    }
    const configured = ofType("AWS::Lambda::EventInvokeConfig").map(({ properties }) =>
      logicalIdIn(properties.FunctionName),
    );
    for (const { properties } of ofType("AWS::SNS::Subscription")) {
      if (properties.Protocol === "lambda") expect(configured).toContain(logicalIdIn(properties.Endpoint));
    }
    expect(deadLetterQueues.size).toBeGreaterThan(0);
  });

  it("records every dead letter: kept for 14 days, read by the recorder, hidden for 6 times its timeout", () => {
    for (const queue of deadLetterQueues) {
      const mappings = ofType("AWS::Lambda::EventSourceMapping").filter(
        ({ properties }) => logicalIdIn(properties.EventSourceArn) === queue,
      );
      expect(mappings).toHaveLength(1);
      const recorder = logicalIdIn(mappings[0]?.properties.FunctionName);
      expect(recorder).toBe(logicalIdIn(output("DeadLetterRecorderFunction")));
      const { MessageRetentionPeriod, VisibilityTimeout } = resource(queue)?.properties ?? {};
      expect(MessageRetentionPeriod).toBe(1_209_600);
      expect(Number(VisibilityTimeout)).toBeGreaterThanOrEqual(6 * Number(resource(recorder)?.properties.Timeout));
    }
  });

  it("gives the consumer the time for its work, and hides a message for as long, which Lambda insists on", () => {
    expect(defaultOf("ConsumerTimeout") * 1000).toBeGreaterThan(defaultOf("WorkMs"));
    for (const queue of queues.filter(({ logicalId }) => !deadLetterQueues.has(logicalId))) {
      expect(queue.properties.VisibilityTimeout).toEqual({ Ref: "VisibilityTimeout" });
      expect(defaultOf("VisibilityTimeout")).toBeGreaterThanOrEqual(defaultOf("ConsumerTimeout"));
    }
  });

  it("allows nothing on every resource, and lets only its own topic or rule send to a queue", () => {
    for (const { properties } of ofType("AWS::IAM::Role")) {
      expect(Object.keys(properties)).toEqual(["AssumeRolePolicyDocument", "Policies"]);
      const policies = properties.Policies as TemplateMap[];
      expect(JSON.stringify(policies.filter((policy) => !Object.hasOwn(policy, "Fn::If")))).not.toContain("*");
    }
    for (const { properties } of ofType("AWS::SQS::QueuePolicy")) {
      const statement = { Effect: "Allow", Action: "sqs:SendMessage" };
      expect([
        {
          ...statement,
          Principal: { Service: "sns.amazonaws.com" },
          Resource: { "Fn::GetAtt": ["Queue", "Arn"] },
          Condition: { ArnEquals: { "aws:SourceArn": { Ref: "Topic" } } },
        },
        {
          ...statement,
          Principal: { Service: "events.amazonaws.com" },
          Resource: { "Fn::GetAtt": ["DeadLetterQueue", "Arn"] },
          Condition: { ArnEquals: { "aws:SourceArn": { "Fn::GetAtt": ["Rule", "Arn"] } } },
        },
      ]).toContainEqual((properties.PolicyDocument as { Statement: unknown[] }).Statement[0]);
      expect((properties.PolicyDocument as { Statement: unknown[] }).Statement).toHaveLength(1);
    }
  });

  it("lets only functions in a VPC have network interfaces made, and not by their own code", () => {
    const describing = ["ec2:DescribeNetworkInterfaces", "ec2:DescribeSubnets"];
    const changing = [
      "ec2:AssignPrivateIpAddresses",
      "ec2:CreateNetworkInterface",
      "ec2:DeleteNetworkInterface",
      "ec2:UnassignPrivateIpAddresses",
    ];
    const own = "arn:${AWS::Partition}:lambda:${AWS::Region}:${AWS::AccountId}:function:${AWS::StackName}-*";
    const statements = [
      { Effect: "Allow", Action: describing, Resource: "*" },
      {
        Effect: "Allow",
        Action: changing,
        Resource: { "Fn::Sub": "arn:${AWS::Partition}:ec2:${AWS::Region}:${AWS::AccountId}:*/*" },
      },
      {
        Effect: "Deny",
        Action: [...changing, ...describing].sort(),
        Resource: "*",
        Condition: { ArnLike: { "lambda:SourceFunctionArn": { "Fn::Sub": own } } },
      },
    ];
    for (const { logicalId, properties } of ofType("AWS::Lambda::Function")) {
      const role = resource(logicalIdIn(properties.Role));
      const conditional = (role!.properties.Policies as TemplateMap[]).filter((each) => Object.hasOwn(each, "Fn::If"));
      const reachesDatabase = Object.hasOwn(
        (properties.Environment as { Variables: TemplateMap }).Variables,
        "DATABASE_URL",
      );
      expect(properties.VpcConfig).toEqual(
        reachesDatabase
          ? {
              "Fn::If": [
                "InVpc",
                { SubnetIds: { Ref: "SubnetIds" }, SecurityGroupIds: { Ref: "SecurityGroupIds" } },
                { Ref: "AWS::NoValue" },
              ],
            }
          : undefined,
      );
      const policy = { PolicyName: "network", PolicyDocument: { Version: "2012-10-17", Statement: statements } };
      expect({ logicalId, conditional }).toEqual({
        logicalId,
        conditional: reachesDatabase ? [{ "Fn::If": ["InVpc", policy, { Ref: "AWS::NoValue" }] }] : [],
      });
    }
  });

  it("has the producer report how each asynchronous invocation ended, tries none again, and lets it send there alone", () => {
    const destination = { Destination: { "Fn::GetAtt": [reports, "Arn"] } };
    const configurations = ofType("AWS::Lambda::EventInvokeConfig").filter(
      ({ properties }) => logicalIdIn(properties.FunctionName) === producer,
    );
    expect(configurations.map(({ properties }) => properties)).toEqual([
      expect.objectContaining({
        Qualifier: "$LATEST",
        MaximumRetryAttempts: 0,
        DestinationConfig: { OnSuccess: destination, OnFailure: destination },
      }),
    ]);
    expect(resource(reports)).toMatchObject({ type: "AWS::SQS::Queue" });
    expect(output("ProducerReports")).toEqual({ Ref: reports });
    const role = resource(logicalIdIn(resource(producer)?.properties.Role));
    expect(role?.properties).toHaveProperty(
      "Policies.0.PolicyDocument.Statement",
      expect.arrayContaining([
        { Effect: "Allow", Action: "sqs:SendMessage", Resource: { "Fn::GetAtt": [reports, "Arn"] } },
      ]),
    );
  });

  it("logs every function into a log group of its own, with a retention, that ends with the stack", () => {
    const groups = ofType("AWS::Lambda::Function").map(({ properties }) => logicalIdIn(properties.LoggingConfig));
    expect(new Set(groups).size).toBe(groups.length);
    for (const group of groups) {
      expect(resource(group)).toMatchObject({
        type: "AWS::Logs::LogGroup",
        properties: { RetentionInDays: { Ref: "LogRetentionDays" } },
      });
      expect(resource(group)?.declaration).not.toHaveProperty("DeletionPolicy");
    }
  });

  it.each([
    ["ProducerFunction", "producer"],
    ["ConsumerFunction", "consumer"],
    ["DeadLetterRecorderFunction", "recorder"],
  ] as const)("runs %s as the %s with the environment that it reads", (name, handler) => {
    const properties = resource(logicalIdIn(output(name)))!.properties;
    expect(properties).toMatchObject({
      Handler: `${handler}.handler`,
      Runtime: "nodejs22.x",
      Architectures: ["arm64"],
    });
    const variables = Object.keys((properties.Environment as { Variables: TemplateMap }).Variables);
    for (const needed of neededVariables[handler]) {
      expect(variables.filter((variable) => [needed].flat().includes(variable as never))).toHaveLength(1);
    }
  });

  it("says what it is, when to use it, what speaks for and against it, and what was published of it", () => {
    expect(bench.WhenToUse).toMatch(/^[A-Z].*\.$/);
    expect(bench).toMatchObject({ Title: expect.stringMatching(/\w/), Summary: expect.stringMatching(/\.$/) });
    expect((bench.Topology as string[]).at(-1)).toBe("Lambda");
    for (const list of [bench.Pros, bench.Cons]) expect((list as string[]).length).toBeGreaterThan(0);
    if (published === null) return;
    expect(published.eventsCompleted + published.eventsFailed).toBe(published.totalEvents);
  });
});

/** JSON in which the order of keys does not matter. */
function canonical(value: unknown): string {
  return JSON.stringify(value, (_, inner) =>
    inner !== null && typeof inner === "object" && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)))
      : inner,
  );
}

/** The hash of all that a scenario deploys and says of itself, whatever file each part of it stands in. */
function contentHash({ template, published }: Scenario): string {
  const { description, parameters, conditions, mappings, resources, outputs, metadata } = template;
  const content = {
    ...{ description, conditions, mappings, metadata, published },
    parameters: Object.fromEntries(parameters.map((each) => [each.name, each])),
    resources: Object.fromEntries(resources.map(({ logicalId, declaration }) => [logicalId, declaration])),
    outputs: Object.fromEntries(outputs.map(({ name, declaration }) => [name, declaration])),
  };
  return createHash("sha256").update(canonical(content)).digest("hex");
}

describe("the shipped scenarios", () => {
  // A part's change reaches all that name it; whoever means it stores the hashes anew.
  it.each([
    ["scenario-1", "3bb43a504a4b607f4feba707a91c8214328d197633ccb194cc41f540bf3ee3d3"],
    ["scenario-2", "807226416718ce4489034e67229cafed250eeaddd665118997d4002140a7428e"],
    ["scenario-3", "e53001a7cf609f6a455558f44de6ec71144e49ee722fbf3d25c3d9f85be6db61"],
    ["scenario-4", "d9a3450cc7ab520e75d41c5ecf90843bfc873ce30a3b4fab96b4291f45c9b7d5"],
    ["scenario-5", "58a409c93bbe58043ee8414d9cbc0310bd2c930c851303b48ede48fc9037c7d3"],
  ])("%s deploys what is stored", (name, hash) => {
    expect(contentHash(findScenario(name))).toBe(hash);
  });

  it.each([
    ["scenario-1", [1000, 0, 60, 89, 16.6, 41, 1]],
    ["scenario-2", [1000, 0, 1905, 1, 1, 1, 1]],
    ["scenario-3", [895, 105, 1254, 1, 1, 1, 1]],
    ["scenario-4", [1000, 0, 1450, 1, 1, 1, 1]],
    ["scenario-5", [1000, 0, 261, 5, 3.759, 5, 1]],
  ])("%s states the published figures, corrected where they contradict each other", (name, figures) => {
    const { eventsCompleted, eventsFailed, timeTakenSeconds, maxConcurrency, insertsPerSecond } = read(name).published!;
    const { avg, max, min } = insertsPerSecond;
    expect([eventsCompleted, eventsFailed, timeTakenSeconds, maxConcurrency, avg, max, min]).toEqual(figures);
  });

  const defaultsOf = (name: string) =>
    new Map(read(name).template.parameters.map((parameter) => [parameter.name, parameter.default]));

  it("gives scenario-4 a visibility timeout of at least 6 times the function's timeout and says so", () => {
    const defaults = defaultsOf("scenario-4");
    const timeout = Number(defaults.get("ConsumerTimeout"));
    expect(Number(defaults.get("VisibilityTimeout"))).toBeGreaterThanOrEqual(6 * timeout);
    const { parameters } = read("scenario-4").template;
    expect(parameters.find(({ name }) => name === "VisibilityTimeout")?.description).toContain("at least 6 times");
  });

  it.each([
    ["scenario-3", "scenario-4", [["VisibilityTimeout", "10", "120"]]],
    ["scenario-4", "scenario-5", [["ReservedConcurrency", "1", "5"]]],
  ])("changes from %s to %s only %j", (one, other, expected) => {
    const [before, after] = [defaultsOf(one), defaultsOf(other)];
    const names = [...new Set([...before.keys(), ...after.keys()])];
    const both = names.map((name) => [name, before.get(name), after.get(name)]);
    expect(both.filter(([, was, is]) => was !== is)).toEqual(expected);
  });
});
