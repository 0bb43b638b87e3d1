/**
 * The lines that a function's log group gets, in Lambda's text format: of the runtime, for what a handler logs and throws, and of Lambda
 * itself. https://docs.aws.amazon.com/lambda/latest/dg/nodejs-logging.html
 */
import type { FunctionFailure } from "../account.ts";

/** Lambda's name for an invocation that it has ended. */
export const timedOut = "Sandbox.Timedout";

/** A handler logged this. `at`: ms since the epoch. */
export function handlerLine(at: number, requestId: string, message: string): string {
  return `${time(at)}\t${requestId}\tINFO\t${message}\n`;
}

/** How an invocation has failed. */
export function failureLine(at: number, requestId: string, { errorType, errorMessage }: FunctionFailure): string {
  if (errorType === timedOut) return `${time(at)} ${requestId} ${errorMessage.replace(/^.*Error: /, "")}\n\n`;
  const thrown = JSON.stringify({ errorType, errorMessage, stack: [`${errorType}: ${errorMessage}`] });
  // The runtime cannot load such a handler, so that no invocation is there to blame.
  const [blamed, kind] = errorType.startsWith("Runtime.")
    ? ["undefined", "Uncaught Exception"]
    : [requestId, "Invoke Error"];
  return `${time(at)}\t${blamed}\tERROR\t${kind} \t${thrown}\n`;
}

/** Lambda's own lines of an invocation: https://docs.aws.amazon.com/lambda/latest/dg/nodejs-logging.html#node-logging-output */
export function startLine(requestId: string): string {
  return `START RequestId: ${requestId} Version: $LATEST\n`;
}

/** `initMs`: of the cold start before it; null: it was warm. The model knows nothing of the memory that was used. */
export function endLines(
  requestId: string,
  { durationMs, initMs, memoryMb, status }: EndedInvocation,
): [end: string, report: string] {
  // An initialization is billed, too, since August 2025: https://aws.amazon.com/blogs/compute/aws-lambda-standardizes-billing-for-init-phase/
  const facts = [
    `REPORT RequestId: ${requestId}`,
    `Duration: ${durationMs.toFixed(2)} ms`,
    `Billed Duration: ${Math.ceil(durationMs + (initMs ?? 0))} ms`,
    `Memory Size: ${memoryMb} MB`,
    ...(initMs === null ? [] : [`Init Duration: ${initMs.toFixed(2)} ms`]),
    ...(status === null ? [] : [`Status: ${status}`]),
  ];
  return [`END RequestId: ${requestId}\n`, `${facts.join("\t")}\t\n`];
}

export interface EndedInvocation {
  durationMs: number;
  initMs: number | null;
  memoryMb: number;
  /** null: it has answered, or thrown. */
  status: "timeout" | null;
}

function time(at: number): string {
  return new Date(at).toISOString();
}
