/** What a burst came to, from what is known of its shards. */
import type { Burst, Shard } from "../model.ts";
import type { PlannedShard } from "./shards.ts";

/** What the producer answers of a shard; times are ms since the epoch, `null` when nothing was published. */
export interface ProducerAnswer {
  published: number;
  failed: number;
  firstSentAt: number | null;
  lastSentAt: number | null;
}

/** Why there is no answer, a sentence; and whether some of the shard may be on its way all the same. */
export interface ShardFailure {
  failure: string;
  mayHavePublished: boolean;
}

export type ShardOutcome = ProducerAnswer | ShardFailure;

/** How a shard ended, by its first id, which no two shards of a burst share. */
export interface ShardReport {
  firstId: number;
  outcome: ShardOutcome;
}

/** What is known of the shards while they are fired; null: it was begun, and is not known to have ended. */
export class Outcomes {
  readonly #outcomes = new Map<number, ShardOutcome | null>();

  begin({ firstId }: PlannedShard): void {
    this.#outcomes.set(firstId, null);
  }

  /** Of a shard that was begun, once: what is said again of it, or of another, changes nothing. */
  note(reports: readonly ShardReport[]): void {
    for (const { firstId, outcome } of reports) {
      if (this.#outcomes.get(firstId) === null) this.#outcomes.set(firstId, outcome);
    }
  }

  fail({ firstId }: PlannedShard, failure: string, mayHavePublished: boolean): void {
    this.#outcomes.set(firstId, { failure, mayHavePublished });
  }

  /** Those that were not begun. */
  failTheRest(shards: readonly PlannedShard[], failure: string): void {
    for (const shard of shards) if (!this.#outcomes.has(shard.firstId)) this.fail(shard, failure, false);
  }

  /** Null: it is not known to have ended. */
  of({ firstId }: PlannedShard): ShardOutcome | null {
    return this.#outcomes.get(firstId) ?? null;
  }

  get hasBegun(): boolean {
    return this.#outcomes.size > 0;
  }

  get hasFailed(): boolean {
    return this.firstFailure !== null;
  }

  get areAllKnown(): boolean {
    return this.reported === this.#outcomes.size;
  }

  /** Shards that are known to have ended. */
  get reported(): number {
    return [...this.#outcomes.values()].filter((outcome) => outcome !== null).length;
  }

  /** Events that are known to be published. */
  get published(): number {
    return this.answers.reduce((sum, { published }) => sum + published, 0);
  }

  /** Whether every shard that was begun has failed, and has published nothing. */
  get isNothingPublished(): boolean {
    return [...this.#outcomes.values()].every((each) => each && "failure" in each && !each.mayHavePublished);
  }

  /** In words. */
  get firstFailure(): string | null {
    for (const outcome of this.#outcomes.values()) if (outcome && "failure" in outcome) return outcome.failure;
    return null;
  }

  get answers(): ProducerAnswer[] {
    return [...this.#outcomes.values()].filter((outcome) => outcome !== null && "published" in outcome);
  }
}

export function burstOf(shards: readonly PlannedShard[], outcomes: Outcomes): Burst {
  const burst: Burst = { published: 0, failed: 0, firstSentAt: null, lastSentAt: null, shards: [] };
  for (const planned of shards) {
    const shard = shardOf(planned, outcomes.of(planned));
    burst.shards.push(shard);
    burst.published += shard.published ?? shard.events;
    burst.failed += shard.failed ?? 0;
  }
  const sent = outcomes.answers;
  burst.lastSentAt = latest(sent.map(({ lastSentAt }) => lastSentAt));
  // Where one of those that begin the burst has not told, the rows know better.
  const isBeginningKnown = burst.shards.every(({ published }, index) => published !== null || shards[index]!.dueMs > 0);
  if (isBeginningKnown) burst.firstSentAt = earliest(sent.map(({ firstSentAt }) => firstSentAt));
  return burst;
}

function shardOf({ firstId, stride, events }: PlannedShard, outcome: ShardOutcome | null): Shard {
  const shard = { firstId, stride, events };
  if (outcome === null) return { ...shard, published: null, failed: null, failure: null };
  if ("published" in outcome) return { ...shard, published: outcome.published, failed: outcome.failed, failure: null };
  const { failure, mayHavePublished } = outcome;
  if (mayHavePublished) return { ...shard, published: null, failed: null, failure };
  return { ...shard, published: 0, failed: events, failure };
}

function earliest(times: readonly (number | null)[]): number | null {
  return times.reduce((first, time) => (first === null || (time !== null && time < first) ? time : first), null);
}

function latest(times: readonly (number | null)[]): number | null {
  return times.reduce((last, time) => (last === null || (time !== null && time > last) ? time : last), null);
}
