/** The awsJson protocols 1.0 and 1.1: SQS and CloudWatch as newer clients speak to them. */
import type { Dialect } from "../api/operation.ts";
import { jsonBytesOf, structureOf } from "./json.ts";
import type { WireRequest } from "./message.ts";
import { faultOf, type Protocol } from "./protocol.ts";

/** https://smithy.io/2.0/aws/protocols/aws-json-1_0-protocol.html */
export function awsJson(dialect: Dialect, request: WireRequest): Protocol {
  const contentType = request.headers["content-type"] ?? "application/x-amz-json-1.0";
  const headersOf = (requestId: string) => ({ "content-type": contentType, "x-amzn-requestid": requestId });
  return {
    read({ headers, body }) {
      const target = headers["x-amz-target"] ?? "";
      return { operation: target.slice(target.indexOf(".") + 1), input: structureOf(body) };
    },

    write(_operation, output, requestId) {
      return { statusCode: 200, headers: headersOf(requestId), body: jsonBytesOf(output) };
    },

    /**
     * A client that still knows the query protocol's codes asks for them.
     * https://smithy.io/2.0/aws/protocols/aws-query-protocol.html#aws-protocols-awsquerycompatible-trait
     */
    fail(error, requestId) {
      const queryCode = `${dialect.queryCodes?.[error.code] ?? error.code};${faultOf(error)}`;
      return {
        statusCode: error.statusCode,
        headers: {
          ...headersOf(requestId),
          ...(request.headers["x-amzn-query-mode"] === "true" ? { "x-amzn-query-error": queryCode } : {}),
        },
        body: jsonBytesOf({
          __type: `com.amazonaws.${dialect.name.toLowerCase()}#${error.code}`,
          message: error.message,
          ...error.members,
        }),
      };
    },
  };
}
