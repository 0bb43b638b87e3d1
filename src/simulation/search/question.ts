/** The question of `recommend`: what comes, what the downstream bears, and what must hold. It is data only, and all of it is checked. */
import type { Allowance, Model } from "../../model.ts";

/** Events come in spikes, and a consumer calls the downstream once for each. */
export interface Question {
  /** the most calls that the downstream bears in any window, as `parseLimit` takes it: `1/s`, `30/m`; never `0` */
  limit: string;
  /** windows are shorter than the limit's unit by this, ms, as in every verdict */
  toleranceMs: number;
  spike: Spike;
  /** from the beginning of one spike to that of the next, ms; null: once a day, which decides nothing but the cost */
  everyMs: number | null;
  /** the time that a call takes, ms: each takes one that is drawn evenly; both are the same where it is fixed */
  workMs: { from: number; to: number };
  /** how long an event may wait from its publication to its completion, ms; null: as long as it takes */
  maxWaitMs: number | null;
  /** how many events may be failed or missing; `{ amount: 0 }`: none */
  maxLoss: Allowance;
  /** the order that has to be kept; null: none */
  order: RequiredOrder | null;
  /** whether an event may be worked more than once */
  duplicatesTolerated: boolean;
  /** the share of calls, from 0 to 1, that the downstream fails and that another call may mend */
  failureRate: number;
  /** US dollars a month; null: whatever it costs */
  budgetDollars: number | null;
  /** the concurrent executions that the account allows; null: as many as the model says */
  accountConcurrency: number | null;
  /** the memory of the consumer, MB; absent: each way's own */
  consumerMemoryMb?: number;
  /** candidates of the user's own, which are simulated whatever theory says of them */
  named: NamedCandidate[];
  /** the numbers to go by. Each simulation has a seed of its own that follows from this one, and draws what is unpublished. */
  model: Omit<Model, "ranges">;
  /** about so many simulations; the answer follows from the question and this number, not from the time that they take */
  effort: number;
}

export interface Spike {
  /** events a second */
  rate: number;
  durationMs: number;
}

/** `group`: event n is of message group n modulo `groups`, and each group has its own order. `all`: one order over all events. */
export type RequiredOrder = { within: "group"; groups: number } | { within: "all" };

/** Settings of a way that somebody wants to see in the answer. */
export interface NamedCandidate {
  /** the name of the scenario */
  way: string;
  /** over the template's own */
  settings: Record<string, string>;
}

/** Simulations for an answer at a glance, for one to rely on, and for one where candidates are close. */
export const efforts = { low: 1_200, normal: 2_700, high: 12_000 } as const;

export type Effort = keyof typeof efforts;

/** Events of one spike, at least one. */
export function eventsOf({ rate, durationMs }: Spike): number {
  return Math.max(1, Math.round((rate * durationMs) / 1_000));
}
