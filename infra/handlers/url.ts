/** Requests to the function's URL, which is public: who may ask, and how they are answered. */
import { createHash, timingSafeEqual } from "node:crypto";
import type { Delivery } from "./envelope.ts";
import { Refused } from "./refusal.ts";

/** The header in which an EventBridge connection sends the key. */
export const urlKeyHeader = "x-throttle-bench-key";

/** https://docs.aws.amazon.com/lambda/latest/dg/urls-invocation.html#urls-response-payload */
export interface UrlAnswer {
  statusCode: number;
  headers?: Record<string, string>;
  body: string;
}

export const forbidden: UrlAnswer = { statusCode: 403, body: "The key is missing or wrong." };

export function isUrlRequest(event: unknown): boolean {
  const request = event as { version?: unknown; requestContext?: { http?: unknown } } | null | undefined;
  return request?.version === "2.0" && request.requestContext?.http !== undefined;
}

/** True when the request has the key. The comparison takes as long for any other text; without a key nobody may ask. */
export function hasKey(event: unknown, key: string | undefined): boolean {
  const { headers = {} } = event as { headers?: Record<string, string | undefined> };
  return timingSafeEqual(digestOf(headers[urlKeyHeader] ?? ""), digestOf(key ?? "")) && Boolean(key);
}

function digestOf(text: string): Uint8Array {
  return createHash("sha256").update(text).digest();
}

/** EventBridge tries again after 429 and 500, and no sooner than Retry-After says; what it could never work is answered with 400. */
export function answerOf(deliveries: readonly Delivery[], failure: unknown): UrlAnswer {
  if (deliveries.some((delivery) => "problem" in delivery))
    return { statusCode: 400, body: "There is no event in it." };
  if (failure === null) return { statusCode: 200, body: "" };
  if (!(failure instanceof Refused)) return { statusCode: 500, body: "The event failed." };
  return { statusCode: 429, headers: { "Retry-After": String(failure.returnSeconds) }, body: "The limit has no room." };
}
