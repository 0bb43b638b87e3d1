/** Lambda's API: invocation, code, concurrency, event source mappings. https://docs.aws.amazon.com/lambda/latest/api/ */
import { z } from "zod";
import type {
  Account,
  EventInvokeSettings,
  EventSourceMapping,
  InvocationOutcome,
  LambdaFunction,
  MappingSettings,
} from "../account.ts";
import { flag, given, integer, list, map, msOf, pageToken } from "../api/input.ts";
import { type Api, answered, operation } from "../api/operation.ts";
import { ServiceError } from "../service-error.ts";
import type { Output } from "../wire/protocol.ts";

const name = { FunctionName: z.string() };
const qualifier = z.literal("$LATEST", { error: "the emulator models $LATEST only" }).optional();
const payload = z.instanceof(Uint8Array);
const destination = z.strictObject({ Destination: z.string().optional() }).optional();

const operations: Api["operations"] = {
  Invoke: operation(
    z.strictObject({
      ...name,
      InvocationType: z.enum(["RequestResponse", "Event", "DryRun"]).default("RequestResponse"),
      LogType: z.literal("None", { error: "the emulator keeps no logs" }).optional(),
      Qualifier: qualifier,
      Payload: payload,
    }),
    ({ account }, { FunctionName, InvocationType, Payload }) => {
      const fn = functionOf(account, FunctionName);
      const event = eventOf(Payload);
      if (InvocationType === "DryRun") return { StatusCode: 204 };
      if (InvocationType === "Event") {
        fn.invokeAsync(event);
        return { StatusCode: 202 };
      }
      return answered<InvocationOutcome>(account.kernel, (callback) => fn.invoke(event, callback)).then(answerOf);
    },
  ),

  ListFunctions: operation(z.strictObject({ Marker: pageToken.optional() }), ({ account }) => ({
    Functions: account.lambda.list().map(configurationOf),
  })),

  GetFunction: operation(z.strictObject({ ...name, Qualifier: qualifier }), ({ account }, { FunctionName }) => {
    const fn = functionOf(account, FunctionName);
    return {
      Configuration: configurationOf(fn),
      Code: { RepositoryType: "S3" },
      ...(fn.reservedConcurrency === null ? {} : { Concurrency: concurrencyOf(fn) }),
    };
  }),

  DeleteFunction: operation(z.strictObject(name), ({ account }, { FunctionName }) => {
    account.lambda.delete(functionOf(account, FunctionName).name);
    return {};
  }),

  GetFunctionConfiguration: operation(
    z.strictObject({ ...name, Qualifier: qualifier }),
    ({ account }, { FunctionName }) => configurationOf(functionOf(account, FunctionName)),
  ),

  UpdateFunctionConfiguration: operation(
    z.strictObject({
      ...name,
      Description: z.string().optional(),
      Handler: z.string().optional(),
      MemorySize: integer.optional(),
      Timeout: integer.optional(),
      Environment: z.strictObject({ Variables: map(z.string()).optional() }).optional(),
      DeadLetterConfig: z.strictObject({ TargetArn: z.string().optional() }).optional(),
    }),
    ({ account }, { FunctionName, ...input }) => {
      const fn = functionOf(account, FunctionName);
      fn.configure(
        given({
          description: input.Description,
          handler: input.Handler,
          memoryMb: input.MemorySize,
          timeoutMs: msOf(input.Timeout),
          environment: input.Environment && (input.Environment.Variables ?? {}),
          // An empty configuration removes the target.
          deadLetterTargetArn: input.DeadLetterConfig && (input.DeadLetterConfig.TargetArn || null),
        }),
      );
      return configurationOf(fn);
    },
  ),

  UpdateFunctionCode: operation(
    z.strictObject({
      ...name,
      ZipFile: z.base64(),
      Architectures: z.tuple([z.enum(["arm64", "x86_64"])]).optional(),
      Publish: z.literal(false, { error: "the emulator models no versions" }).optional(),
    }),
    ({ account }, { FunctionName, ZipFile, Architectures }) => {
      const fn = functionOf(account, FunctionName);
      fn.updateCode(Buffer.from(ZipFile, "base64"));
      if (Architectures) fn.configure({ architecture: Architectures[0] });
      return configurationOf(fn);
    },
  ),

  PutFunctionConcurrency: operation(
    z.strictObject({
      ...name,
      ReservedConcurrentExecutions: integer.refine((reserved) => reserved >= 0, "it must be at least 0"),
    }),
    ({ account }, { FunctionName, ReservedConcurrentExecutions }) => {
      const fn = functionOf(account, FunctionName);
      fn.reserveConcurrency(ReservedConcurrentExecutions);
      return concurrencyOf(fn);
    },
  ),

  GetFunctionConcurrency: operation(z.strictObject(name), ({ account }, { FunctionName }) =>
    concurrencyOf(functionOf(account, FunctionName)),
  ),

  DeleteFunctionConcurrency: operation(z.strictObject(name), ({ account }, { FunctionName }) => {
    functionOf(account, FunctionName).reserveConcurrency(null);
    return {};
  }),

  PutFunctionEventInvokeConfig: operation(
    z.strictObject({
      ...name,
      Qualifier: qualifier,
      MaximumEventAgeInSeconds: integer.optional(),
      MaximumRetryAttempts: integer.optional(),
      DestinationConfig: z.strictObject({ OnFailure: destination, OnSuccess: destination }).optional(),
    }),
    ({ account }, { FunctionName, ...input }) => {
      const fn = functionOf(account, FunctionName);
      fn.configureEventInvoke(
        given<Partial<EventInvokeSettings>>({
          maximumEventAgeMs: msOf(input.MaximumEventAgeInSeconds),
          maximumRetryAttempts: input.MaximumRetryAttempts,
          onFailureArn: input.DestinationConfig?.OnFailure?.Destination,
          onSuccessArn: input.DestinationConfig?.OnSuccess?.Destination,
        }),
      );
      return eventInvokeOf(fn);
    },
  ),

  GetFunctionEventInvokeConfig: operation(
    z.strictObject({ ...name, Qualifier: qualifier }),
    ({ account }, { FunctionName }) => eventInvokeOf(functionOf(account, FunctionName)),
  ),

  GetAccountSettings: operation(z.strictObject({}), ({ account }) => {
    const { limit, unreserved } = account.lambda.concurrency();
    return {
      AccountLimit: { ConcurrentExecutions: limit, UnreservedConcurrentExecutions: unreserved },
      AccountUsage: { FunctionCount: account.lambda.list().length },
    };
  }),

  ListEventSourceMappings: operation(
    z.strictObject({
      FunctionName: z.string().optional(),
      EventSourceArn: z.string().optional(),
      Marker: pageToken.optional(),
    }),
    ({ account }, { FunctionName, EventSourceArn }) => {
      const functionArn = FunctionName === undefined ? undefined : functionOf(account, FunctionName).arn;
      return {
        EventSourceMappings: account.mappings
          .list()
          .filter((mapping) => functionArn === undefined || mapping.functionArn === functionArn)
          .filter((mapping) => EventSourceArn === undefined || mapping.eventSourceArn === EventSourceArn)
          .map(mappingOf),
      };
    },
  ),

  GetEventSourceMapping: operation(z.strictObject({ UUID: z.string() }), ({ account }, { UUID }) =>
    mappingOf(existingMapping(account, UUID)),
  ),

  UpdateEventSourceMapping: operation(
    z.strictObject({
      UUID: z.string(),
      FunctionName: z.string().optional(),
      Enabled: flag.optional(),
      BatchSize: integer.optional(),
      MaximumBatchingWindowInSeconds: integer.optional(),
      ScalingConfig: z.strictObject({ MaximumConcurrency: integer.optional() }).optional(),
      FunctionResponseTypes: list(z.literal("ReportBatchItemFailures")).optional(),
    }),
    ({ account }, { UUID, FunctionName, ...input }) => {
      const mapping = existingMapping(account, UUID);
      if (FunctionName !== undefined && functionOf(account, FunctionName).arn !== mapping.functionArn) {
        throw invalid("The emulator does not model a mapping that changes its function.");
      }
      mapping.configure(
        given<Partial<MappingSettings>>({
          enabled: input.Enabled,
          batchSize: input.BatchSize,
          batchingWindowMs: msOf(input.MaximumBatchingWindowInSeconds),
          // An empty scaling configuration removes the limit.
          maximumConcurrency: input.ScalingConfig ? (input.ScalingConfig.MaximumConcurrency ?? null) : undefined,
          reportBatchItemFailures: input.FunctionResponseTypes?.includes("ReportBatchItemFailures"),
        }),
      );
      return mappingOf(mapping);
    },
  ),
};

/** By name, ARN or partial ARN, each with or without a version, of which `$LATEST` is the one that there is. */
function functionOf(account: Account, nameOrArn: string): LambdaFunction {
  const parts = /^(?:(?:arn:aws:lambda:([^:]+):)?(\d{12}):function:)?([\w-]{1,64})(?::([\w$-]+))?$/.exec(nameOrArn);
  if (!parts) {
    throw new ServiceError(
      "ValidationException",
      `1 validation error detected: Value '${nameOrArn}' at 'functionName' failed to satisfy constraint: Member must be a function's name or ARN`,
    );
  }
  const [, region = account.region, accountId = account.accountId, name, version] = parts;
  const arn = `arn:aws:lambda:${region}:${accountId}:function:${name}`;
  const fn = account.lambda.fn(arn);
  if (fn?.arn === arn && (version === undefined || version === "$LATEST")) return fn;
  const missing = version === undefined ? arn : `${arn}:${version}`;
  throw new ServiceError("ResourceNotFoundException", `Function not found: ${missing}`, 404);
}

function existingMapping(account: Account, uuid: string): EventSourceMapping {
  const mapping = account.mappings.mapping(uuid);
  if (!mapping) throw new ServiceError("ResourceNotFoundException", "The resource you requested does not exist.", 404);
  return mapping;
}

function eventOf(bytes: Uint8Array): unknown {
  const text = new TextDecoder().decode(bytes);
  try {
    return text === "" ? {} : JSON.parse(text);
  } catch (error) {
    throw new ServiceError(
      "InvalidRequestContentException",
      `Could not parse request body into json: ${(error as Error).message}`,
    );
  }
}

/** https://docs.aws.amazon.com/lambda/latest/api/API_Invoke.html#API_Invoke_Errors */
function answerOf(outcome: InvocationOutcome): Output {
  if (outcome.kind === "throttled") {
    throw new ServiceError("TooManyRequestsException", "Rate Exceeded.", 429, { Reason: outcome.reason });
  }
  const isError = outcome.kind === "error";
  return {
    StatusCode: 200,
    ExecutedVersion: "$LATEST",
    ...(isError ? { FunctionError: "Unhandled" } : {}),
    Payload: new TextEncoder().encode(JSON.stringify(isError ? outcome.failure : outcome.payload)),
  };
}

function configurationOf(fn: LambdaFunction): Output {
  const { settings, code } = fn;
  return {
    FunctionName: fn.name,
    FunctionArn: fn.arn,
    Runtime: settings.runtime,
    Role: settings.roleArn,
    Handler: settings.handler,
    CodeSize: code.sizeBytes,
    CodeSha256: code.sha256Base64,
    Description: settings.description,
    Timeout: settings.timeoutMs / 1_000,
    MemorySize: settings.memoryMb,
    LastModified: new Date(fn.lastModifiedAt).toISOString().replace("Z", "+0000"),
    Version: "$LATEST",
    Environment: { Variables: settings.environment },
    ...(settings.deadLetterTargetArn === null ? {} : { DeadLetterConfig: { TargetArn: settings.deadLetterTargetArn } }),
    ...(settings.vpc && {
      VpcConfig: { SubnetIds: settings.vpc.subnetIds, SecurityGroupIds: settings.vpc.securityGroupIds },
    }),
    TracingConfig: { Mode: "PassThrough" },
    Architectures: [settings.architecture],
    PackageType: "Zip",
    State: "Active",
    LastUpdateStatus: "Successful",
  };
}

function concurrencyOf(fn: LambdaFunction): Output {
  return { ReservedConcurrentExecutions: fn.reservedConcurrency };
}

function eventInvokeOf(fn: LambdaFunction): Output {
  const settings = fn.eventInvoke;
  if (!settings) {
    throw new ServiceError(
      "ResourceNotFoundException",
      `The function ${fn.arn}:$LATEST doesn't have an EventInvokeConfig`,
      404,
    );
  }
  const target = (arn: string | null) => (arn === null ? {} : { Destination: arn });
  return {
    FunctionArn: `${fn.arn}:$LATEST`,
    LastModified: new Date(fn.lastModifiedAt),
    MaximumEventAgeInSeconds: settings.maximumEventAgeMs / 1_000,
    MaximumRetryAttempts: settings.maximumRetryAttempts,
    DestinationConfig: { OnFailure: target(settings.onFailureArn), OnSuccess: target(settings.onSuccessArn) },
  };
}

function mappingOf(mapping: EventSourceMapping): Output {
  const { settings } = mapping;
  return {
    UUID: mapping.uuid,
    EventSourceArn: mapping.eventSourceArn,
    FunctionArn: mapping.functionArn,
    State: mapping.state,
    StateTransitionReason: "USER_INITIATED",
    LastModified: new Date(mapping.lastModifiedAt),
    BatchSize: settings.batchSize,
    MaximumBatchingWindowInSeconds: settings.batchingWindowMs / 1_000,
    ...(settings.maximumConcurrency === null
      ? {}
      : { ScalingConfig: { MaximumConcurrency: settings.maximumConcurrency } }),
    FunctionResponseTypes: settings.reportBatchItemFailures ? ["ReportBatchItemFailures"] : [],
  };
}

function invalid(message: string): ServiceError {
  return new ServiceError("InvalidParameterValueException", message);
}

export const lambdaApi: Api = {
  name: "Lambda",
  signingName: "lambda",
  version: "2015-03-31",
  targetPrefix: "AWSLambda",
  xmlNamespace: "",
  queryCodes: {},
  inputErrors: { missing: "InvalidParameterValueException", invalid: "InvalidParameterValueException" },
  operations,
};
