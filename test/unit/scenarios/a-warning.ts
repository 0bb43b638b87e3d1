/** Warnings as they are expected, from what differs. */
import type { Warning } from "../../../src/model.ts";

/** `raise`: the setting, or the place in the template. */
export function receives(count: number, raise = "MaxReceiveCount"): Warning {
  return { code: "receives-below-advice", queue: "Queue", maxReceiveCount: count, advised: 5, raise };
}

export function work(batchSize: number, workMs: number, timeoutSeconds: number, lower: string[]): Warning {
  return {
    code: "work-beyond-timeout",
    functionName: "ConsumerFunction",
    batchSize,
    workMs,
    timeoutSeconds,
    raise: "ConsumerTimeout",
    lower,
  };
}
