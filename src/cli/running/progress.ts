/** Shows the progress of a run on stderr: a spinner on a terminal, and in a log a line now and then of a run on an account. */
import type { TargetName } from "../../model.ts";
import type { Progress, ProgressUpdate } from "../../steps/progress.ts";
import type { Retry, RetryListener } from "../../targets/target.ts";

export interface ProgressDisplay {
  show: Progress;
  onRetry: RetryListener;
  stop(): void;
}

/** Shows retries alone, because they hold a run up. */
const quiet: ProgressDisplay = { show: () => undefined, onRetry: tellRetry, stop: () => undefined };

/** A log has a line for each phase, and further lines of a phase at least this far apart. */
const betweenLinesMs = 60_000;

/** `isAlone`: nothing else shows its progress meanwhile. Else each has its lines, because a terminal has room for one spinner. */
export async function openProgress(
  scenario: string,
  target: TargetName,
  isQuiet: boolean,
  isAlone = true,
): Promise<ProgressDisplay> {
  // A terminal that does not know its width, as some that programs open, says 0.
  const isTerminal = process.stderr.isTTY && process.stderr.columns !== 0;
  // A prediction is over before a line of its log could be read.
  if ((!isTerminal || !isAlone) && target === "aws") return inLines(scenario, target);
  if (isQuiet || !isTerminal) return quiet;
  const { default: ora } = await import("ora");
  const colour = process.stderr.hasColors() ? "cyan" : false;
  // Discarding stdin would take Ctrl-C away from the terminal.
  const spinner = ora({ text: `${scenario}: opening the target`, color: colour, discardStdin: false }).start();
  return {
    show: (update) => {
      spinner.text = `${scenario}: ${progressText(update, target)}`;
    },
    onRetry: (retry) => {
      spinner.text = `${scenario}: ${retryText(retry)}`;
    },
    stop: () => {
      spinner.stop();
    },
  };
}

function inLines(scenario: string, target: TargetName): ProgressDisplay {
  let phase: ProgressUpdate["phase"] | null = null;
  let writtenAt = 0;
  return {
    show: (update) => {
      const now = Date.now();
      if (update.phase === phase && now - writtenAt < betweenLinesMs) return;
      phase = update.phase;
      writtenAt = now;
      process.stderr.write(`${scenario}: ${progressText(update, target)}\n`);
    },
    onRetry: (retry) => {
      process.stderr.write(`${scenario}: ${retryText(retry)}\n`);
    },
    stop: () => undefined,
  };
}

/** Tells of a retry on stderr, for commands that show nothing else while they work. */
export function tellRetry(retry: Retry): void {
  process.stderr.write(`${retryText(retry)}\n`);
}

/** `CloudFormation: Rate exceeded; trying again in 4 s (5 of 8)`. */
export function retryText({ service, reason, pauseMs, attempt, attempts }: Retry): string {
  return `${service}: ${reason.replace(/\.$/, "")}; trying again in ${pauseMs / 1000} s (${attempt} of ${attempts})`;
}

/** One line; `12:05 virtual, 310 of 1000 completed, 2 dead, 40 queued`. */
export function progressText(update: ProgressUpdate, target: TargetName): string {
  switch (update.phase) {
    case "deploy":
      return `deploying, ${update.event.logicalId} ${update.event.status}`;
    case "code":
      return `uploading the code of ${update.functionName}`;
    case "fire": {
      const { events, published, shards, reported, spikes } = update;
      if (spikes !== undefined) {
        const { begun, count, completed } = spikes;
        return `${begun} of ${count} spikes fired, ${published} of ${events} events published, ${completed} completed`;
      }
      if (shards === 1) return `publishing ${events} events`;
      return `publishing ${events} events in ${shards} shards, ${published} published, ${reported} shards done`;
    }
    case "drain": {
      const { elapsedMs, total, completed, dead, backlog } = update;
      const time = `${minutesOf(elapsedMs)}${target === "local" ? " virtual" : ""}`;
      const queued = backlog === null ? "" : `, ${backlog} queued`;
      return `${time}, ${completed} of ${total} completed, ${dead} dead${queued}`;
    }
    case "measure":
      return "reading rows and metrics";
    case "metrics":
      return `waiting for CloudWatch's last minutes, ${minutesOf(update.remainingMs)} at most; --no-wait skips this`;
    case "repeat":
      return `${update.done} of ${update.runs} runs`;
    case "teardown":
      return update.kept ? "leaving the stack" : "deleting the stack";
  }
}

/** `12:05`, minutes and seconds. */
function minutesOf(ms: number): string {
  const seconds = Math.floor(ms / 1000);
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
}
