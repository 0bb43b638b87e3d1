/** Prepares runs: whatever they share is opened, read and checked once, before anything is created. */
import type { RunRequest } from "../../model.ts";
import type { RunOptions } from "../flags/run-options.ts";
import type { Work } from "./run.ts";

/**
 * The only place that picks a target. `work` may run each of the requests; what was opened is closed behind it.
 * Throws BenchError with exit status 2 before anything is touched, and what opening the database or the account throws.
 */
export async function prepare(
  requests: readonly RunRequest[],
  options: RunOptions,
  signal: AbortSignal,
  work: Work,
): Promise<void> {
  const { target } = options;
  switch (target.name) {
    case "local": {
      const { prepareModel } = await import("./model-runs.ts");
      return prepareModel(target, requests, options, work);
    }
    case "aws": {
      const { prepareAccount } = await import("./account-runs.ts");
      return prepareAccount(target, requests, options, signal, work);
    }
  }
}
