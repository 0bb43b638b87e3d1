/** Gathers how each shard of a burst ended, and sums the burst up. */
import type { Burst, Shard } from "../model.ts";
import type { PlannedShard } from "./shards.ts";

/** The producer's answer for a shard. Times are ms since the epoch, and null when nothing was published. */
export interface ProducerAnswer {
  published: number;
  failed: number;
  firstSentAt: number | null;
  lastSentAt: number | null;
}

/** The end of a shard without an answer: the reason as a sentence, and whether some of its events may be on their way all the same. */
export interface ShardFailure {
  failure: string;
  mayHavePublished: boolean;
}

export type ShardOutcome = ProducerAnswer | ShardFailure;

/** The end of a shard. Its first id identifies the shard within its burst. */
export interface ShardReport {
  firstId: number;
  outcome: ShardOutcome;
}

/** The ends of shards while a burst is fired. Null stands for a shard that has begun and is not known to have ended. */
export class Outcomes {
  readonly #outcomes = new Map<number, ShardOutcome | null>();

  begin({ firstId }: PlannedShard): void {
    this.#outcomes.set(firstId, null);
  }

  /** Takes in the first report of each shard that has begun. Further reports, and those of other shards, change nothing. */
  note(reports: readonly ShardReport[]): void {
    for (const { firstId, outcome } of reports) {
      if (this.#outcomes.get(firstId) === null) this.#outcomes.set(firstId, outcome);
    }
  }

  fail({ firstId }: PlannedShard, failure: string, mayHavePublished: boolean): void {
    this.#outcomes.set(firstId, { failure, mayHavePublished });
  }

  /** Fails the shards that have not begun. */
  failTheRest(shards: readonly PlannedShard[], failure: string): void {
    for (const shard of shards) if (!this.#outcomes.has(shard.firstId)) this.fail(shard, failure, false);
  }

  /** Null: the shard is not known to have ended. */
  of({ firstId }: PlannedShard): ShardOutcome | null {
    return this.#outcomes.get(firstId) ?? null;
  }

  hasBegunWith({ firstId }: PlannedShard): boolean {
    return this.#outcomes.has(firstId);
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

  /** The number of shards that are known to have ended. */
  get reported(): number {
    return [...this.#outcomes.values()].filter((outcome) => outcome !== null).length;
  }

  /** The number of events that are known to be published. */
  get published(): number {
    return this.answers.reduce((sum, { published }) => sum + published, 0);
  }

  /** True: every shard that has begun has failed, and has published nothing. */
  get isNothingPublished(): boolean {
    return [...this.#outcomes.values()].every((each) => each && "failure" in each && !each.mayHavePublished);
  }

  /** The reason as a sentence. */
  get firstFailure(): string | null {
    for (const outcome of this.#outcomes.values()) if (outcome && "failure" in outcome) return outcome.failure;
    return null;
  }

  get answers(): ProducerAnswer[] {
    return [...this.#outcomes.values()].filter((outcome) => outcome !== null && "published" in outcome);
  }
}

/** The burst as a record holds it. */
export function sumUp(shards: readonly PlannedShard[], outcomes: Outcomes): Burst {
  const burst: Burst = { published: 0, failed: 0, firstSentAt: null, lastSentAt: null, shards: [] };
  for (const planned of shards) {
    const shard = endedShard(planned, outcomes.of(planned));
    burst.shards.push(shard);
    burst.published += shard.published ?? shard.events;
    burst.failed += shard.failed ?? 0;
  }
  const sent = outcomes.answers;
  burst.lastSentAt = latest(sent.map(({ lastSentAt }) => lastSentAt));
  // If a shard that begins the burst has not reported, the rows know better.
  const isBeginningKnown = burst.shards.every(({ published }, index) => published !== null || shards[index]!.dueMs > 0);
  if (isBeginningKnown) burst.firstSentAt = earliest(sent.map(({ firstSentAt }) => firstSentAt));
  return burst;
}

function endedShard({ firstId, stride, events }: PlannedShard, outcome: ShardOutcome | null): Shard {
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
