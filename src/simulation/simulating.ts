/** The seam of everything that simulates in numbers: the figures of many simulations, whoever makes them. */
import type { Figures } from "../model.ts";
import type { Plan, Variation } from "./simulate.ts";

export interface Simulating {
  /**
   * The figures of each variation, in their order, and the same whoever makes them. Variations are taken as there is room for them, so
   * that however many there are, few are in memory. Several plans may be simulated at a time.
   * @throws BenchError of the first variation that failed, after the figures of those before it; and the signal's reason.
   */
  figures(plan: Plan, variations: Iterable<Variation>, signal?: AbortSignal): AsyncGenerator<Figures, void>;

  /** Ends whatever was begun. */
  close(): Promise<void>;
}
