/** Who simulates: the flags of every verb whose simulations are many. */
import type { FlagGroup, FlagsOf } from "./flag.ts";
import { badUsage, type Read, text, wholeNumber } from "./values.ts";

/** The most that one process has use for. */
const mostThreads = 256;

export const threads = wholeNumber(1, mostThreads);

const threadsOrRemote: Read<number | "remote"> = (typed, flag) => (typed === "remote" ? typed : threads(typed, flag));

export const workers = {
  title: "Simulations",
  flags: {
    workers: {
      takes: "<n|remote>",
      read: threadsOrRemote,
      help: "threads that simulate, or remote: on every machine that runs `throttle-bench worker` (default: one thread for each core)",
    },
    databaseUrl: {
      takes: "<url>",
      read: text,
      help: "with --workers remote: Postgres in which simulations wait for workers",
    },
  },
} satisfies FlagGroup;

/** Threads here, or a Postgres through which others simulate. */
export type ChosenWorkers = { threads: number | undefined } | { databaseUrl: string };

/** Throws `bad-usage` for one of the flags without the other. */
export function chosenWorkers(flags: FlagsOf<typeof workers>): ChosenWorkers {
  if (flags.workers === "remote") {
    if (flags.databaseUrl !== undefined) return { databaseUrl: flags.databaseUrl };
    throw badUsage("--workers remote needs a Postgres that the workers reach; give it by --database-url.");
  }
  if (flags.databaseUrl !== undefined) {
    throw badUsage("--database-url goes with --workers remote; add that, or leave it out.");
  }
  return { threads: flags.workers };
}
