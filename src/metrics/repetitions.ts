/** The record of several runs that differ in their seed alone. */
import type { Assumption, Figures, RunRecord } from "../model.ts";
import { caveatsAnew } from "./caveats.ts";
import { runsOf, uncertaintyOf } from "./uncertainty.ts";
import { verdictOf } from "./verdict.ts";

/** The figures of a prediction, which the record of several runs takes from each. */
export function figuresOf({ seed, outcome, summary, details, cost, calls, assumptions }: RunRecord): Figures {
  return {
    seed: seed!,
    outcome,
    summary,
    details: { ...details, messageGroups: details.messageGroups && { ...details.messageGroups, listed: [] } },
    cost: cost && { perMillionEvents: cost.perMillionEvents, month: cost.month },
    calls: calls && { ...calls, seconds: null, breach: calls.breach && { ...calls.breach, peaks: null } },
    assumptions,
  };
}

/** The first run's record with the figures and the doubts of all runs. */
export function recordOfAll([first, ...others]: readonly [RunRecord, ...Figures[]], ranges: boolean): RunRecord {
  const all = [figuresOf(first), ...others];
  const runs = all.map(({ assumptions: _, ...run }) => run);
  const record = { ...first, assumptions: decidedByAll(all), uncertainty: uncertaintyOf(runs, ranges) };
  const verdict = record.expected && verdictOf(runsOf(record), record.expected);
  return { ...record, verdict, caveats: caveatsAnew(record) };
}

/** The first run's numbers, each with what it decided in all runs together. */
function decidedByAll(runs: readonly Figures[]): Assumption[] | null {
  const decidedIn = (run: Figures, name: string) =>
    run.assumptions?.find((assumption) => assumption.name === name)?.decided ?? 0;
  return (
    runs[0]!.assumptions?.map((assumption) => ({
      ...assumption,
      decided: assumption.decided === null ? null : runs.reduce((sum, run) => sum + decidedIn(run, assumption.name), 0),
    })) ?? null
  );
}
