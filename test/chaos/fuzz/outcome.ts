/** An input holds when it is taken, or refused in a sentence, in bounded time, and changes nothing that others use. */
import { BenchError } from "../../../src/errors.ts";

/** One input that did not hold. */
export interface Fault {
  what: string;
  /** makes the same input again */
  input: string;
  problem: string;
}

/** How many inputs of a kind were tried, which of them did not hold, and how many were taken. */
export interface Outcome {
  tried: number;
  taken: number;
  faults: Fault[];
}

/** A machine that others load takes ten times as long as this one alone. */
const mostMs = 10_000;
const moves = /[\p{Cc}\u{202a}-\u{202e}\u{2066}-\u{2069}]/u;
const builtIn = Object.getOwnPropertyNames(Object.prototype).length;

/** Tries one input. `call` rejects as the verb would. */
export async function tryInput(outcome: Outcome, what: string, input: string, call: () => unknown): Promise<void> {
  const startedAt = performance.now();
  let problem: string | null = null;
  try {
    await call();
    outcome.taken += 1;
  } catch (error) {
    problem = problemOf(error);
  }
  const tookMs = performance.now() - startedAt;
  if (tookMs > mostMs) problem ??= `took ${Math.round(tookMs)} ms`;
  if (Object.getOwnPropertyNames(Object.prototype).length !== builtIn)
    problem = "the prototype of all objects is polluted";
  outcome.tried += 1;
  if (problem !== null) outcome.faults.push({ what, input: input.slice(0, 4_000), problem });
}

/** null: it is a refusal as users are to see it. */
function problemOf(error: unknown): string | null {
  if (!(error instanceof BenchError)) return error instanceof Error ? (error.stack ?? error.message) : String(error);
  const { exitStatus, message } = error;
  if (exitStatus !== 2) return `ends with ${exitStatus}: ${message}`;
  const [first, ...others] = message.split("\n");
  if (message.length > 20_000) return `the message has ${message.length} letters`;
  if ([first!, ...others].some((line) => moves.test(line))) return `drives the terminal: ${JSON.stringify(message)}`;
  // A list stands below its sentence, or there is a sentence a line.
  const isList = others.every((line) => /^ {2}|\.$/.test(line));
  if (!isList || !/[.?:`]$/.test(first!)) return `is no sentence: ${JSON.stringify(message.slice(0, 500))}`;
  return null;
}

export function noOutcome(): Outcome {
  return { tried: 0, taken: 0, faults: [] };
}

/** The faults, each kind of them once. */
export function summaryOf({ faults }: Outcome): string[] {
  const kinds = new Map<string, string>();
  for (const { what, input, problem } of faults) {
    const key = `${what}: ${problem.split("\n").slice(0, 2).join(" ").slice(0, 300)}`;
    if (!kinds.has(key))
      kinds.set(key, `${key}\n${problem.split("\n").slice(1, 6).join("\n")}\n${input.slice(0, 700)}`);
  }
  return [...kinds.values()].slice(0, 10);
}
