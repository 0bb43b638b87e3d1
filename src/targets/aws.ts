/** The AWS target: an account by the SDK's own conventions, the user's Postgres, the system clock. Its results are measurements. */
import { LambdaClient } from "@aws-sdk/client-lambda";
import { accessOf, type VpcConfig } from "../database/access.ts";
import { BenchError, messageOf } from "../errors.ts";
import { systemClock } from "./clock.ts";
import type { Clock, RetryListener, Target } from "./target.ts";

export interface AwsOptions {
  databaseUrl: string;
  /** What the functions reach it by. Default: the same. */
  functionsDatabaseUrl?: string;
  /** The network that the functions reach the database in. Default: none. */
  vpc?: VpcConfig | null;
  /** Default: AWS_REGION, else the profile's. */
  region?: string;
  /** Default: AWS_PROFILE, else `default`. */
  profile?: string;
  /** In place of AWS's own endpoints. */
  endpointUrl?: string;
  /** Default: the system's. */
  clock?: Clock;
  /** Default: nobody is told. */
  onRetry?: RetryListener;
  /** How long an answer may take; a request that says otherwise, such as a synchronous Invoke, is excepted. Default: a minute. */
  requestTimeoutMs?: number;
}

export interface AwsTarget extends Target {
  readonly name: "aws";
}

const connectionTimeoutMs = 10_000;
const minuteMs = 60_000;
const callerTimeoutMs = 5_000;

/** Throws BenchError `bad-usage` without a region, `target-failed` without credentials. Creates nothing. */
export async function openAws(options: AwsOptions): Promise<AwsTarget> {
  const {
    databaseUrl,
    functionsDatabaseUrl = databaseUrl,
    vpc = null,
    profile,
    endpointUrl,
    clock = systemClock,
    onRetry = () => {},
    requestTimeoutMs = minuteMs,
  } = options;
  const functions = await accessOf(functionsDatabaseUrl, vpc);
  // Any client resolves them; the credentials are shared, so that a session is asked for once and renewed for all.
  const { config } = new LambdaClient({ region: options.region, profile });
  const region = await config.region().catch((cause) => {
    throw new BenchError("bad-usage", `${sentence(cause)}: give --region, AWS_REGION or a profile that has one.`, {
      cause,
    });
  });
  const credentials = await config.credentials().catch((cause) => {
    throw new BenchError(
      "target-failed",
      `${sentence(cause)}${profile === undefined ? "" : ` of the profile ${profile}`}: give --profile or AWS_PROFILE, or sign in, for example with \`aws sso login\`. Nothing was created.`,
      { cause },
    );
  });
  const aws: AwsTarget["aws"] = {
    region,
    credentials: config.credentials,
    ...(endpointUrl === undefined ? {} : { endpoint: endpointUrl }),
    requestHandler: {
      connectionTimeout: connectionTimeoutMs,
      requestTimeout: requestTimeoutMs,
      throwOnRequestTimeout: true,
      // Of silence on a connection: the SDK's own default would cut a long Invoke.
      socketTimeout: 0,
    },
    maxAttempts: 1,
  };
  const caller = await callerOf(aws, requestTimeoutMs);
  return {
    name: "aws",
    kind: "measurement",
    keepsStacks: true,
    platform: null,
    profile: null,
    seed: null,
    accountId: caller?.accountId ?? credentials.accountId ?? null,
    callerArn: caller?.arn ?? null,
    aws,
    database: { url: databaseUrl, functions },
    clock,
    onRetry,
    close: async () => {},
  };
}

/** null: STS did not say. Nothing depends on it, so a denied, failing or slow STS is no reason to fail. */
async function callerOf(
  aws: AwsTarget["aws"],
  requestTimeoutMs: number,
): Promise<{ accountId: string; arn: string } | null> {
  const { GetCallerIdentityCommand, STSClient } = await import("@aws-sdk/client-sts");
  const requestTimeout = Math.min(requestTimeoutMs, callerTimeoutMs);
  const client = new STSClient({ ...aws, requestHandler: { ...aws.requestHandler, requestTimeout } });
  try {
    const { Account, Arn } = await client.send(new GetCallerIdentityCommand({}));
    return Account === undefined || Arn === undefined ? null : { accountId: Account, arn: Arn };
  } catch {
    return null;
  } finally {
    client.destroy();
  }
}

function sentence(cause: unknown): string {
  return messageOf(cause).replace(/\.$/, "");
}
