/** Opens what simulates for a verb. */
import type { Simulating } from "../../simulation/simulating.ts";
import type { FlagsOf } from "../flags/flag.ts";
import { type ChosenWorkers, chosenWorkers, type workers } from "../flags/workers.ts";
import { tell } from "../output.ts";

/** Opens the simulators that the verb's flags choose, for as long as `work` goes on. Throws what `work` throws, and what opening a database throws. */
export async function withSimulators<Result>(
  flags: FlagsOf<typeof workers>,
  work: (simulators: Simulating) => Promise<Result>,
): Promise<Result> {
  const simulators = await openSimulators(chosenWorkers(flags));
  try {
    return await work(simulators);
  } finally {
    await simulators.close();
  }
}

async function openSimulators(chosen: ChosenWorkers): Promise<Simulating> {
  if ("threads" in chosen) {
    const { Simulators } = await import("../../simulation/workers.ts");
    return new Simulators(chosen.threads);
  }
  const { RemoteSimulators } = await import("../../simulation/remote-simulators.ts");
  return RemoteSimulators.open(chosen.databaseUrl, (where) =>
    tell(
      `No worker answers: simulations wait in ${where} for \`throttle-bench worker --database-url ...\` of this version, on any machine.`,
    ),
  );
}
