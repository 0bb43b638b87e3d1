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
      for (const [operation, binding] of Object.entries(http)) {
        const labels = binding.method === request.method ? labelsOf(binding.path, request.path) : null;
        if (labels) return { operation, input: inputOf(binding, labels, request) };
      }
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

/** The labels' values, or null when the path is another one. */
function labelsOf(template: string, path: string): Record<string, string> | null {
  const expected = template.split("/");
  const actual = path.replace(/\/$/, "").split("/");
  if (expected.length !== actual.length) return null;
  const labels: Record<string, string> = {};
  for (const [index, part] of expected.entries()) {
    const label = /^\{(.+)\}$/.exec(part)?.[1];
    if (label) labels[label] = decodeURIComponent(actual[index]!);
    else if (part !== actual[index]) return null;
  }
  return labels;
}

function inputOf(binding: HttpBinding, labels: Record<string, string>, request: WireRequest): Output {
  const headers = Object.entries(binding.inputHeaders ?? {}).map(([member, name]) => [member, request.headers[name]]);
  return {
    ...(binding.payload ? { [binding.payload]: request.body } : structureOf(request.body)),
    ...Object.fromEntries(headers.filter(([, value]) => value !== undefined)),
    ...request.query,
    ...labels,
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
