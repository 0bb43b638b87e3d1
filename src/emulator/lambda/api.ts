/** Lambda's API: invocation, code, concurrency, event source mappings. https://docs.aws.amazon.com/lambda/latest/api/ */
import * as z from "zod";
import type { Account, InvocationOutcome, LambdaFunction } from "../account.ts";
import { blob, integer, member, members, pageOf, pageToken } from "../api/input.ts";
import { jsonOf } from "../api/json.ts";
import { type Api, callbackPromise, type Output, operation, requireSmall } from "../api/operation.ts";
import { ServiceError } from "../service-error.ts";
import { lambdaHttp } from "./http.ts";
import { describeMapping, EventSourceMappings, mappingInputs, mappingSettings } from "./mappings/mappings.ts";
import { invalid } from "./mappings/settings.ts";
import {
  architectures,
  configurationInputs,
  configurationSettings,
  eventInvokeInputs,
  eventInvokeSettings,
  existingFunction,
  reservedConcurrentExecutions,
} from "./settings.ts";

const qualifier = { Qualifier: z.literal("$LATEST", { error: "the emulator models $LATEST only" }).optional() };

/** An operation on the function that `FunctionName` names; `members`: those that it has besides. */
function onFunction<Members extends z.ZodRawShape>(
  members: Members,
  run: (fn: LambdaFunction, input: z.output<z.ZodObject<Members>>, account: Account) => Output | Promise<Output>,
) {
  return operation(z.strictObject({ FunctionName: z.string(), ...members }), (account, input) => {
    const { FunctionName, ...others } = input as { FunctionName: string };
    return run(existingFunction(account, FunctionName), others as z.output<z.ZodObject<Members>>, account);
  });
}

/**
 * An answer has no more, whatever is asked for:
 * https://docs.aws.amazon.com/lambda/latest/api/API_ListFunctions.html
 * https://docs.aws.amazon.com/lambda/latest/api/API_ListEventSourceMappings.html
 */
const mostFunctions = 50;
const mostMappings = 100;

const page = { Marker: pageToken.optional(), MaxItems: integer.pipe(z.int().min(1).max(10_000)).optional() };

const operations: Api["operations"] = {
  Invoke: onFunction(
    {
      InvocationType: z.enum(["RequestResponse", "Event", "DryRun"]).default("RequestResponse"),
      LogType: z.enum(["None", "Tail"]).default("None"),
      ...qualifier,
      Payload: z.instanceof(Uint8Array),
    },
    (fn, { InvocationType, LogType, Payload }, { kernel, logs, constants }) => {
      if (InvocationType === "Event") {
        requireSmall(Payload, constants["lambda.maximumAsynchronousPayloadBytes"], "InvokeFunction");
      }
      const event = parseEvent(Payload);
      if (InvocationType === "DryRun") return { StatusCode: 204 };
      if (InvocationType === "Event") {
        fn.invokeAsync(event);
        return { StatusCode: 202 };
      }
      if (LogType === "Tail" && !logs.keepsInvocations) {
        throw invalid("The emulator keeps the lines of invocations in `throttle-bench serve` only.");
      }
      return callbackPromise<{ outcome: InvocationOutcome; LogResult: string | undefined }>(kernel, (callback) =>
        fn.invoke(event, (outcome) => {
          // Its last line is the log's last only now.
          const isLogged = LogType === "Tail" && outcome.kind !== "throttled";
          const LogResult = isLogged ? tailOf(logs.latestInvocation(fn.logGroup)) : undefined;
          callback({ outcome, LogResult });
        }),
      ).then(({ outcome, LogResult }) => ({ ...invocationAnswer(outcome), LogResult }));
    },
  ),

  ListFunctions: operation(z.strictObject(page), (account, { Marker, MaxItems = mostFunctions }) => {
    const { items, next } = pageOf(account.lambda.list(), Marker, Math.min(MaxItems, mostFunctions));
    return { Functions: items.map(describeFunction), NextMarker: next };
  }),

  GetFunction: onFunction(qualifier, (fn) => ({
    Configuration: describeFunction(fn),
    Code: { RepositoryType: "S3" },
    ...(fn.reservedConcurrency === null ? {} : { Concurrency: describeConcurrency(fn) }),
  })),

  DeleteFunction: onFunction({}, (fn, _, account) => {
    account.lambda.delete(fn.name);
    return {};
  }),

  GetFunctionConfiguration: onFunction(qualifier, describeFunction),

  UpdateFunctionConfiguration: onFunction(members(configurationInputs), (fn, input) => {
    fn.configure(configurationSettings(input));
    return describeFunction(fn);
  }),

  UpdateFunctionCode: onFunction(
    {
      ZipFile: blob,
      ...members({ Architectures: architectures }),
      Publish: z.literal(false, { error: "the emulator models no versions" }).optional(),
    },
    (fn, { ZipFile, Architectures }) => {
      fn.updateCode(ZipFile);
      if (Architectures) fn.configure({ architecture: Architectures[0] });
      return describeFunction(fn);
    },
  ),

  PutFunctionConcurrency: onFunction(
    { ReservedConcurrentExecutions: member(reservedConcurrentExecutions) },
    (fn, { ReservedConcurrentExecutions }) => {
      fn.reserveConcurrency(ReservedConcurrentExecutions);
      return describeConcurrency(fn);
    },
  ),

  GetFunctionConcurrency: onFunction({}, describeConcurrency),

  DeleteFunctionConcurrency: onFunction({}, (fn) => {
    fn.reserveConcurrency(null);
    return {};
  }),

  PutFunctionEventInvokeConfig: onFunction({ ...qualifier, ...members(eventInvokeInputs) }, (fn, input) => {
    fn.configureEventInvoke(eventInvokeSettings(input));
    return describeEventInvoke(fn);
  }),

  GetFunctionEventInvokeConfig: onFunction(qualifier, describeEventInvoke),

  GetAccountSettings: operation(z.strictObject({}), (account) => {
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
      ...page,
    }),
    (account, { FunctionName, EventSourceArn, Marker, MaxItems = mostMappings }) => {
      const functionArn = FunctionName === undefined ? undefined : existingFunction(account, FunctionName).arn;
      const mappings = account
        .service(EventSourceMappings)
        .list()
        .filter((mapping) => functionArn === undefined || mapping.functionArn === functionArn)
        .filter((mapping) => EventSourceArn === undefined || mapping.eventSourceArn === EventSourceArn);
      const { items, next } = pageOf(mappings, Marker, Math.min(MaxItems, mostMappings));
      return { EventSourceMappings: items.map(describeMapping), NextMarker: next };
    },
  ),

  GetEventSourceMapping: operation(z.strictObject({ UUID: z.string() }), (account, { UUID }) =>
    describeMapping(account.service(EventSourceMappings).mapping(UUID)),
  ),

  UpdateEventSourceMapping: operation(
    z.strictObject({
      UUID: z.string(),
      FunctionName: z.string().optional(),
      ...members(mappingInputs),
    }),
    (account, { UUID, FunctionName, ...input }) => {
      const mapping = account.service(EventSourceMappings).mapping(UUID);
      if (FunctionName !== undefined && existingFunction(account, FunctionName).arn !== mapping.functionArn) {
        throw invalid("The emulator does not model a mapping that changes its function.");
      }
      mapping.configure(mappingSettings(mapping.eventSourceArn, input));
      return describeMapping(mapping);
    },
  ),
};

function parseEvent(bytes: Uint8Array): unknown {
  const text = new TextDecoder().decode(bytes);
  try {
    return text === "" ? {} : jsonOf(text);
  } catch (error) {
    throw new ServiceError(
      "InvalidRequestContentException",
      `Could not parse request body into json: ${(error as Error).message}`,
    );
  }
}

/** The last 4 KB, in base64: https://docs.aws.amazon.com/lambda/latest/api/API_Invoke.html#API_Invoke_ResponseSyntax */
function tailOf(lines: string): string {
  return Buffer.from(lines).subarray(-4_096).toString("base64");
}

/** https://docs.aws.amazon.com/lambda/latest/api/API_Invoke.html#API_Invoke_Errors */
function invocationAnswer(outcome: InvocationOutcome): Output {
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

function describeFunction(fn: LambdaFunction): Output {
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
    LoggingConfig: { LogFormat: "Text", LogGroup: fn.logGroup },
    Architectures: [settings.architecture],
    PackageType: "Zip",
    State: "Active",
    LastUpdateStatus: "Successful",
  };
}

function describeConcurrency(fn: LambdaFunction): Output {
  return { ReservedConcurrentExecutions: fn.reservedConcurrency };
}

function describeEventInvoke(fn: LambdaFunction): Output {
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

export const lambdaApi: Api = {
  name: "Lambda",
  signingName: "lambda",
  version: "2015-03-31",
  targetPrefix: "AWSLambda",
  http: lambdaHttp,
  inputErrors: { missing: "InvalidParameterValueException", invalid: "InvalidParameterValueException" },
  operations,
};
