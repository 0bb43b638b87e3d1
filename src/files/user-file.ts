/** Files that somebody names: read whole, in a bounded time and with a bounded size, or not at all. */
import { closeSync, constants, fstatSync, openSync, readSync, type Stats } from "node:fs";

/** Why a file is not read. The message is a clause about it, such as `it is a directory`, without a full stop. */
export class UnreadableFile extends Error {
  override readonly name = "UnreadableFile";

  constructor(
    message: string,
    /** true: there is nothing of this name */
    readonly isMissing: boolean,
    options?: { cause?: unknown },
  ) {
    super(message, options);
  }
}

/** Templates, settings and questions that people write are a hundredth of that. */
export const mostBytesOfText = 4_000_000;
/** A plan of Terraform for a large system has some ten megabytes. */
export const mostBytesOfPlan = 64_000_000;
/** A record has some hundred kilobytes, and a file may hold many. */
export const mostBytesOfRecords = 256_000_000;

const chunkBytes = 1 << 16;
/** The system answers that a pipe has nothing yet. */
const pauseMs = 5;

/** @throws UnreadableFile for whatever is no file, and for one that is larger than `mostBytes`, or grows beyond that while it is read */
export function readUserFile(path: string, mostBytes: number): Buffer {
  const own = ownDescriptor(path);
  if (own !== null) return readDescriptor(own, mostBytes);
  const descriptor = open(path);
  try {
    requireFile(fstatSync(descriptor));
    return readUpTo(descriptor, mostBytes);
  } finally {
    closeSync(descriptor);
  }
}

/** As text in UTF-8, without the mark that some editors put before it. @throws UnreadableFile as `readUserFile` does */
export function readUserText(path: string, mostBytes: number): string {
  return readUserFile(path, mostBytes)
    .toString("utf8")
    .replace(/^\uFEFF/, "");
}

/** Reads what a shell has opened for this process: stdin, a pipe, or a file. @throws UnreadableFile as `readUserFile` does */
export function readDescriptor(descriptor: number, mostBytes: number): Buffer {
  let stats: Stats;
  try {
    stats = fstatSync(descriptor);
  } catch (cause) {
    throw new UnreadableFile("it is not open", true, { cause });
  }
  const isStream = stats.isFIFO() || stats.isSocket() || stats.isCharacterDevice();
  if (!isStream) requireFile(stats);
  return readUpTo(descriptor, mostBytes);
}

/** The descriptor behind `/dev/stdin`, or behind `<(command)` of a shell; null: the path is any other. */
function ownDescriptor(path: string): number | null {
  if (path === "/dev/stdin") return 0;
  const [, number] = /^(?:\/dev\/fd|\/proc\/self\/fd)\/(\d{1,4})$/.exec(path) ?? [];
  return number === undefined ? null : Number(number);
}

/** Without waiting for whoever might write into a named pipe. */
function open(path: string): number {
  try {
    return openSync(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0) | (constants.O_NOCTTY ?? 0));
  } catch (cause) {
    const { code = "" } = cause as NodeJS.ErrnoException;
    throw new UnreadableFile(reasons[code] ?? `the system says ${code}`, code === "ENOENT", { cause });
  }
}

const reasons: Record<string, string> = {
  ENOENT: "there is no such file",
  ENOTDIR: "there is no such file",
  EACCES: "you may not read it",
  EPERM: "you may not read it",
  ELOOP: "its links lead in a circle",
  ENAMETOOLONG: "its name is too long",
  EISDIR: "it is a directory",
  ENXIO: "it is no file but a socket or a device",
  ERR_INVALID_ARG_VALUE: "its name has a NUL in it",
};

function requireFile(stats: Stats): void {
  if (stats.isFile()) return;
  const what = stats.isDirectory()
    ? "a directory"
    : stats.isFIFO()
      ? "no file but a named pipe"
      : stats.isSocket()
        ? "no file but a socket"
        : "no file but a device";
  throw new UnreadableFile(`it is ${what}`, false);
}

/** To its end. The size that the system tells is not asked: a file may grow, and some tell none. */
function readUpTo(descriptor: number, mostBytes: number): Buffer {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for (;;) {
    const chunk = Buffer.allocUnsafe(Math.min(Math.max(chunkBytes, bytes), mostBytes + 1 - bytes));
    const count = readSome(descriptor, chunk);
    if (count === 0) return Buffer.concat(chunks);
    chunks.push(chunk.subarray(0, count));
    bytes += count;
    if (bytes > mostBytes) {
      throw new UnreadableFile(`it has more than the ${mostBytes / 1e6} MB that are read`, false);
    }
  }
}

function readSome(descriptor: number, into: Buffer): number {
  for (;;) {
    try {
      return readSync(descriptor, into);
    } catch (cause) {
      const { code = "" } = cause as NodeJS.ErrnoException;
      if (code === "EOF") return 0;
      if (code !== "EAGAIN") throw new UnreadableFile(reasons[code] ?? `the system says ${code}`, false, { cause });
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, pauseMs);
    }
  }
}

/** @throws UnreadableFile that says where it is no JSON, and nothing of what it holds */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    const [, position] = /at position (\d+)/.exec((cause as Error).message) ?? [];
    const line = position === undefined ? "" : `, see line ${text.slice(0, Number(position)).split("\n").length}`;
    // The cause quotes the text.
    throw new UnreadableFile(`it is no whole JSON${line}`, false);
  }
}
