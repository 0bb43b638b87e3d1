/** Everything that can go wrong, as codes with their exit status, so that one place prints it and one number leaves. */
import { onOneLine, printable } from "./printable.ts";

/** Exit statuses of the command line. `expectation`: a comparison or an expectation failed; `target`: the target failed. */
export const exitStatus = {
  done: 0,
  expectation: 1,
  badInput: 2,
  target: 3,
  interrupted: 130,
} as const;

const statusOfCode = {
  "unknown-scenario": exitStatus.badInput,
  "unknown-setting": exitStatus.badInput,
  "bad-setting": exitStatus.badInput,
  "bad-template": exitStatus.badInput,
  "bad-usage": exitStatus.badInput,
  "no-record": exitStatus.badInput,
  "bad-record": exitStatus.badInput,
  "database-unreachable": exitStatus.target,
  "database-failed": exitStatus.target,
  "deploy-failed": exitStatus.target,
  "fire-failed": exitStatus.target,
  "target-failed": exitStatus.target,
  "over-budget": exitStatus.target,
  interrupted: exitStatus.interrupted,
} as const;

export type ErrorCode = keyof typeof statusOfCode;

/**
 * An error whose message a user can act on: what is wrong, then what to do about it.
 * `cause` is what `--verbose` shows. Secrets never go into either. What a message quotes cannot break its line, or move a cursor;
 * one with `isList` has several lines.
 */
export class BenchError extends Error {
  override readonly name = "BenchError";
  /** A sentence on what became of the things that were created; null: nothing was. */
  cleanUp: string | null = null;
  /** Where the faults of a template are; empty: it is about something else. */
  readonly faults: readonly { message: string; place: { file: string | null; line: number } }[] = [];

  constructor(
    readonly code: ErrorCode,
    message: string,
    { isList = false, ...options }: { cause?: unknown; isList?: boolean } = {},
  ) {
    super((isList ? printable : onOneLine)(bounded(message)), options);
  }

  get exitStatus(): number {
    return statusOfCode[this.code];
  }
}

/** A message may quote a value of any length. Its end says what to do. */
const [mostLetters, lettersOfEnd] = [4_000, 1_000];

function bounded(message: string): string {
  if (message.length <= mostLetters) return message;
  return `${message.slice(0, mostLetters - lettersOfEnd)} … ${message.slice(-lettersOfEnd)}`;
}

/** The text of anything thrown, for messages that pass it on. */
export function messageOf(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message || thrown.name : String(thrown);
}

/** Refusals of the system, by its codes and by the words that other programs print, and what helps. */
const cures: readonly (readonly [refusal: RegExp, cure: string])[] = [
  [/ENOSPC|EDQUOT|No space left|Disk quota/i, "make room on its disk, then run again"],
  [
    /EMFILE|ENFILE|Too many open files|insufficient file descriptors/i,
    "allow more open files, such as by `ulimit -n 1024`, then run again",
  ],
  [/ENOMEM|EAGAIN|Cannot allocate memory|Resource temporarily/i, "allow more memory and processes, then run again"],
  [/EACCES|EPERM|EROFS|Permission denied|Read-only/i, "make it accessible or work in another directory"],
  [/EEXIST|ENOTDIR|EISDIR/, "move away what is in its place"],
];

/** Names what helps against a refusal of the system, as the end of a sentence; null: the text tells of none. */
export function systemCure(text: string): string | null {
  return cures.find(([refusal]) => refusal.test(text))?.[1] ?? null;
}
