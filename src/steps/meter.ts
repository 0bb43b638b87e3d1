/** Meters what a run costs while it goes on: each look at the rows, each reading of metrics and the time renew the estimate. */

import { BenchError } from "../errors.ts";
import { dearestOf, sumOfExpenses } from "../metrics/cost-ahead.ts";
import { expensesUntilNow, type Progressed } from "../metrics/spending.ts";
import type { Estimate, MetricSeries, RunRequest, Spending } from "../model.ts";
import type { Account } from "../targets/target.ts";
import { readSeries, total } from "./cloudwatch.ts";
import { consumerSize } from "./consumer.ts";
import { minimumPollers } from "./provisioned-pollers.ts";
import { provisionedShards } from "./provisioned-shards.ts";
import type { Stack } from "./stack.ts";
import { betweenReadingsMs, longestDelayMs } from "./timetable.ts";
import { unpricedIn } from "./unpriced-resources.ts";

/** The limit of what all runs of a command may cost together. */
export interface Budget {
  /** US dollars */
  limitDollars: number;
  /** Takes in the newest estimate of a run, and ends all runs where they are above the limit now. Gives what they have cost together. */
  note(estimate: Estimate): { togetherDollars: number; exceeded: boolean };
}

/** Events as far as they are known. */
export type Counts = Pick<Progressed, "published" | "completed" | "dead">;

export interface Meter {
  /** Readings of metrics have to begin here, or before it, so that no minute is left out. */
  readonly readFrom: number;
  /** Takes in a reading, which was made at `now`. */
  take(series: readonly MetricSeries[], now: number): void;
  /** Reads CloudWatch where the latest reading is a minute old, which no step does before the drain. It goes on without an answer. */
  read(signal: AbortSignal): Promise<void>;
  /** Renews the estimate. Gives it; null: nothing limits the run. */
  renew(counts: Counts): Spending | null;
  /** null: nothing limits the run */
  readonly spending: Spending | null;
}

/** Meters nothing, because nothing limits the run. */
export const noMeter: Meter = {
  readFrom: Number.POSITIVE_INFINITY,
  take: () => undefined,
  read: async () => undefined,
  renew: () => null,
  spending: null,
};

/** `stack`: of the run. The time counts from its creation, also where a run is resumed. */
export function openMeter(target: Account, stack: Stack, request: RunRequest, budget: Budget | null): Meter {
  return budget === null ? noMeter : new RunningMeter(target, stack, request, budget);
}

class RunningMeter implements Meter {
  spending: Spending | null = null;
  readonly #target: Account;
  readonly #stack: Stack;
  readonly #request: RunRequest;
  readonly #budget: Budget;
  readonly #size: Progressed["size"];
  readonly #createdAt: number;
  readonly #unpriced: string[];
  /** The newest value of each minute of each series. */
  readonly #points = new Map<string, { statistic: MetricSeries["statistic"]; minutes: Map<number, number> }>();
  #readAt: number;
  #metricsRead = 0;
  #dollars = 0;

  constructor(target: Account, stack: Stack, request: RunRequest, budget: Budget) {
    const { scenario, settings } = request;
    this.#target = target;
    this.#stack = stack;
    this.#request = request;
    this.#budget = budget;
    this.#size = {
      consumer: consumerSize(scenario, settings),
      minimumPollers: minimumPollers(scenario, settings),
      shards: provisionedShards(scenario, settings),
    };
    this.#createdAt = stack.events.reduce((first, { timestamp }) => Math.min(first, timestamp), target.clock.now());
    this.#readAt = this.#createdAt;
    this.#unpriced = unpricedIn(request);
  }

  get readFrom(): number {
    return Math.max(this.#createdAt, this.#readAt - longestDelayMs);
  }

  take(series: readonly MetricSeries[], now: number): void {
    this.#readAt = Math.max(this.#readAt, now);
    this.#metricsRead += series.length;
    for (const { name, statistic, points } of series) {
      const known = this.#points.get(name) ?? { statistic, minutes: new Map<number, number>() };
      for (const { timestamp, value } of points) known.minutes.set(timestamp, value);
      this.#points.set(name, known);
    }
  }

  async read(signal: AbortSignal): Promise<void> {
    const now = this.#target.clock.now();
    if (now - this.#readAt < betweenReadingsMs) return;
    const series = await readSeries(this.#target, this.#stack, { start: this.readFrom, end: now }, signal).catch(
      (failure) => {
        if (failure instanceof BenchError && !signal.aborted) return [];
        throw failure;
      },
    );
    this.take(series, now);
  }

  renew(counts: Counts): Spending {
    const { runId, scenario, settings, events, prices } = this.#request;
    const metrics = this.#series();
    const expenses = expensesUntilNow({
      ...counts,
      topology: scenario.topology,
      settings,
      size: this.#size,
      hasQueue: this.#stack.queue !== null,
      metrics,
      forMs: this.#target.clock.now() - this.#createdAt,
      metricsRead: this.#metricsRead,
      ...(prices && { prices }),
    });
    // Money that is spent stays spent, also where an item is counted anew and comes to less.
    this.#dollars = Math.max(this.#dollars, sumOfExpenses(expenses));
    const minutes = metrics.flatMap(({ points }) => points.at(-1)?.timestamp ?? []);
    const dearest = dearestOf(expenses);
    const countedUntil = minutes.length === 0 ? null : Math.max(...minutes);
    const { togetherDollars, exceeded } = this.#budget.note({
      runId,
      dollars: this.#dollars,
      dearest,
      events,
      invocations: total(metrics, "consumer.Invocations"),
      errors: total(metrics, "consumer.Errors"),
      countedUntil,
    });
    this.spending = {
      limitDollars: this.#budget.limitDollars,
      estimatedDollars: this.#dollars,
      togetherDollars,
      dearest,
      countedUntil,
      exceeded,
      unpriced: this.#unpriced,
    };
    return this.spending;
  }

  #series(): MetricSeries[] {
    return [...this.#points].map(([name, { statistic, minutes }]) => ({
      name,
      statistic,
      points: [...minutes].sort(([a], [b]) => a - b).map(([timestamp, value]) => ({ timestamp, value })),
    }));
  }
}
