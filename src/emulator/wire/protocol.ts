/** What a wire protocol does: requests in, replies and errors out. The operations know nothing of it. */
import type { ServiceError } from "../service-error.ts";
import type { WireRequest, WireResponse } from "./message.ts";

/** An operation with its input in AWS's shape: plain objects, arrays, and scalars as the protocol carries them. */
export interface Call {
  operation: string;
  input: unknown;
}

/**
 * What an operation answers, in AWS's shape. JavaScript's types carry AWS's: `Date` is a timestamp, `Map` a map,
 * `Uint8Array` a blob; members that are undefined or null are left out.
 */
export type Output = Record<string, unknown>;

/** Members of the query protocol's flattened lists and maps, each with the name of its elements. */
export type Flattened = Readonly<Record<string, string>>;

/** What a protocol has to know of a service. */
export interface Dialect {
  /** As AWS calls the service. */
  readonly name: string;
  /** Of its XML replies. */
  readonly xmlNamespace: string;
  /** The query protocol's codes of those errors that are not called like their shape. */
  readonly queryCodes: Readonly<Record<string, string>>;
  /** Where the service has any flattened members: those of an operation. */
  readonly flattened?: (operation: string) => Flattened;
}

export interface Protocol {
  /** @throws ServiceError for a request that cannot be read. */
  read(request: WireRequest): Call;
  write(operation: string, output: Output, requestId: string): WireResponse;
  fail(error: ServiceError, requestId: string): WireResponse;
}

/** `Sender` or `Receiver`: whose fault it is. */
export function faultOf(error: ServiceError): "Sender" | "Receiver" {
  return error.statusCode < 500 ? "Sender" : "Receiver";
}
