/** Opens what simulates for a verb. */
import type { Simulating } from "../../simulation/simulating.ts";
import { Simulators } from "../../simulation/workers.ts";
import type { FlagsOf } from "../flags/flag.ts";
import type { workers } from "../flags/workers.ts";

/** What the verb's flags choose, for as long as `work` goes on. Throws what `work` throws. */
export async function withSimulators<Result>(
  flags: FlagsOf<typeof workers>,
  work: (simulators: Simulating) => Promise<Result>,
): Promise<Result> {
  const simulators: Simulating = new Simulators(flags.workers);
  try {
    return await work(simulators);
  } finally {
    await simulators.close();
  }
}
