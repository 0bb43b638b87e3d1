/** Functions, their aliases, and what sends events to them. https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/lambda_function */
import { Attribute } from "../attributes.ts";
import type { Instance } from "../instances.ts";
import { block, blocks, name, plain, reference, type Translating, type Translation, where } from "../translation.ts";

const functions = ["aws_lambda_function", "aws_lambda_alias"];
const destinations = ["aws_sqs_queue", "aws_sns_topic", "aws_cloudwatch_event_bus", "aws_s3_bucket", ...functions];

/** The sources that are read by shards; only they say where to start. */
const isStream = (from: Attribute) => from.at("starting_position").text !== undefined;

function aliasOf(from: Attribute, translating: Translating): Instance | null {
  const qualifier = from.at("qualifier");
  const fromFunction = translating.instanceFor(from.at("function_name"), functions);
  const named = translating
    .instances("aws_lambda_alias")
    .filter(({ values }) => qualifier.text !== undefined && values.name === qualifier.text)
    .filter(
      (alias) =>
        fromFunction === null ||
        translating.instanceFor(Attribute.ofInstance(alias).at("function_name"), functions) === fromFunction,
    );
  return named.length === 1 ? named[0]! : translating.instanceFor(qualifier, ["aws_lambda_alias"]);
}

export const lambda: Readonly<Record<string, Translation>> = {
  aws_lambda_function: {
    type: "AWS::Lambda::Function",
    kind: "Function",
    references: { arn: "Arn", invoke_arn: "Arn", qualified_arn: "Arn", function_name: null, id: null },
    rules: [
      name("function_name", "FunctionName"),
      name("runtime", "Runtime"),
      name("handler", "Handler"),
      name("package_type", "PackageType"),
      plain("timeout", "Timeout"),
      plain("memory_size", "MemorySize"),
      // -1 is how Terraform writes that there is none.
      plain("reserved_concurrent_executions", "ReservedConcurrentExecutions", { none: [-1] }),
      block("dead_letter_config", "DeadLetterConfig", reference("target_arn", "TargetArn", destinations)),
    ],
  },
  aws_lambda_alias: {
    type: "AWS::Lambda::Alias",
    kind: "Alias",
    references: { arn: null, invoke_arn: null, id: null },
    rules: [
      reference("function_name", "FunctionName", ["aws_lambda_function"]),
      name("function_version", "FunctionVersion"),
      name("name", "Name"),
    ],
  },
  aws_lambda_provisioned_concurrency_config: {
    type: "AWS::Lambda::Version",
    kind: "Version",
    onto: aliasOf,
    rules: [
      plain("provisioned_concurrent_executions", "ProvisionedConcurrencyConfig.ProvisionedConcurrentExecutions"),
      (from, to, translating) => {
        if (aliasOf(from, translating) !== null) return;
        reference("function_name", "FunctionName", ["aws_lambda_function"])(from, to, translating);
      },
    ],
  },
  aws_lambda_event_source_mapping: {
    type: "AWS::Lambda::EventSourceMapping",
    kind: "Mapping",
    references: { id: null, uuid: null, arn: "EventSourceMappingArn" },
    rules: [
      reference("function_name", "FunctionName", functions),
      reference("event_source_arn", "EventSourceArn", [
        "aws_sqs_queue",
        "aws_kinesis_stream",
        "aws_kinesis_stream_consumer",
        "aws_dynamodb_table",
        "aws_msk_cluster",
        "aws_mq_broker",
      ]),
      plain("batch_size", "BatchSize", { none: [0] }),
      plain("maximum_batching_window_in_seconds", "MaximumBatchingWindowInSeconds"),
      plain("enabled", "Enabled"),
      block("filter_criteria", "FilterCriteria", blocks("filter", "Filters", plain("pattern", "Pattern"))),
      plain("function_response_types", "FunctionResponseTypes"),
      block("scaling_config", "ScalingConfig", plain("maximum_concurrency", "MaximumConcurrency", { none: [0] })),
      block(
        "provisioned_poller_config",
        "ProvisionedPollerConfig",
        plain("minimum_pollers", "MinimumPollers", { none: [0] }),
        plain("maximum_pollers", "MaximumPollers", { none: [0] }),
        name("poller_group_name", "PollerGroupName"),
      ),
      // In a state, the mapping of a queue has all of these, as zeros.
      where(
        isStream,
        plain("starting_position", "StartingPosition"),
        plain("bisect_batch_on_function_error", "BisectBatchOnFunctionError"),
        plain("maximum_record_age_in_seconds", "MaximumRecordAgeInSeconds", { none: [0] }),
        plain("maximum_retry_attempts", "MaximumRetryAttempts"),
        plain("parallelization_factor", "ParallelizationFactor", { none: [0] }),
        plain("tumbling_window_in_seconds", "TumblingWindowInSeconds", { none: [0] }),
      ),
      block(
        "destination_config",
        "DestinationConfig",
        block("on_failure", "OnFailure", reference("destination_arn", "Destination", destinations)),
      ),
    ],
  },
  aws_lambda_function_event_invoke_config: {
    type: "AWS::Lambda::EventInvokeConfig",
    kind: "EventInvokeConfig",
    rules: [
      reference("function_name", "FunctionName", functions),
      plain("qualifier", "Qualifier", { isName: true }),
      plain("maximum_event_age_in_seconds", "MaximumEventAgeInSeconds", { none: [0] }),
      plain("maximum_retry_attempts", "MaximumRetryAttempts"),
      block(
        "destination_config",
        "DestinationConfig",
        block("on_failure", "OnFailure", reference("destination", "Destination", destinations)),
        block("on_success", "OnSuccess", reference("destination", "Destination", destinations)),
      ),
    ],
  },
  aws_lambda_permission: {
    type: "AWS::Lambda::Permission",
    kind: "Permission",
    rules: [name("action", "Action"), name("principal", "Principal")],
  },
  aws_lambda_function_url: { type: "AWS::Lambda::Url", kind: "Url", rules: [] },
};
