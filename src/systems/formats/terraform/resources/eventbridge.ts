/** Buses, rules with their targets, API destinations, schedules and pipes. https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/cloudwatch_event_target */
import { below, block, blocks, json, name, plain, type Rule, reference, type Translation } from "../translation.ts";

const targets = [
  "aws_lambda_function",
  "aws_lambda_alias",
  "aws_sqs_queue",
  "aws_sns_topic",
  "aws_kinesis_stream",
  "aws_cloudwatch_event_bus",
  "aws_cloudwatch_event_api_destination",
  "aws_sfn_state_machine",
];

const deadLetters = (argument: string): Rule =>
  block("dead_letter_config", "DeadLetterConfig", reference(argument, "Arn", ["aws_sqs_queue"]));

const retryPolicy = block(
  "retry_policy",
  "RetryPolicy",
  plain("maximum_event_age_in_seconds", "MaximumEventAgeInSeconds", { none: [0] }),
  plain("maximum_retry_attempts", "MaximumRetryAttempts"),
);

const targetRules: readonly Rule[] = [
  reference("arn", "Arn", targets),
  name("target_id", "Id"),
  deadLetters("arn"),
  retryPolicy,
  block("sqs_target", "SqsParameters", plain("message_group_id", "MessageGroupId")),
  name("input", "Input"),
  name("input_path", "InputPath"),
];

const ruleTarget: Rule = (from, to, translating) => {
  const item = translating.append(below(to, "Targets"), from);
  for (const rule of targetRules) rule(from, item, translating);
};

const streamSource = [
  plain("batch_size", "BatchSize"),
  plain("maximum_batching_window_in_seconds", "MaximumBatchingWindowInSeconds"),
  plain("maximum_record_age_in_seconds", "MaximumRecordAgeInSeconds"),
  plain("maximum_retry_attempts", "MaximumRetryAttempts"),
  plain("on_partial_batch_item_failure", "OnPartialBatchItemFailure"),
  plain("parallelization_factor", "ParallelizationFactor"),
  plain("starting_position", "StartingPosition"),
  deadLetters("arn"),
];

export const eventBridge: Readonly<Record<string, Translation>> = {
  aws_cloudwatch_event_bus: {
    type: "AWS::Events::EventBus",
    kind: "Bus",
    references: { name: null, id: null, arn: "Arn" },
    rules: [name("name", "Name")],
  },
  aws_cloudwatch_event_rule: {
    type: "AWS::Events::Rule",
    kind: "Rule",
    references: { name: null, id: null, arn: "Arn" },
    rules: [
      name("name", "Name"),
      reference("event_bus_name", "EventBusName", ["aws_cloudwatch_event_bus"]),
      json("event_pattern", "EventPattern"),
      plain("schedule_expression", "ScheduleExpression"),
      (from, to, translating) => {
        const enabled = from.at("is_enabled");
        const state = from.at("state");
        if (state.text !== undefined) translating.set(below(to, "State"), state.text, state);
        else if (enabled.value === false) translating.set(below(to, "State"), "DISABLED", enabled);
      },
    ],
  },
  aws_cloudwatch_event_target: {
    type: "AWS::Events::Rule",
    kind: "Rule",
    onto: (from, translating) => translating.instanceFor(from.at("rule"), ["aws_cloudwatch_event_rule"]),
    rules: [ruleTarget],
  },
  aws_cloudwatch_event_connection: {
    type: "AWS::Events::Connection",
    kind: "Connection",
    references: { arn: "Arn", name: null, id: null },
    rules: [name("name", "Name"), plain("authorization_type", "AuthorizationType")],
  },
  aws_cloudwatch_event_api_destination: {
    type: "AWS::Events::ApiDestination",
    kind: "ApiDestination",
    references: { arn: "Arn", name: null, id: null },
    rules: [
      name("name", "Name"),
      reference("connection_arn", "ConnectionArn", ["aws_cloudwatch_event_connection"]),
      plain("http_method", "HttpMethod"),
      name("invocation_endpoint", "InvocationEndpoint"),
      plain("invocation_rate_limit_per_second", "InvocationRateLimitPerSecond"),
    ],
  },
  aws_scheduler_schedule: {
    type: "AWS::Scheduler::Schedule",
    kind: "Schedule",
    references: { arn: "Arn", id: null, name: null },
    rules: [
      name("name", "Name"),
      plain("schedule_expression", "ScheduleExpression"),
      plain("state", "State"),
      block(
        "flexible_time_window",
        "FlexibleTimeWindow",
        plain("mode", "Mode"),
        plain("maximum_window_in_minutes", "MaximumWindowInMinutes", { none: [0] }),
      ),
      block(
        "target",
        "Target",
        reference("arn", "Arn", targets),
        deadLetters("arn"),
        retryPolicy,
        block("sqs_parameters", "SqsParameters", plain("message_group_id", "MessageGroupId")),
        name("input", "Input"),
      ),
    ],
  },
  aws_pipes_pipe: {
    type: "AWS::Pipes::Pipe",
    kind: "Pipe",
    references: { arn: "Arn", id: null, name: null },
    rules: [
      name("name", "Name"),
      reference("source", "Source", ["aws_sqs_queue", "aws_kinesis_stream", "aws_dynamodb_table", "aws_msk_cluster"]),
      reference("target", "Target", targets),
      reference("enrichment", "Enrichment"),
      plain("desired_state", "DesiredState"),
      block(
        "source_parameters",
        "SourceParameters",
        block("filter_criteria", "FilterCriteria", blocks("filter", "Filters", plain("pattern", "Pattern"))),
        block(
          "sqs_queue_parameters",
          "SqsQueueParameters",
          plain("batch_size", "BatchSize"),
          plain("maximum_batching_window_in_seconds", "MaximumBatchingWindowInSeconds"),
        ),
        block("kinesis_stream_parameters", "KinesisStreamParameters", ...streamSource),
        block("dynamodb_stream_parameters", "DynamoDBStreamParameters", ...streamSource),
      ),
      block(
        "target_parameters",
        "TargetParameters",
        block("lambda_function_parameters", "LambdaFunctionParameters", plain("invocation_type", "InvocationType")),
        block("sqs_queue_parameters", "SqsQueueParameters", plain("message_group_id", "MessageGroupId")),
        block("kinesis_stream_parameters", "KinesisStreamParameters", plain("partition_key", "PartitionKey")),
      ),
    ],
  },
};
