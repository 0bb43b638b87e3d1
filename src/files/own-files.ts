/** Files and directories of our own: nobody else may read them, whatever the umask says. */
import { constants } from "node:fs";
import { chmod, type FileHandle, lstat, mkdir, open } from "node:fs/promises";
import { basename, dirname, resolve } from "node:path";

/** Everything in a directory of this name is ours. */
export const ownDirectoryName = ".throttle-bench";

const ofOwner = 0o700;
const readOrWriteOfOthers = 0o066;
/** As root, the embedded database belongs to another account, which has to pass through. */
const passOfOthers = 0o011;

/**
 * Makes a directory and those above it, each of ours for its owner alone. One that is there already is closed to others where its
 * name says that it is ours; a user's own stays as the user made it. A link is the user's.
 */
export async function makeOwnDirectory(path: string): Promise<void> {
  const absolute = resolve(path);
  if (absolute === dirname(absolute)) return;
  const found = await lstat(absolute).catch(() => null);
  if (found === null) {
    await makeOwnDirectory(dirname(absolute));
    await mkdir(absolute, { mode: ofOwner }).then(
      // A umask may have taken rights of the owner.
      () => changeMode(absolute, ofOwner),
      (cause: NodeJS.ErrnoException) => {
        // Another process was faster.
        if (cause.code !== "EEXIST") throw cause;
      },
    );
    return;
  }
  if (isOurs(dirname(absolute))) await makeOwnDirectory(dirname(absolute));
  if (!found.isDirectory()) {
    // Says what stands in the way, in the system's words.
    await mkdir(absolute, { recursive: true });
    return;
  }
  const isWide = (found.mode & readOrWriteOfOthers) !== 0 || (found.mode & ofOwner) !== ofOwner;
  if (!isOurs(absolute) || !isWide) return;
  // In a directory that is somebody else's, its owner decides.
  await changeMode(
    absolute,
    ofOwner | (isRoot() && basename(absolute) === ownDirectoryName ? found.mode & passOfOthers : 0),
  ).catch(() => undefined);
}

/**
 * Changes the mode of a directory, and of nothing that somebody has put in its place since it was looked at: root would be led by a link to
 * a directory of the system.
 */
async function changeMode(directory: string, mode: number): Promise<void> {
  // Windows opens no directory, and has no modes of this kind.
  if (constants.O_DIRECTORY === undefined) return chmod(directory, mode);
  let opened: FileHandle;
  try {
    opened = await open(directory, constants.O_RDONLY | constants.O_DIRECTORY | still);
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    if (code === "ELOOP" || code === "ENOTDIR") return;
    // A umask may have taken the owner's right to read it, which stops everybody but root.
    if (code === "EACCES" && !isRoot()) return chmod(directory, mode);
    throw cause;
  }
  await opened.chmod(mode).finally(() => opened.close());
}

/** Lets other accounts pass through a directory of ours, and see nothing of it. A link is the user's. */
export async function letPass(directory: string): Promise<void> {
  const absolute = resolve(directory);
  if (isOurs(absolute) && (await lstat(absolute)).isDirectory()) await changeMode(absolute, ofOwner | passOfOthers);
}

/** Opens a file that only its owner may read. One that is there is closed to others. */
export async function openOwnFile(path: string, flags: "w" | "wx" | "a" | "a+"): Promise<FileHandle> {
  const file = await open(path, openFlags[flags], 0o600);
  // A umask may have taken rights of the owner, and an earlier version gave some to others.
  await file.chmod(0o600).catch(() => undefined);
  return file;
}

/** Writes a whole file that only its owner may read. `wx`: there has to be none yet. */
export async function writeOwnFile(path: string, content: string, flags: "w" | "wx"): Promise<void> {
  const file = await openOwnFile(path, flags);
  await file.writeFile(content).finally(() => file.close());
}

/** A link in the place of a file is not followed, and a named pipe is not waited for. */
const still = (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0);
const openFlags = {
  w: constants.O_WRONLY | constants.O_CREAT | constants.O_TRUNC | still,
  wx: constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL | still,
  a: constants.O_WRONLY | constants.O_CREAT | constants.O_APPEND | still,
  "a+": constants.O_RDWR | constants.O_CREAT | constants.O_APPEND | still,
};

function isOurs(path: string): boolean {
  return basename(path) === ownDirectoryName || (path !== dirname(path) && isOurs(dirname(path)));
}

function isRoot(): boolean {
  return process.geteuid?.() === 0;
}
