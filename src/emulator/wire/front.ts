/** The front: takes an AWS request in whatever protocol it comes, and answers in the same. */
import { z } from "zod";
import type { Account } from "../account.ts";
import { cloudFormationApi } from "../api/cloudformation.ts";
import { cloudWatchApi } from "../api/cloudwatch.ts";
import { lambdaApi } from "../api/lambda.ts";
import { type Api, inputError } from "../api/operation.ts";
import { snsApi } from "../api/sns.ts";
import { sqsApi } from "../api/sqs.ts";
import type { CloudFormation } from "../cloudformation.ts";
import type { CloudWatch } from "../cloudwatch.ts";
import { ServiceError } from "../service-error.ts";
import { awsJson } from "./aws-json.ts";
import { awsQuery } from "./aws-query.ts";
import { lambdaHttp } from "./lambda-http.ts";
import { bytesOf, type WireRequest, type WireResponse } from "./message.ts";
import type { Output, Protocol } from "./protocol.ts";
import { restJson } from "./rest-json.ts";

const apis: readonly Api[] = [cloudFormationApi, lambdaApi, snsApi, sqsApi, cloudWatchApi];

/** Waits for what takes virtual time; `waitingFor` names it, should it never come. */
export type Drive = <T>(promise: Promise<T>, waitingFor: string) => Promise<T>;

export class Front {
  constructor(
    private readonly account: Account,
    private readonly cloudFormation: CloudFormation,
    private readonly cloudwatch: CloudWatch,
    private readonly drive: Drive,
  ) {}

  /** Every error of a service is an answer; what is rejected is a fault of the emulator. */
  async answer(request: WireRequest): Promise<WireResponse> {
    const requestId = this.account.kernel.random("wire").uuid();
    const api = apiOf(request);
    if (!api) {
      const message =
        "The emulator does not model the service of this request; it models " +
        apis.map(({ name }) => name).join(", ") +
        ".";
      return { statusCode: 501, headers: { "content-type": "text/plain" }, body: bytesOf(message) };
    }
    const protocol = protocolOf(api, request);
    try {
      const { operation, input } = protocol.read(request);
      return protocol.write(operation, await this.#run(api, operation, input), requestId);
    } catch (thrown) {
      if (!(thrown instanceof ServiceError)) throw thrown;
      return protocol.fail(thrown, requestId);
    }
  }

  #run(api: Api, operation: string, input: unknown): Output | Promise<Output> {
    const run = Object.hasOwn(api.operations, operation) ? api.operations[operation] : undefined;
    if (!run) {
      throw new ServiceError(
        "UnsupportedOperation",
        `The emulator does not model the operation ${operation} of ${api.name}.`,
      );
    }
    const { account, cloudFormation, cloudwatch } = this;
    try {
      const output = run({ account, cloudFormation, cloudwatch }, input);
      return output instanceof Promise ? this.drive(output, `${api.name} ${operation}`) : output;
    } catch (thrown) {
      throw thrown instanceof z.ZodError ? inputError(api, operation, thrown) : thrown;
    }
  }
}

/** By target header, by the credential scope that the request is signed for, or by the form's version. */
function apiOf({ headers, body }: WireRequest): Api | undefined {
  const target = headers["x-amz-target"]?.split(".")[0];
  if (target !== undefined) return apis.find(({ targetPrefix }) => targetPrefix === target);
  const signed = /Credential=[^/]*\/\d+\/[^/]*\/([^/]*)\/aws4_request/.exec(headers.authorization ?? "")?.[1];
  if (signed !== undefined) return apis.find(({ signingName }) => signingName === signed);
  const version = new URLSearchParams(new TextDecoder().decode(body)).get("Version");
  return apis.find((api) => api.version === version);
}

function protocolOf(api: Api, request: WireRequest): Protocol {
  if (api === lambdaApi) return restJson(api, lambdaHttp);
  return request.headers["x-amz-target"] === undefined ? awsQuery(api) : awsJson(api, request);
}
