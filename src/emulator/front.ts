/** The front: takes an AWS request in whatever protocol it comes, and answers in the same. */
import * as z from "zod";
import type { Account } from "./account.ts";
import { type Api, type Dialect, inputError, type Output, requireSmall, tooLarge } from "./api/operation.ts";
import * as registeredApis from "./apis.ts";
import { ServiceError } from "./service-error.ts";
import { awsJson } from "./wire/aws-json.ts";
import { awsQuery } from "./wire/aws-query.ts";
import { formField, type WireRequest, type WireResponse } from "./wire/message.ts";
import type { Protocol } from "./wire/protocol.ts";
import { restCall, restJson } from "./wire/rest-json.ts";

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
    const { service, api, protocol } = readersOf(request);
    try {
      if (!api) throw service === null ? unnamed() : unsupported(`the service ${service}`);
      requireSmall(request.body, this.mostBytes(request), operationNameOf(request, api));
      const { operation, input } = protocol.read(request);
      return protocol.write(operation, await this.#run(api, operation, input), requestId);
    } catch (thrown) {
      if (!(thrown instanceof ServiceError)) throw thrown;
      return protocol.fail(thrown, requestId);
    }
  }

  /** The most bytes that the body of such a request may have. It is known before the body is. */
  mostBytes(request: WireRequest): number {
    const { api } = readersOf(request);
    const { binding } = restCall(api?.http ?? {}, request) ?? {};
    return binding?.mostBytes?.(this.account.constants) ?? (isForm(request) ? mostFormBytes : mostOtherBytes);
  }

  /** The answer to a request whose body is larger, and was not read to its end. */
  refuseLarge(request: WireRequest): WireResponse {
    const { api } = readersOf(request);
    const most = this.mostBytes(request);
    return this.refuse(request, tooLarge(most, operationNameOf(request, api)));
  }

  /** The answer to a request that is not read any further. */
  refuse(request: WireRequest, error: ServiceError): WireResponse {
    return readersOf(request).protocol.fail(error, this.account.kernel.random("wire").uuid());
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

/** The largest that AWS takes is a batch of SQS's: 1 MiB, in which each byte may be written as three. */
const mostFormBytes = 4 * 1_024 * 1_024;
/** The largest that AWS takes are Kinesis's records: 10 MiB in base64, with their partition keys. */
const mostOtherBytes = 16 * 1_024 * 1_024;

interface Readers {
  /** The service's name for signatures, known or not; null: the request names none. */
  service: string | null;
  api: Api | undefined;
  protocol: Protocol;
}

function readersOf(request: WireRequest): Readers {
  const service = serviceOf(request);
  const api = apis.find(({ signingName }) => signingName === service);
  return { service, api, protocol: protocolOf(request, api ?? { name: service ?? "AWS" }) };
}

/** As far as it can be known without reading the body. */
function operationNameOf(request: WireRequest, api: Api | undefined): string {
  const target = request.headers["x-amz-target"]?.split(".")[1];
  return target ?? restCall(api?.http ?? {}, request)?.operation ?? "requested";
}

/**
 * The signing name of the request's service, by its target header, its signature, its form's version, or its host. The first
 * three also serve a request that did not come by AWS's host name.
 */
function serviceOf(request: WireRequest): string | null {
  const { authorization = "", host = "" } = request.headers;
  const target = request.headers["x-amz-target"]?.split(".")[0];
  if (target !== undefined) return apis.find(({ targetPrefix }) => targetPrefix === target)?.signingName ?? target;
  const signed = /Credential=[^/]*\/\d+\/[^/]*\/([^/]*)\/aws4_request/.exec(authorization)?.[1];
  if (signed !== undefined) return signed;
  const version = isForm(request) ? formField(request.body, "Version") : null;
  return apis.find((api) => api.version === version)?.signingName ?? awsHost.exec(host)?.[1] ?? null;
}

const awsHost = /^([^.]+)\..*amazonaws\.com/;

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

function unnamed(): ServiceError {
  return new ServiceError(
    "MissingAuthenticationToken",
    "The request names no service; sign it, as every AWS client does, with any key.",
    403,
  );
}

function unsupported(what: string): ServiceError {
  return new ServiceError("UnsupportedOperation", `The emulator does not model ${what}.`);
}
