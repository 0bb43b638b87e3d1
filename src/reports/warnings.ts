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
    `${batchSize} × ${seconds(workMs)} of work do not fit into ${timeoutSeconds} s, so that ${functionName} times out; raise ${raise}, or lower ${lower.join(" or ")}.`,
};

export function warningText<Code extends Warning["code"]>(warning: Extract<Warning, { code: Code }>): string {
  return words[warning.code as Code](warning);
}

/** `1 s`, `1.5 s`, `300 ms` */
function seconds(ms: number): string {
  return ms < 1_000 ? figure(ms, "milliseconds") : `${ms / 1_000} s`;
}
