/**
 * The settings of functions and of their asynchronous invocation. The API and the resource types share AWS's names for them,
 * and the bounds hold for both.
 */
import type { Account, EventInvokeSettings, FunctionSettings, LambdaFunction } from "../account.ts";
import type { Constants } from "../platforms/platforms.ts";
import { ServiceError } from "../service-error.ts";
import { integerBetween } from "../template/bounds.ts";
import { given, list, mapOf, milliseconds, object, only, refined, text, type Values } from "../template/properties.ts";

/** https://docs.aws.amazon.com/lambda/latest/api/API_UpdateFunctionConfiguration.html */
export const configurationInputs = {
  Description: text,
  Handler: text,
  MemorySize: integerBetween("lambda.minimumMemoryMb", "lambda.maximumMemoryMb"),
  Timeout: integerBetween("lambda.minimumTimeoutMs", "lambda.maximumTimeoutMs"),
  Environment: object({ Variables: mapOf(text) }),
  DeadLetterConfig: object({ TargetArn: text }),
  // The model writes lines as text in either format, and of failures only, which every level shows.
  LoggingConfig: object({
    LogGroup: text,
    LogFormat: only("JSON", "Text"),
    ApplicationLogLevel: text,
    SystemLogLevel: text,
  }),
};

export function configurationSettings(input: Values<typeof configurationInputs>): Partial<FunctionSettings> {
  return given<FunctionSettings>({
    description: input.Description,
    handler: input.Handler,
    memoryMb: input.MemorySize,
    timeoutMs: milliseconds(input.Timeout),
    environment: input.Environment && (input.Environment.Variables ?? {}),
    logGroup: input.LoggingConfig?.LogGroup,
    // An empty configuration removes the target.
    deadLetterTargetArn: input.DeadLetterConfig && (input.DeadLetterConfig.TargetArn || null),
  });
}

export const architectures = refined(list(only("arm64", "x86_64")), ({ length }) =>
  length === 1 ? null : "must have exactly one item",
);

export const reservedConcurrentExecutions = integerBetween(0);

/** https://docs.aws.amazon.com/lambda/latest/api/API_PutFunctionEventInvokeConfig.html */
export const eventInvokeInputs = {
  MaximumEventAgeInSeconds: integerBetween("lambda.asyncMinimumEventAgeMs", "lambda.asyncMaximumEventAgeMs"),
  MaximumRetryAttempts: integerBetween(0, "lambda.asyncMaximumRetryAttempts"),
  DestinationConfig: object({
    OnFailure: object({ Destination: text }),
    OnSuccess: object({ Destination: text }),
  }),
};

export function eventInvokeSettings(input: Values<typeof eventInvokeInputs>): Partial<EventInvokeSettings> {
  return given<EventInvokeSettings>({
    maximumEventAgeMs: milliseconds(input.MaximumEventAgeInSeconds),
    maximumRetryAttempts: input.MaximumRetryAttempts,
    onFailureArn: input.DestinationConfig?.OnFailure?.Destination,
    onSuccessArn: input.DestinationConfig?.OnSuccess?.Destination,
  });
}

/** @throws ServiceError when the name or a setting is out of Lambda's bounds. */
export function checkFunction(name: string, settings: Partial<FunctionSettings>, constants: Constants): void {
  if (!/^[\w-]+$/.test(name) || name.length > constants["lambda.maximumNameCharacters"]) throw noFunctionName(name);
  const { timeoutMs, memoryMb, environment } = settings;
  if (environment !== undefined) requireSmallEnvironment(environment, constants["lambda.maximumEnvironmentBytes"]);
  if (timeoutMs !== undefined) {
    const [shortest, longest] = [constants["lambda.minimumTimeoutMs"], constants["lambda.maximumTimeoutMs"]];
    requireBetween("Timeout", timeoutMs / 1_000, shortest / 1_000, longest / 1_000);
  }
  if (memoryMb !== undefined) {
    requireBetween("MemorySize", memoryMb, constants["lambda.minimumMemoryMb"], constants["lambda.maximumMemoryMb"]);
  }
}

/** It measures their JSON, as its words in github-aws-runners/terraform-aws-github-runner issue 3594 say. */
function requireSmallEnvironment(environment: FunctionSettings["environment"], most: number): void {
  if (Buffer.byteLength(JSON.stringify(environment)) <= most) return;
  throw new ServiceError(
    "InvalidParameterValueException",
    `Lambda was unable to configure your environment variables because the environment variables you have provided exceeded the ${most / 1_024}KB limit.`,
  );
}

/** @throws ServiceError when a setting is out of Lambda's bounds. */
export function checkEventInvoke(settings: EventInvokeSettings, constants: Constants): void {
  const { maximumEventAgeMs, maximumRetryAttempts } = settings;
  const youngest = constants["lambda.asyncMinimumEventAgeMs"] / 1_000;
  const oldest = constants["lambda.asyncMaximumEventAgeMs"] / 1_000;
  requireBetween("MaximumEventAgeInSeconds", maximumEventAgeMs / 1_000, youngest, oldest);
  const retries = constants["lambda.asyncMaximumRetryAttempts"];
  requireBetween("MaximumRetryAttempts", maximumRetryAttempts, 0, retries);
}

/** @throws ServiceError in the words of https://docs.aws.amazon.com/lambda/latest/api/CommonErrors.html as Lambda's validation gives them. */
export function requireBetween(member: string, value: number, minimum: number, maximum: number): void {
  if (value < minimum) throw unsatisfied(member, value, `Member must have value greater than or equal to ${minimum}`);
  if (value > maximum) throw unsatisfied(member, value, `Member must have value less than or equal to ${maximum}`);
}

/**
 * Finds a function by name, ARN or partial ARN, each with or without a version. The only version is `$LATEST`.
 * @throws ServiceError `ResourceNotFoundException`, or for a name that no function can have.
 */
export function existingFunction(account: Account, nameOrArn: string): LambdaFunction {
  const parts = /^(?:(?:arn:aws:lambda:([^:]+):)?(\d{12}):function:)?([\w-]+)(?::([\w$-]+))?$/.exec(nameOrArn);
  if (!parts || parts[3]!.length > account.constants["lambda.maximumNameCharacters"]) throw noFunctionName(nameOrArn);
  const [, region = account.region, accountId = account.accountId, name, version] = parts;
  const arn = `arn:aws:lambda:${region}:${accountId}:function:${name}`;
  const fn = account.lambda.fn(arn);
  if (fn?.arn === arn && (version === undefined || version === "$LATEST")) return fn;
  const missing = version === undefined ? arn : `${arn}:${version}`;
  throw new ServiceError("ResourceNotFoundException", `Function not found: ${missing}`, 404);
}

function noFunctionName(name: string): ServiceError {
  return unsatisfied("FunctionName", name, "Member must be a function's name or ARN");
}

function unsatisfied(member: string, value: string | number, constraint: string): ServiceError {
  const path = member.charAt(0).toLowerCase() + member.slice(1);
  return new ServiceError(
    "ValidationException",
    `1 validation error detected: Value '${value}' at '${path}' failed to satisfy constraint: ${constraint}`,
  );
}
