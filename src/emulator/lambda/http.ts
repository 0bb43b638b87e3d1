/**
 * The methods and paths of Lambda's operations.
 * https://docs.aws.amazon.com/lambda/latest/api/API_Operations.html
 */
import type { HttpBinding } from "../api/operation.ts";

const fn = "/functions/{FunctionName}";

export const lambdaHttp: Record<string, HttpBinding> = {
  Invoke: {
    method: "POST",
    path: `/2015-03-31${fn}/invocations`,
    inputHeaders: {
      InvocationType: "x-amz-invocation-type",
      LogType: "x-amz-log-type",
      ClientContext: "x-amz-client-context",
      DurableExecutionName: "x-amz-durable-execution-name",
      TenantId: "x-amz-tenant-id",
    },
    outputHeaders: {
      FunctionError: "x-amz-function-error",
      LogResult: "x-amz-log-result",
      ExecutedVersion: "x-amz-executed-version",
    },
    payload: "Payload",
    mostBytes: (constants) => constants["lambda.maximumPayloadBytes"],
  },
  ListFunctions: { method: "GET", path: "/2015-03-31/functions" },
  GetFunction: { method: "GET", path: `/2015-03-31${fn}` },
  DeleteFunction: { method: "DELETE", path: `/2015-03-31${fn}`, statusCode: 204 },
  GetFunctionConfiguration: { method: "GET", path: `/2015-03-31${fn}/configuration` },
  UpdateFunctionConfiguration: { method: "PUT", path: `/2015-03-31${fn}/configuration` },
  UpdateFunctionCode: {
    method: "PUT",
    path: `/2015-03-31${fn}/code`,
    // The archive comes in base64: AWS's own refusal says 69,905,067, as in serverless/serverless issue 10179.
    mostBytes: (constants) => Math.ceil((constants["lambda.maximumZippedBytes"] * 4) / 3),
  },
  PutFunctionConcurrency: { method: "PUT", path: `/2017-10-31${fn}/concurrency` },
  GetFunctionConcurrency: { method: "GET", path: `/2019-09-30${fn}/concurrency` },
  DeleteFunctionConcurrency: { method: "DELETE", path: `/2017-10-31${fn}/concurrency`, statusCode: 204 },
  PutFunctionEventInvokeConfig: { method: "PUT", path: `/2019-09-25${fn}/event-invoke-config` },
  GetFunctionEventInvokeConfig: { method: "GET", path: `/2019-09-25${fn}/event-invoke-config` },
  GetAccountSettings: { method: "GET", path: "/2016-08-19/account-settings" },
  ListEventSourceMappings: { method: "GET", path: "/2015-03-31/event-source-mappings" },
  GetEventSourceMapping: { method: "GET", path: "/2015-03-31/event-source-mappings/{UUID}" },
  UpdateEventSourceMapping: { method: "PUT", path: "/2015-03-31/event-source-mappings/{UUID}", statusCode: 202 },
};
