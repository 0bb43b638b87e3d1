/** The front as the AWS SDK's `requestHandler`: serialized requests are answered in this process. */
import type { HttpHandlerOptions, HttpRequest, HttpResponse, QueryParameterBag } from "@smithy/types";
import type { Front } from "./front.ts";
import { bytesOf, type WireRequest } from "./wire/message.ts";

export function requestHandlerOf(front: Front) {
  return {
    metadata: { handlerProtocol: "http/1.1" },
    async handle(request: HttpRequest, { abortSignal }: HttpHandlerOptions = {}): Promise<{ response: HttpResponse }> {
      if (abortSignal?.aborted) throw new DOMException("The request was aborted.", "AbortError");
      return { response: await front.answer(wireRequestOf(request)) };
    },
    destroy() {},
    updateHttpClientConfig() {},
    httpHandlerConfigs: () => ({}),
  };
}

function wireRequestOf({ method, path, query, headers, body }: HttpRequest): WireRequest {
  return {
    method,
    path,
    query: queryOf(query ?? {}),
    headers: Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value])),
    body: bodyOf(body),
  };
}

function bodyOf(body: unknown): Uint8Array {
  if (typeof body === "string") return bytesOf(body);
  if (body === undefined || body === null) return new Uint8Array();
  if (body instanceof Uint8Array) return body;
  throw new TypeError("the emulator takes requests with text or bytes, not with a stream");
}

function queryOf(query: QueryParameterBag): WireRequest["query"] {
  return Object.fromEntries(
    Object.entries(query).filter((entry): entry is [string, string | string[]] => entry[1] !== null),
  );
}
