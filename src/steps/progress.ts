/** What a run tells its watcher while it goes on. */
import type { StackEvent } from "../model.ts";

export type ProgressUpdate =
  | { phase: "deploy"; event: StackEvent }
  | { phase: "code"; functionName: string }
  | {
      phase: "fire";
      events: number;
      /** events, as far as their shards have reported */
      published: number;
      shards: number;
      /** shards that have ended */
      reported: number;
    }
  | {
      phase: "drain";
      /** on the target's clock, since the burst */
      elapsedMs: number;
      total: number;
      completed: number;
      dead: number;
      /** messages in the queue by CloudWatch's latest minute; null: not known */
      backlog: number | null;
    }
  | { phase: "measure" }
  /** of the wait for CloudWatch until its latest end, on the target's clock */
  | { phase: "metrics"; remainingMs: number }
  | { phase: "repeat"; done: number; runs: number }
  | { phase: "teardown"; kept: boolean };

export type Progress = (update: ProgressUpdate) => void;

/** Tells nobody. */
export const noProgress: Progress = () => {};
