/** `throttle-bench worker`: simulates for verbs that run elsewhere with `--workers remote`. */
import { availableParallelism, hostname } from "node:os";
import { dropQueues, queueSchema } from "../../database/job-queues.ts";
import type { AllFlagsOf } from "../flags/flag.ts";
import { removal } from "../flags/place.ts";
import { badUsage, durationMs, text } from "../flags/values.ts";
import { threads } from "../flags/workers.ts";
import { tell } from "../output.ts";
import { defineVerb } from "../verb.ts";

const groups = [
  {
    title: "Worker",
    flags: {
      databaseUrl: { takes: "<url>", read: text, help: "Postgres in which simulations wait; it has to be given" },
      threads: { takes: "<n>", read: threads, help: "threads that simulate (default: one for each core)" },
      idleExit: {
        takes: "<time>",
        read: durationMs,
        help: "end when nobody has asked for so long, such as 30s (default: by Ctrl-C only)",
      },
    },
  },
  {
    title: "Removal",
    flags: {
      remove: { help: `drop the schema ${queueSchema} from the database, with all that waits in it` },
      ...removal,
    },
  },
] as const;

type WorkerFlags = AllFlagsOf<typeof groups>;

export const verb = defineVerb({
  flags: groups,
  help: `Any number of machines may work for one Postgres, for any number of verbs at a
time. A worker takes simulations of its own version only. One that dies loses
nothing: within a minute another takes what it had. Everything in Postgres is in
the schema ${queueSchema}, which --remove drops.
Ctrl-C ends it after what it has begun, with status 0; another one, at once.

Examples:
  throttle-bench worker --database-url postgresql://user:password@host/name
  throttle-bench worker --database-url "$QUEUE_URL" --idle-exit 5m`,
  run: (flags) => (flags.remove ? removeQueues(flags) : work(flags)),
});

async function work(flags: WorkerFlags): Promise<void> {
  if (flags.yes) throw badUsage("--yes goes with --remove; add that, or leave it out.");
  const url = givenUrl(flags);
  const [{ Simulators }, { RemoteWorker }, { openStatus }, { watchForInterruption }] = await Promise.all([
    import("../../simulation/workers.ts"),
    import("../../simulation/remote-worker.ts"),
    import("../running/progress.ts"),
    import("../running/interruption.ts"),
  ]);
  const simulators = new Simulators(flags.threads ?? availableParallelism());
  let status = { say: (_: string) => {}, stop: () => {} };
  const worker = await RemoteWorker.open(url, simulators, {
    done: ({ batches, simulations, underway }) =>
      status.say(`${simulations} simulations in ${batches} batches, ${underway} batches underway`),
    otherBuild: (build) =>
      tell(
        `Simulations of another build (${build}) wait, and this worker (${worker.build}) leaves them: they are for workers of the same version of throttle-bench, on the same version of Node.js.`,
      ),
  });
  const interruption = watchForInterruption(
    "Ending after what has been begun; interrupt again to leave it to other workers.",
  );
  try {
    tell(
      `${hostname()} simulates on ${simulators.threads === 1 ? "one thread" : `${simulators.threads} threads`} for whoever asks in ${worker.where} (build ${worker.build}); Ctrl-C ends it.`,
    );
    status = await openStatus("waiting for simulations");
    const { batches, simulations } = await worker.work({ signal: interruption.signal, idleMs: flags.idleExit ?? null });
    status.stop();
    tell(`Ended after ${simulations} simulations in ${batches} batches.`);
  } finally {
    status.stop();
    interruption.release();
    await Promise.all([worker.close(), simulators.close()]);
  }
}

async function removeQueues(flags: WorkerFlags): Promise<void> {
  const url = givenUrl(flags);
  const [{ describeDatabase }, { askToRemove }] = await Promise.all([
    import("../../database/connection.ts"),
    import("../running/consent.ts"),
  ]);
  const where = describeDatabase(url);
  const never = new AbortController().signal;
  if (!(await askToRemove(`Drop the schema ${queueSchema} from ${where}?`, flags.yes === true, never))) return;
  const wasThere = await dropQueues(url);
  tell(
    wasThere ? `Dropped the schema ${queueSchema} from ${where}.` : `There is no schema ${queueSchema} in ${where}.`,
  );
}

function givenUrl({ databaseUrl }: WorkerFlags): string {
  if (databaseUrl !== undefined) return databaseUrl;
  throw badUsage("A worker needs the Postgres in which simulations wait; give it by --database-url.");
}
