/** Shows on stderr how far work is, and how long it will take: a spinner on a terminal, and a line now and then in a log. */
import type { Spending, TargetName } from "../../model.ts";
import { progressOfSpending } from "../../reports/spending.ts";
import type { Progress, ProgressUpdate } from "../../steps/progress.ts";
import type { Retry, RetryListener } from "../../targets/target.ts";
import { isColourful } from "../output.ts";

export interface ProgressDisplay {
  show: Progress;
  onRetry: RetryListener;
  stop(): void;
}

/** Tells how much of some work is done; the first number is what was done before it began. */
export interface CountDisplay {
  /** `doing`: in place of what it was opened with. */
  show(done: number, of: number, doing?: string): void;
  stop(): void;
}

/** A line of stderr in place of the one before it. */
interface Line {
  say(text: string): void;
  stop(): void;
}

/** Shows retries alone, because they hold a run up. */
const quiet: ProgressDisplay = { show: () => undefined, onRetry: tellRetry, stop: () => undefined };

/** Further lines of one kind are at least this far apart in a log. */
const betweenLinesMs = 60_000;
/** Work that is over before has no line in a log. */
const beforeLinesMs = 10_000;
/** A shorter time says too little of what is left. */
const beforeEstimateMs = 1_000;

let isSilent = false;

/** True: from now on nothing shows its progress. Retries of a run on an account are told all the same, because they hold it up. */
export function silenceProgress(silent: boolean): void {
  isSilent = silent;
}

/** Tells how far several runs are that come one after the other. */
export interface SeriesDisplay {
  /** Stands behind the progress of each run; empty for a single one. */
  suffix(): string;
  /** A run has ended. */
  ended(): void;
}

export function openSeries(runs: number): SeriesDisplay {
  const left = countdown();
  const log = openLog();
  let done = 0;
  left(done, runs);
  return {
    suffix: () => (runs === 1 ? "" : ` (${Math.min(done + 1, runs)} of ${runs} scenarios${left(done, runs)})`),
    ended: () => {
      done++;
      if (!isSilent && !isTerminal() && done < runs) log.say(`${done} of ${runs} scenarios${left(done, runs)}`);
    },
  };
}

/** `isAlone`: nothing else shows its progress meanwhile. Else each has its lines, because a terminal has room for one spinner. */
export async function openProgress(
  scenario: string,
  target: TargetName,
  isQuiet: boolean,
  isAlone = true,
  series = openSeries(1),
): Promise<ProgressDisplay> {
  if (isSilent) return quiet;
  // A prediction is over before a line of its log could be read, unless it is one of many runs.
  if ((!isTerminal() || !isAlone) && target === "aws") return inLines(scenario, target);
  if (isQuiet) return quiet;
  const line = await openLine(`${scenario}: opening the target`);
  const left = countdown();
  const say = (text: string) => line.say(`${scenario}: ${text}${series.suffix()}`);
  return {
    show: (update) => {
      if (update.phase === "repeat") say(`${progressText(update, target)}${left(update.done, update.runs)}`);
      else if (isTerminal()) say(progressText(update, target));
    },
    onRetry: isTerminal() ? (retry) => say(retryText(retry)) : tellRetry,
    stop: line.stop,
  };
}

/** Counts, such as `sweep: 120 of 400 simulations, about 40 s left`. `what`: what is counted, such as simulations. */
export async function openCount(doing: string, what: string): Promise<CountDisplay> {
  const line = await openLine(doing);
  const left = countdown();
  return {
    show: (done, of, now = doing) => line.say(`${now}: ${done} of ${of} ${what}${left(done, of)}`),
    stop: line.stop,
  };
}

/** Says what goes on in work that has no end of its own. */
export async function openStatus(first: string): Promise<Line> {
  return openLine(first);
}

async function openLine(first: string): Promise<Line> {
  if (isSilent) return { say: () => undefined, stop: () => undefined };
  return isTerminal() ? openSpinner(first) : openLog();
}

/** A terminal that does not know its width, as some that programs open, says 0. */
function isTerminal(): boolean {
  return process.stderr.isTTY && process.stderr.columns !== 0;
}

async function openSpinner(first: string): Promise<Line> {
  const { default: ora } = await import("ora");
  const colour = isColourful(process.stderr) ? "cyan" : false;
  // Discarding stdin would take Ctrl-C away from the terminal.
  const spinner = ora({ text: first, color: colour, discardStdin: false }).start();
  return {
    say: (text) => {
      spinner.text = text;
    },
    stop: () => {
      spinner.stop();
    },
  };
}

function openLog(): Line {
  const openedAt = Date.now();
  let writtenAt = Number.NEGATIVE_INFINITY;
  return {
    say: (text) => {
      const now = Date.now();
      if (now - openedAt < beforeLinesMs || now - writtenAt < betweenLinesMs) return;
      writtenAt = now;
      process.stderr.write(`${text}\n`);
    },
    stop: () => undefined,
  };
}

/** Says how long the rest takes, at the pace from the first count to the latest; the time since the latest has passed already. */
function countdown(): (done: number, of: number) => string {
  let first: { done: number; at: number } | null = null;
  let latest = { done: Number.NaN, at: 0 };
  return (done, of) => {
    const at = Date.now();
    first ??= { done, at };
    if (done !== latest.done) latest = { done, at };
    return timeLeftText(latest.at - first.at, done - first.done, of - done, at - latest.at);
  };
}

/** `, about 40 s left`; empty where nothing can be said. `sinceMs`: since the count was made. */
export function timeLeftText(elapsedMs: number, done: number, left: number, sinceMs = 0): string {
  if (elapsedMs < beforeEstimateMs || done <= 0 || left <= 0) return "";
  const seconds = Math.ceil(((elapsedMs / done) * left - sinceMs) / 1000);
  const minutes = Math.round(seconds / 60);
  if (seconds <= 0) return "";
  if (seconds < 90) return `, about ${seconds} s left`;
  if (minutes < 90) return `, about ${minutes} min left`;
  return `, about ${Math.floor(minutes / 60)} h ${minutes % 60} min left`;
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
      const cost = costOfProgress(update.spending);
      if (spikes !== undefined) {
        const { begun, count, completed } = spikes;
        return `${begun} of ${count} spikes fired, ${published} of ${events} events published, ${completed} completed${cost}`;
      }
      if (shards === 1) return `publishing ${events} events`;
      return `publishing ${events} events in ${shards} shards, ${published} published, ${reported} shards done${cost}`;
    }
    case "drain": {
      const { elapsedMs, total, completed, dead, backlog } = update;
      const time = `${minutesOf(elapsedMs)}${target === "local" ? " virtual" : ""}`;
      const queued = backlog === null ? "" : `, ${backlog} queued`;
      return `${time}, ${completed} of ${total} completed, ${dead} dead${queued}${costOfProgress(update.spending)}`;
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

function costOfProgress(spending: Spending | undefined): string {
  return spending === undefined ? "" : `, ${progressOfSpending(spending)}`;
}

/** `12:05`, minutes and seconds. */
function minutesOf(ms: number): string {
  const seconds = Math.floor(ms / 1000);
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
}
