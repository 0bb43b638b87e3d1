/** The whole emulator with its front, and the real SDK clients that talk to it: what the API's contract tests use. */
import { CloudFormationClient } from "@aws-sdk/client-cloudformation";
import { CloudWatchClient } from "@aws-sdk/client-cloudwatch";
import { CloudWatchLogsClient } from "@aws-sdk/client-cloudwatch-logs";
import { KinesisClient } from "@aws-sdk/client-kinesis";
import { LambdaClient } from "@aws-sdk/client-lambda";
import { SNSClient } from "@aws-sdk/client-sns";
import { SQSClient } from "@aws-sdk/client-sqs";
import { zipSync } from "fflate";
import type { CreateHandler } from "../../infra/handlers/ports.ts";
import type { LambdaFunction } from "../../src/emulator/account.ts";
import { Emulator } from "../../src/emulator/emulator.ts";
import { constantsOf } from "../../src/emulator/platforms/platforms.ts";
import { requestHandlerOf } from "../../src/emulator/request-handler.ts";
import type { WireResponse } from "../../src/emulator/wire/message.ts";
import { textOf, type WireRequest } from "../../src/emulator/wire/message.ts";
import { start } from "./an-account.ts";

process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED = "true";

/** Answers with its event. */
const echo: CreateHandler = () => async (event) => event;

const failing: CreateHandler = () => async () => {
  throw Object.assign(new Error("the downstream said <no> & hung up"), { name: "DownstreamError" });
};

/** Answers after ten seconds of virtual time. */
const slow: CreateHandler =
  ({ clock }) =>
  async () => {
    await clock.sleep(10_000);
    return clock.now();
  };

const handlers = { echo, failing, slow };

export class AnEmulator {
  readonly emulator: Emulator;
  readonly cloudFormation: CloudFormationClient;
  readonly cloudWatch: CloudWatchClient;
  readonly logs: CloudWatchLogsClient;
  readonly kinesis: KinesisClient;
  readonly lambda: LambdaClient;
  readonly sns: SNSClient;
  readonly sqs: SQSClient;

  constructor(seed = 1) {
    this.emulator = new Emulator({
      start,
      seed,
      constants: constantsOf("2026"),
      region: "us-east-1",
      handlers,
      insertRow() {},
      log() {},
    });
    const configuration = {
      region: "us-east-1",
      credentials: { accessKeyId: "x", secretAccessKey: "x" },
      requestHandler: requestHandlerOf(this.emulator.front),
      maxAttempts: 1,
    };
    this.cloudFormation = new CloudFormationClient(configuration);
    this.cloudWatch = new CloudWatchClient(configuration);
    this.logs = new CloudWatchLogsClient(configuration);
    this.kinesis = new KinesisClient(configuration);
    this.lambda = new LambdaClient(configuration);
    this.sns = new SNSClient(configuration);
    this.sqs = new SQSClient(configuration);
  }

  /** A function that runs one of the handlers above. */
  function(name: keyof typeof handlers, timeoutMs = 30_000): LambdaFunction {
    const { iam, lambda } = this.emulator;
    const role = iam.createRole(`${name}-role`, [
      { Version: "2012-10-17", Statement: { Effect: "Allow", Action: ["sqs:*", "kinesis:*"], Resource: "*" } },
    ]);
    const fn = lambda.create(name, { roleArn: role.arn, handler: `${name}.handler`, timeoutMs }, "");
    fn.updateCode(zipOf(name));
    return fn;
  }

  async pass(seconds: number): Promise<void> {
    const { kernel } = this.emulator;
    await kernel.advanceTo(kernel.now + seconds * 1_000);
  }

  /** Sends a request that no SDK client would make. */
  async raw(request: Partial<WireRequest> & { text?: string }): Promise<WireResponse & { text: string }> {
    const { text = "", ...rest } = request;
    const body = new TextEncoder().encode(text);
    const response = await this.emulator.front.answer({
      method: "POST",
      path: "/",
      query: {},
      headers: {},
      body,
      ...rest,
    });
    return { ...response, text: textOf(response.body) };
  }
}

/** A deployment package with the one file `<name>.js`; what runs is the handler of that name. */
export function zipOf(name: string): Uint8Array {
  return zipSync({ [`${name}.js`]: new TextEncoder().encode(`exports.handler = ${name}`) });
}

/** The error that a call is rejected with. @throws Error when it is not rejected. */
export async function rejection(call: Promise<unknown>): Promise<Error & Record<string, unknown>> {
  const outcome = await call.then(
    () => null,
    (thrown: unknown) => thrown,
  );
  if (!(outcome instanceof Error)) throw new Error("the call was not rejected");
  return outcome as Error & Record<string, unknown>;
}
