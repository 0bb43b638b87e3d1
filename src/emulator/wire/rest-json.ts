/** The restJson1 protocol: operations are methods and paths, and members travel in path, query, headers or body. Lambda speaks it. */
import type { Dialect, HttpBinding, Output } from "../api/operation.ts";
import { ServiceError } from "../service-error.ts";
import { jsonBytesOf, structureOf } from "./json.ts";
import type { WireRequest, WireResponse } from "./message.ts";
import type { Protocol } from "./protocol.ts";

/** Error shapes whose text is in `Message`; in all others it is in `message`. */
const capitalMessage = new Set(["ResourceNotFoundException", "ServiceException", "ResourceInUseException"]);

/** https://smithy.io/2.0/aws/protocols/aws-restjson1-protocol.html */
export function restJson({ name, http = {} }: Dialect): Protocol {
  return {
    read(request) {
      const call = restCall(http, request);
      if (call) return { operation: call.operation, input: inputOf(call, request) };
      throw new ServiceError(
        "UnsupportedOperation",
        `The emulator does not model the operation ${request.method} ${request.path} of ${name}.`,
      );
    },

    write(operation, output, requestId) {
      return replyOf(http[operation]!, output, requestId);
    },

    fail(error, requestId) {
      return {
        statusCode: error.statusCode,
        headers: {
          "content-type": "application/json",
          "x-amzn-requestid": requestId,
          "x-amzn-errortype": error.code,
        },
        body: jsonBytesOf({
          Type: error.statusCode < 500 ? "User" : "Service",
          [capitalMessage.has(error.code) ? "Message" : "message"]: error.message,
          ...error.members,
        }),
      };
    },
  };
}

export interface RestCall {
  operation: string;
  binding: HttpBinding;
  /** As the path has them. */
  labels: Record<string, string>;
}

/** The operation that a method and a path mean, or null. */
export function restCall(
  http: Readonly<Record<string, HttpBinding>>,
  { method, path }: Pick<WireRequest, "method" | "path">,
): RestCall | null {
  for (const [operation, binding] of Object.entries(http)) {
    const labels = binding.method === method ? labelsOf(binding.path, path) : null;
    if (labels) return { operation, binding, labels };
  }
  return null;
}

/** The labels' values, or null when the path is another one. */
function labelsOf(template: string, path: string): Record<string, string> | null {
  const expected = template.split("/");
  const actual = path.replace(/\/$/, "").split("/");
  if (expected.length !== actual.length) return null;
  const labels: Record<string, string> = {};
  for (const [index, part] of expected.entries()) {
    const label = /^\{(.+)\}$/.exec(part)?.[1];
    if (label) labels[label] = actual[index]!;
    else if (part !== actual[index]) return null;
  }
  return labels;
}

/** @throws ServiceError for what is not percent-encoded. */
function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    throw new ServiceError("SerializationException", `The part ${part} of the path is not percent-encoded.`);
  }
}

function inputOf({ binding, labels }: RestCall, request: WireRequest): Output {
  const headers = Object.entries(binding.inputHeaders ?? {}).map(([member, name]) => [member, request.headers[name]]);
  return {
    ...(binding.payload ? { [binding.payload]: request.body } : structureOf(request.body)),
    ...Object.fromEntries(headers.filter(([, value]) => value !== undefined)),
    ...request.query,
    ...Object.fromEntries(Object.entries(labels).map(([member, part]) => [member, decoded(part)])),
  };
}

function replyOf(binding: HttpBinding, { StatusCode, ...output }: Output, requestId: string): WireResponse {
  const statusCode = Number(StatusCode ?? binding.statusCode ?? 200);
  const headers: Record<string, string> = { "content-type": "application/json", "x-amzn-requestid": requestId };
  for (const [member, name] of Object.entries(binding.outputHeaders ?? {})) {
    if (output[member] !== undefined) headers[name] = String(output[member]);
  }
  if (binding.payload) {
    return { statusCode, headers, body: (output[binding.payload] as Uint8Array | undefined) ?? new Uint8Array() };
  }
  return { statusCode, headers, body: statusCode === 204 ? new Uint8Array() : jsonBytesOf(output) };
}
