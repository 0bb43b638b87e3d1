/** The front as the AWS SDK's `requestHandler`: serialized requests are answered in this process. */
import type { HttpRequest, HttpResponse, QueryParameterBag } from "@smithy/types";
import type { Front } from "./front.ts";
import type { WireRequest } from "./message.ts";

/** `afterwards` is awaited before each answer is handed over. */
export function requestHandlerOf(front: Front, afterwards: () => Promise<void> = async () => {}) {
  return {
    metadata: { handlerProtocol: "http/1.1" },
    async handle(request: HttpRequest): Promise<{ response: HttpResponse }> {
      const response = await front.answer(wireRequestOf(request));
      await afterwards();
      return { response };
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
    body: typeof body === "string" ? new TextEncoder().encode(body) : (body ?? new Uint8Array()),
  };
}

function queryOf(query: QueryParameterBag): WireRequest["query"] {
  return Object.fromEntries(
    Object.entries(query).filter((entry): entry is [string, string | string[]] => entry[1] !== null),
  );
}
