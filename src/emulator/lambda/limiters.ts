/** The limiters of runs, as `infra/handlers/aws/limiter.ts` has them in Postgres. */
import type { Grant, GrantRequest } from "../../../infra/handlers/ports.ts";

/** Times in microseconds, as Postgres keeps them. */
interface State {
  /** When the token bucket is full, or the next turn that is free. */
  nextAt: number;
  /** The turns of events that have been given back, by their ids. */
  readonly kept: Map<number, number>;
}

export class Limiters {
  readonly #runs = new Map<string, State>();

  /** `now`: ms since the epoch. */
  take({ runId, id, limiter, longestWaitMs }: GrantRequest, now: number): Grant {
    const { kind, intervalUs, capacity } = limiter;
    const at = now * 1_000;
    const state = this.#stateOf(runId);
    if (kind === "token-bucket") {
      const turnAt = Math.max(state.nextAt - (capacity - 1) * intervalUs, at);
      if (turnAt <= at) state.nextAt = Math.max(state.nextAt, at) + intervalUs;
      return { granted: turnAt <= at, waitMs: waitMs(turnAt - at) };
    }
    let turnAt = state.kept.get(id) ?? Number.NEGATIVE_INFINITY;
    state.kept.delete(id);
    if (turnAt < at) {
      turnAt = Math.max(state.nextAt, at);
      state.nextAt = turnAt + intervalUs;
    }
    const granted = turnAt <= at + longestWaitMs * 1_000;
    if (!granted) state.kept.set(id, turnAt);
    return { granted, waitMs: waitMs(turnAt - at) };
  }

  #stateOf(runId: string): State {
    const known = this.#runs.get(runId);
    if (known !== undefined) return known;
    const made = { nextAt: Number.NEGATIVE_INFINITY, kept: new Map<number, number>() };
    this.#runs.set(runId, made);
    return made;
  }
}

function waitMs(us: number): number {
  return Math.ceil(us / 1_000);
}
