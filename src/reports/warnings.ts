/** The words of each warning: what was set, why it matters, and the cure. */
import type { Warning } from "../model.ts";
import { figure } from "./figures.ts";

type Words = { [Code in Warning["code"]]: (warning: Extract<Warning, { code: Code }>) => string };

const words: Words = {
  "visibility-below-advice": ({ queue, visibilitySeconds, advisedSeconds, timeoutSeconds, windowSeconds, raise }) =>
    `${queue} hides a message for ${visibilitySeconds} s, and AWS advises at least ${advisedSeconds} s, ${(advisedSeconds - windowSeconds) / timeoutSeconds} times the function's timeout of ${timeoutSeconds} s${windowSeconds > 0 ? ` and the batching window of ${windowSeconds} s` : ""}: one that is throttled for longer comes back and uses up a receive; raise ${raise}.`,
  "receives-below-advice": ({ queue, maxReceiveCount, advised, raise }) =>
    `${queue} gives a message up after ${maxReceiveCount === 1 ? "one receive" : `${maxReceiveCount} receives`}, and AWS advises at least ${advised}, because a throttle can use one up as a failure does; raise ${raise}.`,
  "work-beyond-timeout": ({ functionName, batchSize, workMs, timeoutSeconds, raise, lower }) =>
    `${batchSize} × ${seconds(workMs)} of work ${batchSize * workMs > timeoutSeconds * 1_000 ? `do not fit into ${timeoutSeconds} s` : `leave nothing of ${timeoutSeconds} s for the connection and the rows`}, so that ${functionName} times out; raise ${raise}, or lower ${lower.join(" or ")}.`,
  "limiter-above-limit": ({ functionName, rate, capacity, limit, lower }) =>
    `The limiter of ${functionName} grants ${rate}${capacity > 1 ? ` and ${capacity} calls at once` : ""}, and the downstream allows ${limit}, so that the limit is exceeded all the same; lower ${lower.join(" or ")}.`,
  "refusals-use-up-receives": ({ functionName, queue, maxReceiveCount, whenRefused, use, setting }) =>
    `With WhenRefused=${whenRefused} each refusal of the limiter of ${functionName} counts a receive, and ${queue} gives a message up after ${maxReceiveCount}, so that events that wait in a backlog are dead-lettered unworked; set ${setting}=${use}.`,
  "wait-beyond-timeout": ({ functionName, waiting, neededSeconds, timeoutSeconds, raise, lower }) =>
    waiting === null || neededSeconds === null
      ? `As many invocations of ${functionName} as Lambda runs sleep for their calls, most of them beyond the timeout of ${timeoutSeconds} s; raise ${raise}, or limit the concurrency.`
      : `${waiting === 1 ? "One invocation" : `${waiting} invocations`} of ${functionName} ${waiting === 1 ? "sleeps for its call" : "sleep for their calls"}, up to ${seconds(neededSeconds * 1_000)} with the work, and the timeout of ${timeoutSeconds} s ends ${waiting === 1 ? "it" : "them"}; raise ${raise}${lower === null ? "" : `, or lower ${lower}`}.`,
  "return-without-queue": ({ functionName, setting }) =>
    `${functionName} reads no queue to which it could return a refused event, so that ${setting}=return is what report is: the event fails; set another ${setting}.`,
  "work-assumed": ({ workMs }) =>
    `No template says how long the work for an event takes, and ${seconds(workMs)} is assumed: waits and calls a second follow from it; give --work, such as --work 300ms..2s, or let \`throttle-bench init --from-function NAME\` read the function's Duration.`,
};

export function warningText<Code extends Warning["code"]>(warning: Extract<Warning, { code: Code }>): string {
  return words[warning.code as Code](warning);
}

/** `1 s`, `1.5 s`, `300 ms` */
function seconds(ms: number): string {
  return ms < 1_000 ? figure(ms, "milliseconds") : `${ms / 1_000} s`;
}
