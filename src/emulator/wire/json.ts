/** JSON as AWS's JSON protocols write and read it. */
import { isOverfull, mostValues, objectIn } from "../api/json.ts";
import type { Output } from "../api/operation.ts";
import { ServiceError } from "../service-error.ts";
import { bytesOf, textOf } from "./message.ts";

export function jsonBytesOf(output: Output): Uint8Array {
  return bytesOf(JSON.stringify(jsonOf(output)));
}

/** Timestamps are seconds since the epoch with fractions, blobs base64. */
function jsonOf(value: unknown): unknown {
  if (value instanceof Date) return value.getTime() / 1_000;
  if (value instanceof Uint8Array) return Buffer.from(value).toString("base64");
  if (value instanceof Map) return jsonOf(Object.fromEntries(value));
  if (Array.isArray(value)) return value.map(jsonOf);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, member]) => member !== undefined && member !== null)
      .map(([name, member]) => [name, jsonOf(member)]),
  );
}

/** An absent body is an empty structure. @throws ServiceError `SerializationException`. */
export function structureOf(body: Uint8Array): Record<string, unknown> {
  const text = textOf(body);
  if (isOverfull(text)) {
    throw new ServiceError("SerializationException", `The request has more than ${mostValues} values.`);
  }
  const value = text === "" ? {} : objectIn(text);
  if (value !== undefined) return value;
  throw new ServiceError("SerializationException", "The request's body is not a JSON object.");
}
