/** The plan of a benchmark: how much is measured, and how often. */
import { parseArgs } from "node:util";

export interface Plan {
  quick: boolean;
  /** The file that the results are written to, as JSON. */
  output: string;
  /** Measures these sections only; null: all of them. */
  sections: string[] | null;
  /** Measurements of each of the things that are compared; the figures are their medians. */
  repetitions: number;
  /** Messages of one run of the model. */
  messages: number;
  /** Events of each run of the series, ascending. */
  series: number[];
  /** The series ends before a run that would not end within this time, all runs taken together. */
  seriesBudgetMs: number;
  /** Rows that are written at a time. */
  rows: number;
  /** Simulations of a thousand events each. */
  simulations: number;
}

export const eventsOfSimulation = 1_000;

const full = {
  repetitions: 5,
  messages: 60_000,
  series: [1_000, 10_000, 100_000, 1_000_000],
  seriesBudgetMs: 300_000,
  rows: 200_000,
  simulations: 200,
};

const quickly = {
  ...full,
  repetitions: 3,
  messages: 10_000,
  series: [1_000, 10_000, 100_000],
  seriesBudgetMs: 120_000,
  rows: 50_000,
  simulations: 30,
};

/**
 * `--quick` measures less and the series only to 100,000 events. `--size 0.1` takes a tenth of every number of events, rows and
 * simulations. `--budget 60` gives the series so many seconds. `--only start,rows` measures these sections. `--output` names the file.
 */
export function planFrom(args: string[]): Plan {
  const { values } = parseArgs({
    args,
    options: {
      quick: { type: "boolean", default: false },
      output: { type: "string", default: ".build/bench/results.json" },
      only: { type: "string" },
      size: { type: "string", default: "1" },
      budget: { type: "string" },
    },
  });
  const plan = values.quick ? quickly : full;
  const size = positive("--size", values.size);
  const sized = (count: number) => Math.max(1, Math.round(count * size));
  return {
    quick: values.quick,
    output: values.output,
    sections: values.only?.split(",") ?? null,
    repetitions: plan.repetitions,
    messages: sized(plan.messages),
    series: plan.series.map(sized),
    seriesBudgetMs: values.budget === undefined ? plan.seriesBudgetMs : 1_000 * positive("--budget", values.budget),
    rows: sized(plan.rows),
    simulations: sized(plan.simulations),
  };
}

function positive(flag: string, text: string): number {
  const value = Number(text);
  if (value > 0) return value;
  throw new Error(`${flag} ${text} is no number above 0.`);
}
