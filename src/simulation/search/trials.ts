/** Runs simulations of candidates and keeps their figures: repetition k of every candidate has the same seed and the same draw. */
import { BenchError } from "../../errors.ts";
import type { Figures } from "../../model.ts";
import type { Plan, Variation } from "../simulate.ts";
import type { Simulating } from "../simulating.ts";
import type { Entry } from "./entries.ts";
import { loadOf } from "./load.ts";
import type { Question } from "./question.ts";

/** A drain may take so many times as long as the limit asks at least, before what is left counts as missing. */
const patience = 4;
const leastPatienceMs = 6 * 3_600_000;

/** The figures of one candidate for one question. */
interface Trial {
  runs: Figures[];
  /** the model's or AWS's reason why it cannot be deployed */
  refused: string | null;
}

/** Where simulations are made. */
export interface Lab {
  simulators: Simulating;
  /** When it is aborted, what is under way is left, and nothing more begins. */
  signal: AbortSignal;
  /** Is told of each simulation that came back. */
  told(): void;
}

export class Trials {
  readonly #trials = new Map<string, Trial>();

  constructor(
    private readonly question: Question,
    private readonly lab: Lab,
    private readonly ranges: boolean,
  ) {}

  runsOf(entry: Entry): readonly Figures[] {
    return this.#trials.get(entry.key)?.runs ?? [];
  }

  refusalOf(entry: Entry): string | null {
    return this.#trials.get(entry.key)?.refused ?? null;
  }

  /** Sees to it that each candidate has so many repetitions. What was simulated before is not again. */
  async run(entries: readonly Entry[], repetitions: number): Promise<void> {
    const scenarios = [...new Set(entries.map(({ scenario }) => scenario))];
    await Promise.all(
      scenarios.map((scenario) =>
        this.#runSome(
          entries.filter((entry) => entry.scenario === scenario),
          repetitions,
        ),
      ),
    );
  }

  async #runSome(entries: readonly Entry[], repetitions: number): Promise<void> {
    const wanted: { entry: Entry; repetition: number }[] = [];
    for (let repetition = 0; repetition < repetitions; repetition++) {
      for (const entry of entries) {
        const trial = this.#trialOf(entry);
        if (trial.refused === null && repetition >= trial.runs.length) wanted.push({ entry, repetition });
      }
    }
    while (wanted.length > 0 && !this.lab.signal.aborted) {
      const { scenario } = wanted[0]!.entry;
      let next = 0;
      try {
        const variations = wanted.map(({ entry, repetition }) => this.#variation(entry, repetition));
        // A signal of its own, because many ways listen at a time.
        const signal = AbortSignal.any([this.lab.signal]);
        for await (const figures of this.lab.simulators.figures(this.#plan(scenario), variations, signal)) {
          this.#trialOf(wanted[next++]!.entry).runs.push(figures);
          this.lab.told();
        }
        return;
      } catch (error) {
        if (this.lab.signal.aborted) return;
        if (!(error instanceof BenchError)) throw error;
        const { entry } = wanted[next]!;
        this.#trialOf(entry).refused = error.message;
        wanted.splice(0, next + 1);
        for (let index = wanted.length - 1; index >= 0; index--) {
          if (wanted[index]!.entry.key === entry.key) wanted.splice(index, 1);
        }
      }
    }
  }

  #trialOf({ key }: Entry): Trial {
    const trial = this.#trials.get(key) ?? { runs: [], refused: null };
    this.#trials.set(key, trial);
    return trial;
  }

  #plan(scenario: Entry["scenario"]): Plan {
    const { model, limit, toleranceMs } = this.question;
    const { seed: _, constants: __, ...shared } = model;
    return {
      scenario,
      model: { ...shared, ranges: this.ranges },
      limit: { limit, toleranceMs, origin: "flag" },
      waitForMetrics: true,
    };
  }

  #variation({ settings }: Entry, repetition: number): Variation {
    const { model, accountConcurrency, maxWaitMs, everyMs } = this.question;
    const { events, callsPerSecond } = loadOf(this.question);
    const leastMs = Math.max((events / callsPerSecond) * 1_000, maxWaitMs ?? 0);
    return {
      settings,
      events,
      // One spike tells what still waits when the next would begin.
      ...(everyMs !== null && { spikes: { count: 1, everyMs } }),
      seed: model.seed + repetition,
      assumptions:
        accountConcurrency === null
          ? model.constants
          : { ...model.constants, "lambda.accountConcurrency": accountConcurrency },
      timeoutMs: Math.max(leastPatienceMs, patience * leastMs),
    };
  }
}
