/** Ctrl-C as a signal to stop and clean up, in place of the process's sudden end. */
import { BenchError, exitStatus } from "../errors.ts";

export interface Interruption {
  readonly signal: AbortSignal;
  /** Gives Ctrl-C its usual meaning back. */
  release(): void;
}

/** npx passes on the signal that the terminal has sent already, so that one Ctrl-C can arrive twice. */
const echoMs = 1_000;

/** From now on the first SIGINT or SIGTERM aborts the signal; another one, later, leaves at once. */
export function watchForInterruption(): Interruption {
  const controller = new AbortController();
  let interruptedAt: number | null = null;
  const interrupt = () => {
    if (interruptedAt === null) {
      interruptedAt = Date.now();
      process.stderr.write(
        "\nInterrupted: cleaning up; interrupt again to leave at once, with what was created left behind.\n",
      );
      controller.abort(new BenchError("interrupted", "The run was interrupted."));
    } else if (Date.now() - interruptedAt > echoMs) {
      process.exit(exitStatus.interrupted);
    }
  };
  process.on("SIGINT", interrupt);
  process.on("SIGTERM", interrupt);
  return {
    signal: controller.signal,
    release: () => {
      process.off("SIGINT", interrupt);
      process.off("SIGTERM", interrupt);
    },
  };
}
