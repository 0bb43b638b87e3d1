/** Finds the causes of failures in the lines of the consumer's log. */
import type { CountedErrors, ErrorCause } from "../model.ts";

/**
 * The terms of which every line has one that tells of a failure, as a filter pattern of CloudWatch Logs: Lambda's own, the runtime's for
 * what a handler throws, and the consumer's for an event.
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/FilterAndPatternSyntax.html
 */
export const failurePattern = '?"Task timed out" ?"Runtime exited" ?"ERROR" ?"failed"';

const longestMessage = 300;

/** In the words of Postgres, of pg and of Node.js. */
const connectionWords =
  /too many (clients|connections)|remaining connection slots|connection terminated|trying to connect|connection timeout|ECONN|ETIMEDOUT|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH/i;

const memoryWords = /signal: killed|out of memory|OutOfMemory/;

/** One failure: its cause, and what was logged of it. */
interface Failure {
  cause: ErrorCause;
  message: string;
}

/** Counts failures by their cause, line by line. */
export class ErrorCounts {
  readonly #counts = new Map<ErrorCause, CountedErrors & { firstAt: number }>();

  /** `at`: when the line was written, ms. */
  add(line: string, at: number): void {
    const failure = failureIn(line);
    if (failure === null) return;
    const { cause } = failure;
    const known = this.#counts.get(cause);
    const firstMessage = failure.message.slice(0, longestMessage);
    if (known === undefined) this.#counts.set(cause, { cause, count: 1, firstMessage, firstAt: at });
    else if (at < known.firstAt) this.#counts.set(cause, { cause, count: known.count + 1, firstMessage, firstAt: at });
    else known.count++;
  }

  /** The most frequent first; equal ones by name. */
  get all(): CountedErrors[] {
    return [...this.#counts.values()]
      .sort((one, other) => other.count - one.count || (one.cause < other.cause ? -1 : 1))
      .map(({ cause, count, firstMessage }) => ({ cause, count, firstMessage }));
  }
}

/** null: the line tells of no failure, or of one that another line tells more of. */
export function failureIn(line: string): Failure | null {
  const timeout = /Task timed out after [\d.]+ seconds/.exec(line);
  if (timeout) return { cause: "timed-out", message: timeout[0] };
  const exit = /Runtime exited .*/.exec(line);
  if (exit) return { cause: memoryWords.test(line) ? "memory" : "thrown", message: exit[0] };
  const event = /\bRecord \S+ failed: ([\s\S]*?)\s*$/.exec(line);
  if (event) return { cause: causeOf(event[1]!), message: event[1]! };
  const thrown = /\bERROR\b[^{]*(\{[\s\S]*\})\s*$/.exec(line);
  return thrown && thrownIn(thrown[1]!);
}

function thrownIn(json: string): Failure | null {
  const error = parsed(json);
  if (error === null) return null;
  const { errorType = "Error", errorMessage = "" } = error;
  // Each of these events has a line of its own.
  if (/^\d+ of the records failed|^The (downstream|limiter) /.test(errorMessage)) return null;
  const message = errorMessage || errorType;
  if (/^Runtime\.(ImportModuleError|HandlerNotFound|UserCodeSyntaxError)$/.test(errorType)) {
    return { cause: "not-loaded", message };
  }
  return { cause: causeOf(message), message };
}

function parsed(json: string): { errorType?: string; errorMessage?: string } | null {
  try {
    return JSON.parse(json);
  } catch {
    return null;
  }
}

function causeOf(message: string): ErrorCause {
  if (message.startsWith("The limiter refused ")) return "limited";
  if (message.startsWith("The downstream refused ")) return "refused";
  if (message.startsWith("The downstream failed ")) return "failed-call";
  if (memoryWords.test(message)) return "memory";
  return connectionWords.test(message) ? "connection" : "thrown";
}
