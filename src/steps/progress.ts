/** The progress that a run reports while it goes on. */
import type { Spending, StackEvent } from "../model.ts";

export type ProgressUpdate =
  | { phase: "deploy"; event: StackEvent }
  | { phase: "code"; functionName: string }
  | {
      phase: "fire";
      events: number;
      /** events of the shards that have reported */
      published: number;
      shards: number;
      /** shards that have ended */
      reported: number;
      /** where the burst comes several times: how many spikes have begun, of how many, and the events that have completed; absent: it comes once */
      spikes?: { begun: number; count: number; completed: number };
      /** absent: nothing limits the cost */
      spending?: Spending;
    }
  | {
      phase: "drain";
      /** on the target's clock, since the burst */
      elapsedMs: number;
      total: number;
      completed: number;
      dead: number;
      /** messages in the queues by CloudWatch's latest minute; null: not known */
      backlog: number | null;
      /** absent: nothing limits the cost */
      spending?: Spending;
    }
  | { phase: "measure" }
  /** the wait for CloudWatch; the remaining time is that to its latest end, on the target's clock */
  | { phase: "metrics"; remainingMs: number }
  | { phase: "repeat"; done: number; runs: number }
  | { phase: "teardown"; kept: boolean };

export type Progress = (update: ProgressUpdate) => void;

/** Tells nobody. */
export const noProgress: Progress = () => {};
