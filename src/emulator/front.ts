/** The front: takes an AWS request in whatever protocol it comes, and answers in the same. */
import { z } from "zod";
import type { Account } from "./account.ts";
import { type Api, type Dialect, inputError, type Output } from "./api/operation.ts";
import * as registeredApis from "./apis.ts";
import { ServiceError } from "./service-error.ts";
import { awsJson } from "./wire/aws-json.ts";
import { awsQuery } from "./wire/aws-query.ts";
import { textOf, type WireRequest, type WireResponse } from "./wire/message.ts";
import type { Protocol } from "./wire/protocol.ts";
import { restJson } from "./wire/rest-json.ts";

const apis: readonly Api[] = Object.values(registeredApis);

/** Lets virtual time pass until the promise is settled. `waitingFor` names the promise in the error, should it never be. */
type Drive = <T>(promise: Promise<T>, waitingFor: string) => Promise<T>;

export class Front {
  constructor(
    private readonly account: Account,
    private readonly drive: Drive,
  ) {}

  /** Every error of a service is an answer. The promise is rejected for faults of the emulator only. */
  async answer(request: WireRequest): Promise<WireResponse> {
    const requestId = this.account.kernel.random("wire").uuid();
    const service = serviceOf(request);
    const api = apis.find(({ signingName }) => signingName === service);
    const protocol = protocolOf(request, api ?? { name: service });
    try {
      if (!api) throw unsupported(`the service ${service}`);
      const { operation, input } = protocol.read(request);
      return protocol.write(operation, await this.#run(api, operation, input), requestId);
    } catch (thrown) {
      if (!(thrown instanceof ServiceError)) throw thrown;
      return protocol.fail(thrown, requestId);
    }
  }

  /**
   * The operation's answer to an input that no protocol has carried. Its blobs and timestamps are as JSON has them.
   * @throws ServiceError
   */
  async ask(service: string, operation: string, input: unknown): Promise<Output> {
    const api = apis.find(({ name }) => name === service);
    if (!api) throw unsupported(`the service ${service}`);
    return this.#run(api, operation, input);
  }

  #run(api: Api, operation: string, input: unknown): Output | Promise<Output> {
    const run = Object.hasOwn(api.operations, operation) ? api.operations[operation] : undefined;
    if (!run) throw unsupported(`the operation ${operation} of ${api.name}`);
    try {
      const output = run(this.account, input);
      return output instanceof Promise ? this.drive(output, `${api.name} ${operation}`) : output;
    } catch (thrown) {
      throw thrown instanceof z.ZodError ? inputError(api, operation, thrown) : thrown;
    }
  }
}

/**
 * The signing name of the request's service, by its target header, its signature, its form's version, or its host. The first
 * three also serve a request that did not come by AWS's host name.
 */
function serviceOf(request: WireRequest): string {
  const { authorization = "", host = "" } = request.headers;
  const target = request.headers["x-amz-target"]?.split(".")[0];
  if (target !== undefined) return apis.find(({ targetPrefix }) => targetPrefix === target)?.signingName ?? target;
  const signed = /Credential=[^/]*\/\d+\/[^/]*\/([^/]*)\/aws4_request/.exec(authorization)?.[1];
  if (signed !== undefined) return signed;
  const version = isForm(request) ? new URLSearchParams(textOf(request.body)).get("Version") : null;
  return apis.find((api) => api.version === version)?.signingName ?? host.split(".")[0]!;
}

function protocolOf(request: WireRequest, dialect: Dialect): Protocol {
  if (request.headers["x-amz-target"] !== undefined) return awsJson(dialect, request);
  if (isForm(request) || restXmlServices.has(dialect.name)) return awsQuery(dialect);
  return restJson(dialect);
}

/** The services of the restXml protocol, by signing name. None is modelled, but their clients read a refusal in XML only. https://smithy.io/2.0/aws/protocols/aws-restxml-protocol.html */
const restXmlServices = new Set(["s3", "s3express", "route53", "cloudfront"]);

function isForm({ headers }: WireRequest): boolean {
  return headers["content-type"]?.startsWith("application/x-www-form-urlencoded") ?? false;
}

function unsupported(what: string): ServiceError {
  return new ServiceError("UnsupportedOperation", `The emulator does not model ${what}.`);
}
