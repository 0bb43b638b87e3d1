/** Lambda functions and what belongs to them, as templates declare them. */
import type { Account, EventInvokeSettings, FunctionSettings, LambdaFunction, MappingSettings } from "../account.ts";
import { ServiceError } from "../service-error.ts";
import { flag, integer, list, mapOf, object, only, refined, required, text } from "../template/properties.ts";
import { given, milliseconds, resourceType, takes } from "../template/resource-type.ts";

const nodeRuntime = refined(text, (runtime) =>
  /^nodejs\d+\.x$/.test(runtime) ? null : `must be a Node.js runtime for the local target, which cannot run ${runtime}`,
);

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-resource-lambda-function.html */
const lambdaFunction = resourceType(
  "AWS::Lambda::Function",
  {
    FunctionName: text,
    Runtime: required(nodeRuntime),
    Handler: required(text),
    Code: required(object({ ZipFile: required(text) })),
    Role: required(text),
    Timeout: integer,
    MemorySize: integer,
    Architectures: list(only("arm64", "x86_64")),
    Environment: object({ Variables: mapOf(text) }),
    Description: text,
    DeadLetterConfig: object({ TargetArn: text }),
    ReservedConcurrentExecutions: integer,
    PackageType: only("Zip"),
    TracingConfig: object({ Mode: only("PassThrough") }),
    VpcConfig: object({ SubnetIds: required(list(text)), SecurityGroupIds: required(list(text)) }),
  },
  {
    inert: ["LoggingConfig", "Tags"],
    attributes: ["Arn"],
    // In a network it is more: https://docs.aws.amazon.com/lambda/latest/dg/configuration-vpc.html says about a minute for the
    // first function, and less for those that find its network interface. It is not modelled, for no figure depends on it.
    creationMs: takes(5, [3, 15], "one call, then the function's state has to become Active"),
    deletionMs: takes(2, [1, 10], "one call that takes effect at once"),
    create({ account, properties, generatedName }) {
      const name = properties.FunctionName ?? generatedName(64);
      const settings = given<FunctionSettings>({
        runtime: properties.Runtime,
        handler: properties.Handler,
        timeoutMs: milliseconds(properties.Timeout),
        memoryMb: properties.MemorySize,
        architecture: properties.Architectures?.[0],
        environment: properties.Environment?.Variables,
        description: properties.Description,
        deadLetterTargetArn: properties.DeadLetterConfig?.TargetArn,
        vpc: properties.VpcConfig && {
          subnetIds: properties.VpcConfig.SubnetIds,
          securityGroupIds: properties.VpcConfig.SecurityGroupIds,
        },
      });
      const created = account.lambda.create(name, { ...settings, roleArn: properties.Role }, properties.Code.ZipFile);
      try {
        const reserved = properties.ReservedConcurrentExecutions;
        if (reserved !== undefined) created.reserveConcurrency(reserved);
      } catch (failure) {
        account.lambda.delete(name);
        throw failure;
      }
      return { physicalId: name, attributes: { Arn: created.arn }, delete: () => account.lambda.delete(name) };
    },
  },
);

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-resource-lambda-permission.html */
const permission = resourceType(
  "AWS::Lambda::Permission",
  {
    Action: required(text),
    FunctionName: required(text),
    Principal: required(text),
    SourceArn: text,
    SourceAccount: text,
  },
  {
    creationMs: takes(2, [1, 10], "one call that takes effect at once"),
    deletionMs: takes(1, [0.5, 10], "one call that takes effect at once"),
    create({ account, properties, generatedName }) {
      const fn = functionOf(account, properties.FunctionName);
      const statementId = generatedName(100);
      fn.addPermission({
        statementId,
        action: properties.Action,
        principal: properties.Principal,
        sourceArn: properties.SourceArn ?? null,
        sourceAccount: properties.SourceAccount ?? null,
      });
      return { physicalId: statementId, attributes: {}, delete: () => fn.removePermission(statementId) };
    },
  },
);

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-resource-lambda-eventsourcemapping.html */
const eventSourceMapping = resourceType(
  "AWS::Lambda::EventSourceMapping",
  {
    EventSourceArn: required(
      refined(text, (arn) =>
        /^arn:[^:]+:sqs:/.test(arn) ? null : "must be the ARN of an SQS queue for the local target",
      ),
    ),
    FunctionName: required(text),
    BatchSize: integer,
    MaximumBatchingWindowInSeconds: integer,
    Enabled: flag,
    ScalingConfig: object({ MaximumConcurrency: integer }),
    FunctionResponseTypes: list(only("ReportBatchItemFailures")),
  },
  {
    inert: ["Tags"],
    attributes: ["Id"],
    creationMs: takes(20, [10, 60], "CloudFormation waits until the mapping's state is Enabled"),
    deletionMs: takes(20, [5, 60], "CloudFormation waits until the mapping, which first is Deleting, is gone"),
    create({ account, properties }) {
      const fn = functionOf(account, properties.FunctionName);
      const created = account.mappings.create(
        properties.EventSourceArn,
        fn.arn,
        given<MappingSettings>({
          batchSize: properties.BatchSize,
          batchingWindowMs: milliseconds(properties.MaximumBatchingWindowInSeconds),
          enabled: properties.Enabled,
          maximumConcurrency: properties.ScalingConfig?.MaximumConcurrency,
          reportBatchItemFailures: properties.FunctionResponseTypes?.includes("ReportBatchItemFailures"),
        }),
      );
      const { uuid } = created;
      return { physicalId: uuid, attributes: { Id: uuid }, delete: () => account.mappings.delete(uuid) };
    },
  },
);

const destination = object({ Destination: required(text) });

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-resource-lambda-eventinvokeconfig.html */
const eventInvokeConfig = resourceType(
  "AWS::Lambda::EventInvokeConfig",
  {
    FunctionName: required(text),
    Qualifier: required(only("$LATEST")),
    MaximumEventAgeInSeconds: integer,
    MaximumRetryAttempts: integer,
    DestinationConfig: object({ OnFailure: destination, OnSuccess: destination }),
  },
  {
    creationMs: takes(2, [1, 10], "one call that takes effect at once"),
    deletionMs: takes(1, [0.5, 10], "one call that takes effect at once"),
    create({ account, properties, generatedName }) {
      const fn = functionOf(account, properties.FunctionName);
      fn.configureEventInvoke(
        given<EventInvokeSettings>({
          maximumEventAgeMs: milliseconds(properties.MaximumEventAgeInSeconds),
          maximumRetryAttempts: properties.MaximumRetryAttempts,
          onFailureArn: properties.DestinationConfig?.OnFailure?.Destination,
          onSuccessArn: properties.DestinationConfig?.OnSuccess?.Destination,
        }),
      );
      return { physicalId: generatedName(128), attributes: {}, delete: () => fn.configureEventInvoke(null) };
    },
  },
);

function functionOf(account: Account, nameOrArn: string): LambdaFunction {
  const found = account.lambda.fn(nameOrArn);
  if (!found) throw new ServiceError("ResourceNotFoundException", `Function not found: ${nameOrArn}`, 404);
  return found;
}

export const lambdaTypes = [lambdaFunction, permission, eventSourceMapping, eventInvokeConfig];
