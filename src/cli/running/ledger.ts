/** The ledger of a command: what its runs have cost together, and their end where that is above what they may cost. */
import { BenchError } from "../../errors.ts";
import type { Estimate, RunRecord } from "../../model.ts";
import { dollarsText, spentText } from "../../reports/spending.ts";
import type { Budget } from "../../steps/meter.ts";
import type { Interruption } from "./interruption.ts";

export class Ledger {
  readonly #estimates = new Map<string, Estimate>();

  /** `limitDollars`: of all runs together. Above it the interruption ends them all, as Ctrl-C would. */
  budget(limitDollars: number, interruption: Interruption): Budget {
    return {
      limitDollars,
      note: (estimate) => {
        this.#estimates.set(estimate.runId, estimate);
        const estimates = [...this.#estimates.values()];
        const togetherDollars = estimates.reduce((sum, { dollars }) => sum + dollars, 0);
        const exceeded = togetherDollars > limitDollars;
        if (exceeded) {
          interruption.stop(
            `The limit of ${dollarsText(limitDollars)} is passed: cleaning up; interrupt to leave at once, with what was created left behind.`,
            new BenchError("over-budget", spentText(estimates, togetherDollars, limitDollars)),
          );
        }
        return { togetherDollars, exceeded };
      },
    };
  }
}

/** The error of a run that was ended before its time and measured all the same. `reason`: the signal's. */
export function endedEarly(
  { runId, cleanUp }: RunRecord,
  reason: unknown,
  interrupted = "was interrupted",
): BenchError {
  const measured = "what had been measured is shown and recorded.";
  const error =
    reason instanceof BenchError && reason.code === "over-budget"
      ? new BenchError("over-budget", `${reason.message} The run ${runId} was ended; ${measured}`)
      : new BenchError("interrupted", `The run ${runId} ${interrupted}; ${measured}`);
  error.cleanUp = cleanUp;
  return error;
}
