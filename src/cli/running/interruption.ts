/** Turns Ctrl-C, and the closing of a terminal, into a signal to stop and clean up. */
import { BenchError, exitStatus } from "../../errors.ts";

export interface Interruption {
  readonly signal: AbortSignal;
  /** The texts that another interruption prints: each names what is left behind and the command that removes it. */
  readonly left: Set<string>;
  /** Gives the signals their usual meaning back. */
  release(): void;
  /** Ends the runs as a signal would, for another reason, which is told. It changes nothing where they are being ended already. */
  stop(said: string, reason: BenchError): void;
}

/** npx passes on the signal that the terminal has sent already, so that one Ctrl-C can arrive twice. */
export const echoMs = 1_000;

const interruptions = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

const cleaningUp = "Interrupted: cleaning up; interrupt again to leave at once, with what was created left behind.";

/** Resolves when the signal is aborted, also when it has been already. */
export function untilAborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener("abort", () => resolve(), { once: true });
  });
}

/** From now on the first of these signals aborts the run's, and `said` is told; another one, later, leaves at once. */
export function watchForInterruption(said = cleaningUp): Interruption {
  const controller = new AbortController();
  let interruptedAt: number | null = null;
  const stop = (text: string, reason: BenchError) => {
    if (interruptedAt !== null) return;
    interruptedAt = Date.now();
    process.stderr.write(`\n${text}\n`);
    controller.abort(reason);
  };
  const interrupt = () => {
    if (interruptedAt === null) stop(said, new BenchError("interrupted", "The run was interrupted."));
    else if (Date.now() - interruptedAt > echoMs) {
      for (const text of interruption.left) process.stderr.write(`${text}\n`);
      process.exit(exitStatus.interrupted);
    }
  };
  for (const name of interruptions) process.on(name, interrupt);
  const interruption: Interruption = {
    left: new Set(),
    signal: controller.signal,
    stop,
    release: () => {
      for (const name of interruptions) process.off(name, interrupt);
    },
  };
  return interruption;
}
