/**
 * Plans and states of Terraform as CloudFormation's resources. The shape of both is documented:
 * https://developer.hashicorp.com/terraform/internals/json-format. What stands in `references` was seen in plans of Terraform 1.11.
 */
import { describe, expect, it } from "vitest";
import { readSystem } from "../../../../src/systems/formats/formats.ts";
import { terraform } from "../../../../src/systems/formats/terraform/terraform.ts";
import { lift } from "../../../../src/systems/lift.ts";
import type { System } from "../../../../src/systems/system.ts";
import { placeOf } from "../../../../src/template/template.ts";
import { aPlan, aState, type Declared, type ModuleOf, to, written } from "./a-plan.ts";

function read(plan: object, indent = 1): System {
  return terraform.read({ file: "plan.json", text: JSON.stringify(plan, null, indent), parameters: {} });
}

/** Properties by type and logical ID. */
function propertiesOf({ template }: System, logicalId: string) {
  const found = template.resources.find((each) => each.logicalId === logicalId);
  if (found === undefined) {
    throw new Error(`no ${logicalId} in ${template.resources.map((each) => each.logicalId).join(", ")}`);
  }
  return found.properties;
}

const createdQueue = { arn: true, id: true, url: true, policy: true, redrive_policy: true, redrive_allow_policy: true };
const createdFunction = { arn: true, id: true, invoke_arn: true, qualified_arn: true };

const deadLetters: Declared = {
  type: "aws_sqs_queue",
  name: "dead",
  expressions: { name: written("orders-dead") },
  values: { name: "orders-dead", visibility_timeout_seconds: 30, fifo_queue: false, message_retention_seconds: 345600 },
  unknown: createdQueue,
};

const orders: Declared = {
  type: "aws_sqs_queue",
  name: "orders",
  expressions: {
    name: written("orders"),
    visibility_timeout_seconds: written(90),
    redrive_policy: to("aws_sqs_queue.dead.arn"),
  },
  values: {
    name: "orders",
    visibility_timeout_seconds: 90,
    delay_seconds: 0,
    fifo_queue: false,
    kms_master_key_id: null,
  },
  unknown: createdQueue,
};

const worker: Declared = {
  type: "aws_lambda_function",
  name: "worker",
  expressions: { function_name: written("worker"), timeout: to("var.timeout"), role: to("aws_iam_role.worker.arn") },
  values: {
    function_name: "worker",
    timeout: 15,
    memory_size: 128,
    reserved_concurrent_executions: -1,
    dead_letter_config: [],
  },
  unknown: { ...createdFunction, dead_letter_config: [] },
};

const mapping: Declared = {
  type: "aws_lambda_event_source_mapping",
  name: "orders",
  expressions: {
    event_source_arn: to("aws_sqs_queue.orders.arn"),
    function_name: to("aws_lambda_function.worker.arn"),
    batch_size: written(5),
    function_response_types: written(["ReportBatchItemFailures"]),
    scaling_config: [{ maximum_concurrency: written(4) }],
  },
  values: {
    batch_size: 5,
    enabled: true,
    function_response_types: ["ReportBatchItemFailures"],
    maximum_batching_window_in_seconds: null,
    scaling_config: [{ maximum_concurrency: 4 }],
    starting_position: null,
  },
  unknown: { event_source_arn: true, function_name: true, scaling_config: [{}], maximum_retry_attempts: true },
};

const queueToFunction: ModuleOf = { resources: [deadLetters, orders, worker, mapping] };

describe("a plan of a queue and a function", () => {
  const system = read(aPlan(queueToFunction, { timeout: 15 }));

  it("is recognized by its format_version, and so is a state", () => {
    expect(terraform.recognizes(aPlan(queueToFunction))).toBe(true);
    expect(terraform.recognizes(aState(queueToFunction))).toBe(true);
    expect(terraform.recognizes({ Resources: {} })).toBe(false);
  });

  it("has CloudFormation's properties, and references where the ARNs are not known yet", () => {
    expect(propertiesOf(system, "OrdersMapping")).toEqual({
      FunctionName: { "Fn::GetAtt": ["WorkerFunction", "Arn"] },
      EventSourceArn: { "Fn::GetAtt": ["OrdersQueue", "Arn"] },
      BatchSize: 5,
      Enabled: true,
      FunctionResponseTypes: ["ReportBatchItemFailures"],
      ScalingConfig: { MaximumConcurrency: 4 },
    });
    expect(propertiesOf(system, "WorkerFunction")).toMatchObject({ Timeout: 15, MemorySize: 128 });
    expect(propertiesOf(system, "WorkerFunction")).not.toHaveProperty("ReservedConcurrentExecutions");
  });

  it("calls resources by their addresses", () => {
    expect(system.names.get("OrdersQueue")).toBe("aws_sqs_queue.orders");
  });

  it("says by Terraform where nobody wrote a value", () => {
    const filledIn = system.filledIn.map(({ path, by }) => `${path.slice(1).join(".")} by ${by}`);
    expect(filledIn).toContain("WorkerFunction.Properties.MemorySize by Terraform");
    expect(filledIn).not.toContain("WorkerFunction.Properties.Timeout by Terraform");
    expect(filledIn).toContain("DeadQueue.Properties.VisibilityTimeout by Terraform");
    expect(filledIn).not.toContain("OrdersQueue.Properties.VisibilityTimeout by Terraform");
  });

  it("knows the dead-letter queue, and says how to give the receive count that hides in the policy", () => {
    expect(propertiesOf(system, "OrdersQueue").RedrivePolicy).toEqual({
      deadLetterTargetArn: { "Fn::GetAtt": ["DeadQueue", "Arn"] },
    });
    expect(system.unread).toHaveLength(1);
    expect(system.unread[0]).toMatchObject({
      path: ["Resources", "OrdersQueue", "Properties", "RedrivePolicy", "maxReceiveCount"],
      message: expect.stringMatching(
        /^aws_sqs_queue\.orders\.redrive_policy is known only after.*--set MaxReceiveCount=5/,
      ),
    });
  });

  it("has the line of each value where there are several, and line 1 where there is one", () => {
    const text = JSON.stringify(aPlan(queueToFunction, { timeout: 15 }), null, 1).split("\n");
    const path = ["Resources", "OrdersMapping", "Properties", "BatchSize"];
    const { file, line } = placeOf(system.template, path);
    expect(file).toBe("plan.json");
    expect(text[line - 1]).toContain('"batch_size": 5');
    expect(placeOf(read(aPlan(queueToFunction), 0).template, path).line).toBe(1);
  });
});

describe("a plan, lifted", () => {
  const text = JSON.stringify(aPlan(queueToFunction, { timeout: 15 }), null, 1);
  const lifted = lift(readSystem({ file: "plan.json", text, parameters: {} }), { functionName: "worker" });

  it("gives the settings that throttle, with the addresses of their resources", () => {
    const taken = Object.fromEntries(
      lifted.taken.map(({ setting, value, resource }) => [setting, `${value} of ${resource}`]),
    );
    expect(taken).toMatchObject({
      VisibilityTimeout: "90 of aws_sqs_queue.orders",
      ConsumerTimeout: "15 of aws_lambda_function.worker",
      BatchSize: "5 of aws_lambda_event_source_mapping.orders",
      MaximumConcurrency: "4 of aws_lambda_event_source_mapping.orders",
    });
  });

  it("says what Terraform filled in", () => {
    expect(lifted.defaulted).toContainEqual(expect.objectContaining({ setting: "ConsumerMemory", by: "Terraform" }));
  });

  it("assumes the receive count that AWS advises where it could not be read, and says how to give it", () => {
    expect(lifted.assumed).toContainEqual({
      setting: "MaxReceiveCount",
      value: "5",
      why: expect.stringContaining("--set MaxReceiveCount=5"),
    });
  });

  it("says of a count that was found in the expression where it is from", () => {
    const redrive_policy = to("aws_sqs_queue.dead.arn", "var.count");
    const counted = { ...orders, expressions: { ...orders.expressions, redrive_policy } };
    const plan = aPlan({ resources: [deadLetters, counted, worker, mapping] }, { timeout: 15, count: 7 });
    const { taken, unread } = lift(readSystem({ file: "plan.json", text: JSON.stringify(plan), parameters: {} }));
    expect(taken).toContainEqual(expect.objectContaining({ setting: "MaxReceiveCount", value: "7" }));
    expect(unread).toContainEqual(expect.objectContaining({ setting: "MaxReceiveCount" }));
  });
});

describe("the receive count of a redrive policy that is not known yet", () => {
  const withPolicy = (redrive_policy: object): ModuleOf => ({
    resources: [deadLetters, { ...orders, expressions: { ...orders.expressions, redrive_policy } }],
  });

  it("is the one number that the expression has, which is said", () => {
    const expression = to("aws_sqs_queue.dead.arn", "var.receive_count");
    const system = read(aPlan(withPolicy(expression), { receive_count: 7 }));
    expect(propertiesOf(system, "OrdersQueue").RedrivePolicy).toMatchObject({ maxReceiveCount: 7 });
    expect(system.unread.map(({ message }) => message)).toEqual([expect.stringContaining("one number, 7")]);
  });

  it("is not chosen among two", () => {
    const expression = to("aws_sqs_queue.dead.arn", "var.receive_count", "var.other");
    const system = read(aPlan(withPolicy(expression), { receive_count: 7, other: 3 }));
    expect(propertiesOf(system, "OrdersQueue").RedrivePolicy).not.toHaveProperty("maxReceiveCount");
  });

  it("is read where the whole policy is known", () => {
    const arn = "arn:aws:sqs:eu-west-1:123456789012:orders-dead";
    const known: ModuleOf = {
      resources: [
        { ...deadLetters, values: { ...deadLetters.values, arn }, unknown: {} },
        {
          ...orders,
          values: {
            ...orders.values,
            redrive_policy: JSON.stringify({ deadLetterTargetArn: arn, maxReceiveCount: 3 }),
          },
          unknown: {},
        },
      ],
    };
    for (const system of [read(aPlan(known)), read(aState(known))]) {
      expect(propertiesOf(system, "OrdersQueue").RedrivePolicy).toEqual({
        deadLetterTargetArn: { "Fn::GetAtt": ["DeadQueue", "Arn"] },
        maxReceiveCount: 3,
      });
      expect(system.unread).toEqual([]);
    }
  });

  it("is that of aws_sqs_queue_redrive_policy, which belongs to its queue", () => {
    const separate: Declared = {
      type: "aws_sqs_queue_redrive_policy",
      name: "orders",
      expressions: { queue_url: to("aws_sqs_queue.orders.id"), redrive_policy: to("aws_sqs_queue.dead.arn", "var.n") },
      unknown: { queue_url: true, redrive_policy: true },
    };
    const { redrive_policy: _, ...others } = orders.expressions as Record<string, object>;
    const system = read(aPlan({ resources: [deadLetters, { ...orders, expressions: others }, separate] }, { n: 4 }));
    expect(propertiesOf(system, "OrdersQueue").RedrivePolicy).toEqual({
      deadLetterTargetArn: { "Fn::GetAtt": ["DeadQueue", "Arn"] },
      maxReceiveCount: 4,
    });
    expect(system.template.resources.map(({ type }) => type)).toEqual(["AWS::SQS::Queue", "AWS::SQS::Queue"]);
  });
});

describe("references through modules", () => {
  const queueModule: ModuleOf = {
    resources: [
      { ...orders, name: "this", count: written(1), instances: [{ ...pick(orders), key: 0 }], expressions: {} },
    ],
    outputs: { queue_arn: to("aws_sqs_queue.this[0].arn") },
  };
  const consumerModule: ModuleOf = {
    variables: { source_arn: {} },
    resources: [
      { ...worker, name: "this" },
      {
        ...mapping,
        name: "this",
        expressions: {
          ...mapping.expressions,
          event_source_arn: to("var.source_arn"),
          function_name: to("aws_lambda_function.this.arn"),
        },
      },
    ],
  };

  it("go through outputs and variables", () => {
    const system = read(
      aPlan({
        resources: [],
        calls: {
          queue: queueModule,
          consumer: { ...consumerModule, expressions: { source_arn: to("module.queue.queue_arn") } },
        },
      }),
    );
    expect(system.names.get("QueueThis0Queue")).toBe("module.queue.aws_sqs_queue.this[0]");
    expect(propertiesOf(system, "ConsumerThisMapping")).toMatchObject({
      EventSourceArn: { "Fn::GetAtt": ["QueueThis0Queue", "Arn"] },
      FunctionName: { "Fn::GetAtt": ["ConsumerThisFunction", "Arn"] },
    });
    expect(system.unread).toEqual([]);
  });

  it.each([
    ["module.queue[each.key].queue_arn", { references: ["module.queue", "each.key"] }, to("var.regions")],
    ["each.value.queue_arn", { references: ["each.value.queue_arn", "each.value"] }, to("module.queue")],
  ])("go to the instance of the same key by %s", (_, source_arn, forEach) => {
    const keys = ["eu", "us"];
    const system = read(
      aPlan(
        {
          resources: [],
          calls: {
            queue: { ...queueModule, keys, forEach: to("var.regions") },
            consumer: { ...consumerModule, keys, forEach, expressions: { source_arn } },
          },
        },
        { regions: keys },
      ),
    );
    for (const key of ["Eu", "Us"]) {
      expect(propertiesOf(system, `Consumer${key}ThisMapping`)).toMatchObject({
        EventSourceArn: { "Fn::GetAtt": [`Queue${key}This0Queue`, "Arn"] },
        FunctionName: { "Fn::GetAtt": [`Consumer${key}ThisFunction`, "Arn"] },
      });
    }
  });

  it("go from instance to instance of the same count", () => {
    const instances = [0, 1].map((key) => ({ ...pick(orders), key }));
    const system = read(
      aPlan({
        resources: [
          { ...orders, expressions: {}, instances },
          worker,
          {
            ...mapping,
            expressions: {
              ...mapping.expressions,
              event_source_arn: { references: ["aws_sqs_queue.orders", "count.index"] },
            },
            instances: [0, 1].map((key) => ({ ...pick(mapping), key })),
          },
        ],
      }),
    );
    for (const key of [0, 1]) {
      expect(propertiesOf(system, `Orders${key}Mapping`).EventSourceArn).toEqual({
        "Fn::GetAtt": [`Orders${key}Queue`, "Arn"],
      });
    }
  });

  it("end at local values, which no plan explains, and this is said", () => {
    const expressions = { ...mapping.expressions, event_source_arn: to("local.queue_arn") };
    const system = read(aPlan({ resources: [orders, worker, { ...mapping, expressions }] }));
    expect(propertiesOf(system, "OrdersMapping")).not.toHaveProperty("EventSourceArn");
    expect(system.unread.map(({ message }) => message)).toContainEqual(
      expect.stringMatching(/event_source_arn is known only after it is applied, and it comes from local\.queue_arn; /),
    );
  });

  it("are not chosen among several that fit", () => {
    const expressions = {
      ...mapping.expressions,
      event_source_arn: to("aws_sqs_queue.orders.arn", "aws_sqs_queue.dead.arn"),
    };
    const system = read(aPlan({ resources: [deadLetters, orders, worker, { ...mapping, expressions }] }));
    expect(propertiesOf(system, "OrdersMapping")).not.toHaveProperty("EventSourceArn");
    expect(system.unread.map(({ message }) => message)).toContainEqual(
      expect.stringContaining("it comes from aws_sqs_queue.orders, aws_sqs_queue.dead"),
    );
  });
});

describe("known values", () => {
  it("name the resource by its name or its ARN, and stay what they are outside of the plan", () => {
    const elsewhere = "arn:aws:sqs:eu-west-1:123456789012:theirs";
    const expressions = {
      event_source_arn: written(elsewhere),
      function_name: to("aws_lambda_function.worker.function_name"),
    };
    const values = { event_source_arn: elsewhere, function_name: "worker", batch_size: null };
    const system = read(aPlan({ resources: [worker, { ...mapping, expressions, values, unknown: {} }] }));
    expect(propertiesOf(system, "OrdersMapping")).toEqual({
      EventSourceArn: elsewhere,
      FunctionName: { Ref: "WorkerFunction" },
    });
  });

  it("of a data source are ARNs that the plan found", () => {
    const arn = "arn:aws:sqs:eu-west-1:123456789012:theirs";
    const plan = aPlan({
      resources: [
        worker,
        { ...mapping, expressions: { ...mapping.expressions, event_source_arn: to("data.aws_sqs_queue.theirs.arn") } },
      ],
    });
    const source = {
      address: "data.aws_sqs_queue.theirs",
      mode: "data",
      type: "aws_sqs_queue",
      name: "theirs",
      values: { arn },
    };
    const system = read({ ...plan, prior_state: { values: { root_module: { resources: [source] } } } });
    expect(propertiesOf(system, "OrdersMapping").EventSourceArn).toBe(arn);
  });
});

describe("what belongs to another resource", () => {
  const alias: Declared = {
    type: "aws_lambda_alias",
    name: "live",
    expressions: { name: written("live"), function_name: to("aws_lambda_function.worker.function_name") },
    values: { name: "live", function_name: "worker" },
    unknown: { arn: true, function_version: true },
  };

  it("is written there: provisioned concurrency to its alias, targets to their rule", () => {
    const system = read(
      aPlan({
        resources: [
          worker,
          alias,
          {
            type: "aws_lambda_provisioned_concurrency_config",
            name: "live",
            expressions: {
              function_name: to("aws_lambda_alias.live.function_name"),
              qualifier: to("aws_lambda_alias.live.name"),
            },
            values: { function_name: "worker", qualifier: "live", provisioned_concurrent_executions: 3 },
          },
          {
            type: "aws_cloudwatch_event_rule",
            name: "placed",
            expressions: { name: written("placed") },
            values: {
              name: "placed",
              event_pattern: '{"source":["shop"]}',
              event_bus_name: "default",
              state: "ENABLED",
            },
          },
          {
            type: "aws_cloudwatch_event_target",
            name: "worker",
            expressions: {
              rule: to("aws_cloudwatch_event_rule.placed.name"),
              arn: to("aws_lambda_alias.live.arn"),
              retry_policy: [{ maximum_retry_attempts: written(2) }],
              dead_letter_config: [{ arn: to("aws_sqs_queue.dead.arn") }],
            },
            values: { rule: "placed", retry_policy: [{ maximum_retry_attempts: 2 }], dead_letter_config: [{}] },
            unknown: { arn: true, dead_letter_config: [{ arn: true }], target_id: true },
          },
          deadLetters,
        ],
      }),
    );
    expect(propertiesOf(system, "LiveAlias")).toMatchObject({
      FunctionName: { Ref: "WorkerFunction" },
      ProvisionedConcurrencyConfig: { ProvisionedConcurrentExecutions: 3 },
    });
    expect(propertiesOf(system, "PlacedRule")).toMatchObject({
      EventPattern: { source: ["shop"] },
      Targets: [
        {
          Arn: { Ref: "LiveAlias" },
          RetryPolicy: { MaximumRetryAttempts: 2 },
          DeadLetterConfig: { Arn: { "Fn::GetAtt": ["DeadQueue", "Arn"] } },
        },
      ],
    });
  });

  it("is an alarm's watched queue, by its name", () => {
    const alarm: Declared = {
      type: "aws_cloudwatch_metric_alarm",
      name: "dead",
      expressions: { dimensions: to("aws_sqs_queue.dead.name") },
      values: {
        metric_name: "ApproximateNumberOfMessagesVisible",
        namespace: "AWS/SQS",
        dimensions: { QueueName: "orders-dead" },
      },
    };
    expect(propertiesOf(read(aPlan({ resources: [deadLetters, alarm] })), "DeadAlarm").Dimensions).toEqual([
      { Name: "QueueName", Value: { "Fn::GetAtt": ["DeadQueue", "QueueName"] } },
    ]);
  });
});

describe("a subscription, a stream's mapping and an asynchronous configuration", () => {
  it("keep their settings", () => {
    const system = read(
      aPlan({
        resources: [
          orders,
          worker,
          {
            type: "aws_sns_topic",
            name: "orders",
            values: { name: "orders", fifo_topic: false },
            unknown: { arn: true, id: true },
          },
          {
            type: "aws_sns_topic_subscription",
            name: "orders",
            expressions: { topic_arn: to("aws_sns_topic.orders.arn"), endpoint: to("aws_sqs_queue.orders.arn") },
            values: {
              protocol: "sqs",
              raw_message_delivery: true,
              filter_policy: '{"kind":["order"]}',
              redrive_policy: null,
            },
            unknown: { topic_arn: true, endpoint: true },
          },
          {
            type: "aws_kinesis_stream",
            name: "clicks",
            values: { name: "clicks", shard_count: 2, retention_period: 24, stream_mode_details: [] },
            unknown: { arn: true, id: true },
          },
          {
            type: "aws_lambda_event_source_mapping",
            name: "clicks",
            expressions: {
              event_source_arn: to("aws_kinesis_stream.clicks.arn"),
              function_name: to("aws_lambda_function.worker.arn"),
            },
            values: {
              starting_position: "LATEST",
              parallelization_factor: 2,
              maximum_retry_attempts: 3,
              bisect_batch_on_function_error: true,
            },
            unknown: { event_source_arn: true, function_name: true },
          },
          {
            type: "aws_lambda_function_event_invoke_config",
            name: "worker",
            expressions: {
              function_name: to("aws_lambda_function.worker.function_name"),
              destination_config: [{ on_failure: [{ destination: to("aws_sqs_queue.orders.arn") }] }],
            },
            values: {
              function_name: "worker",
              maximum_event_age_in_seconds: 60,
              maximum_retry_attempts: 0,
              destination_config: [{ on_failure: [{}], on_success: [] }],
            },
            unknown: { destination_config: [{ on_failure: [{ destination: true }], on_success: [] }] },
          },
        ],
      }),
    );
    expect(propertiesOf(system, "OrdersSubscription")).toEqual({
      TopicArn: { Ref: "OrdersTopic" },
      Protocol: "sqs",
      Endpoint: { "Fn::GetAtt": ["OrdersQueue", "Arn"] },
      RawMessageDelivery: true,
      FilterPolicy: { kind: ["order"] },
    });
    expect(propertiesOf(system, "ClicksMapping")).toMatchObject({
      StartingPosition: "LATEST",
      ParallelizationFactor: 2,
      MaximumRetryAttempts: 3,
      BisectBatchOnFunctionError: true,
    });
    expect(propertiesOf(system, "WorkerEventInvokeConfig")).toEqual({
      FunctionName: { Ref: "WorkerFunction" },
      MaximumEventAgeInSeconds: 60,
      MaximumRetryAttempts: 0,
      DestinationConfig: { OnFailure: { Destination: { "Fn::GetAtt": ["OrdersQueue", "Arn"] } } },
    });
  });
});

describe("a state as Terraform stores it", () => {
  it("is read as the one that it shows", () => {
    const arn = "arn:aws:sqs:eu-west-1:123456789012:orders";
    const stored = {
      version: 4,
      terraform_version: "1.11.4",
      resources: [
        {
          module: 'module.shop["eu"]',
          mode: "managed",
          type: "aws_sqs_queue",
          name: "orders",
          instances: [{ index_key: 0, attributes: { name: "orders", arn, visibility_timeout_seconds: 90 } }],
        },
        {
          mode: "managed",
          type: "aws_lambda_event_source_mapping",
          name: "orders",
          instances: [
            {
              attributes: { event_source_arn: arn, function_name: "worker", batch_size: 10, parallelization_factor: 0 },
            },
          ],
        },
      ],
    };
    expect(terraform.recognizes(stored)).toBe(true);
    const system = read(stored);
    expect(system.names.get("ShopEuOrders0Queue")).toBe('module.shop["eu"].aws_sqs_queue.orders[0]');
    expect(propertiesOf(system, "OrdersMapping")).toEqual({
      EventSourceArn: { "Fn::GetAtt": ["ShopEuOrders0Queue", "Arn"] },
      FunctionName: "worker",
      BatchSize: 10,
    });
  });
});

describe("a plan that cannot be taken", () => {
  it.each([
    [
      "another format",
      { ...aPlan(queueToFunction), format_version: "2.0" },
      /format_version 2\.0 .* is not known; 1 is/,
    ],
    ["a plan to destroy", { ...aPlan(queueToFunction), planned_values: { root_module: {} } }, /plan without -destroy/],
    ["an empty state", { format_version: "1.0", values: { root_module: {} } }, /apply the plan first/],
  ])("is refused with what to do: %s", (_, plan, message) => {
    expect(() => read(plan)).toThrow(message);
  });

  it("is refused with parameters, which it has taken in", () => {
    const source = { file: "plan.json", text: JSON.stringify(aPlan(queueToFunction)), parameters: { stage: "prod" } };
    expect(() => terraform.read(source)).toThrow(/terraform plan -var stage=/);
  });
});

function pick({ values, unknown }: Declared): Pick<Declared, "values" | "unknown"> {
  return { values, unknown };
}
