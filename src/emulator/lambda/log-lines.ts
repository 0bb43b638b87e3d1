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

function time(at: number): string {
  return new Date(at).toISOString();
}
