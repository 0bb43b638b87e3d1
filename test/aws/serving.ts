/** The served model for tests: on a port of its own, with the SDK's clients and the AWS CLI that reach it over HTTP. */
import { CloudFormationClient } from "@aws-sdk/client-cloudformation";
import { CloudWatchClient } from "@aws-sdk/client-cloudwatch";
import { LambdaClient } from "@aws-sdk/client-lambda";
import { SNSClient } from "@aws-sdk/client-sns";
import { SQSClient } from "@aws-sdk/client-sqs";
import { Invocations } from "../../src/database/invocations.ts";
import { attachDatabase, openAws } from "../../src/targets/aws.ts";
import { openRemoteClock } from "../../src/targets/clock.ts";
import { clockPath } from "../../src/targets/model-header.ts";
import { type Served, type ServeOptions, serve } from "../../src/targets/serve.ts";
import type { Target } from "../../src/targets/target.ts";
import { openDatabase as openEmptyDatabase, type TestDatabase } from "../postgres/a-database.ts";

export type { TestDatabase };

export const region = "us-east-1";

/** A database with the table. */
export async function openDatabase(): Promise<TestDatabase> {
  const database = await openEmptyDatabase();
  const invocations = await Invocations.open(database.url);
  await invocations.ensureTable().finally(() => invocations.close());
  return database;
}

export interface Serving extends Served {
  clockUrl: string;
  cloudFormation: CloudFormationClient;
  cloudWatch: CloudWatchClient;
  lambda: LambdaClient;
  sns: SNSClient;
  sqs: SQSClient;
  /** Virtual milliseconds since the epoch. */
  now(): Promise<number>;
  /** Lets virtual time pass. */
  sleep(ms: number): Promise<void>;
}

export async function serving(databaseUrl: string, options: Partial<ServeOptions> = {}): Promise<Serving> {
  const served = await serve({
    databaseUrl,
    platform: "2026",
    seed: 1,
    region,
    host: "127.0.0.1",
    port: 0,
    speed: "max",
    ...options,
  });
  const configuration = {
    region,
    endpoint: served.endpoint,
    credentials: { accessKeyId: "x", secretAccessKey: "x" },
    maxAttempts: 1,
  };
  const clockUrl = `${served.endpoint}${clockPath}`;
  return {
    ...served,
    clockUrl,
    cloudFormation: new CloudFormationClient(configuration),
    cloudWatch: new CloudWatchClient(configuration),
    lambda: new LambdaClient(configuration),
    sns: new SNSClient(configuration),
    sqs: new SQSClient(configuration),
    now: async () => ((await (await fetch(clockUrl)).json()) as { now: number }).now,
    sleep: async (ms) => {
      await fetch(`${clockUrl}?sleep=${ms}`, { method: "POST" });
    },
  };
}

/** The aws target on a served model and a database; `endpointUrl`: by which it reaches the model. */
export async function servedTarget({
  databaseUrl,
  clockUrl,
  ...options
}: {
  databaseUrl: string;
  clockUrl: string;
  endpointUrl: string;
  requestTimeoutMs?: number;
}): Promise<Target> {
  const account = await openAws({ ...options, region, clock: await openRemoteClock(clockUrl) });
  const target = await attachDatabase(account, { url: databaseUrl });
  return { ...target, close: () => target.close().finally(account.close) };
}
