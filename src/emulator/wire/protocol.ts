/** A wire protocol: it reads requests, and writes replies and errors. The operations know nothing of it. */
import type { Output } from "../api/operation.ts";
import type { ServiceError } from "../service-error.ts";
import type { WireRequest, WireResponse } from "./message.ts";

/** An operation with its input in AWS's shape: plain objects, arrays, and scalars as the protocol carries them. */
export interface Call {
  operation: string;
  input: unknown;
}

export interface Protocol {
  /** @throws ServiceError for a request that cannot be read. */
  read(request: WireRequest): Call;
  write(operation: string, output: Output, requestId: string): WireResponse;
  fail(error: ServiceError, requestId: string): WireResponse;
}

/** The party whose fault the error is. */
export function faultOf(error: ServiceError): "Sender" | "Receiver" {
  return error.statusCode < 500 ? "Sender" : "Receiver";
}
