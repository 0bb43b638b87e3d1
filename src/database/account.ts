/** The account that PostgreSQL runs as. It refuses to run as root, so root runs it as `nobody`, in a place that `nobody` can reach. */
import type { Stats } from "node:fs";
import { chmod, lstat, mkdir, readFile, realpath, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, resolve } from "node:path";
import { BenchError } from "../errors.ts";

export interface Account {
  uid: number;
  gid: number;
}

const unprivileged = "nobody";

/** The account for the server. Undefined: the server may run as this process does, which is not root. */
export async function serverAccount(): Promise<Account | undefined> {
  if (process.geteuid?.() !== 0) return undefined;
  const accounts = await readFile("/etc/passwd", "utf8").catch(() => "");
  const [, , uid, gid] = (accounts.split("\n").find((line) => line.startsWith(`${unprivileged}:`)) ?? "").split(":");
  const account = { uid: Number(uid), gid: Number(gid) };
  if (!(account.uid > 0 && account.gid > 0)) {
    throw new BenchError(
      "database-failed",
      `PostgreSQL refuses to run as root and this system has no account "${unprivileged}" to run it as: run as an ordinary user, or give --database-url.`,
    );
  }
  return account;
}

/** Resolves with true if the account may pass through every directory down to `path`, and enter or execute `path` itself. */
export async function canReach(account: Account, path: string): Promise<boolean> {
  for (let at = await realpath(path); ; at = dirname(at)) {
    const { uid, gid, mode } = await stat(at);
    const shift = uid === account.uid ? 6 : gid === account.gid ? 3 : 0;
    if (((mode >> shift) & 1) === 0) return false;
    if (at === dirname(at)) return true;
  }
}

/** `uid` undefined: the system has no such numbers, as Windows, whose temporary directories are each user's own. */
export function belongsOnlyTo(
  uid: number | undefined,
  directory: Pick<Stats, "isDirectory" | "uid" | "mode">,
): boolean {
  if (!directory.isDirectory()) return false;
  return uid === undefined || (directory.uid === uid && (directory.mode & 0o022) === 0);
}

/**
 * A directory outside the project that only we can write to and that the server's account can reach.
 * An explicit TMPDIR comes first; /var/tmp comes before /tmp because it outlives a reboot.
 */
export async function ownPlace(account: Account | undefined): Promise<string> {
  const candidates = [...new Set([process.env.TMPDIR || "/var/tmp", "/var/tmp", tmpdir()])];
  for (const candidate of candidates) {
    const place = resolve(candidate, `throttle-bench-${process.geteuid?.() ?? "all"}`);
    await mkdir(place).then(
      () => chmod(place, 0o755),
      () => undefined,
    );
    // Everybody may write to the parent, so a directory of our name may be somebody else's.
    const found = await lstat(place).catch(() => undefined);
    const isOurs = found !== undefined && belongsOnlyTo(process.geteuid?.(), found);
    if (isOurs && (!account || (await canReach(account, place)))) return place;
  }
  throw new BenchError(
    "database-failed",
    `The embedded Postgres needs a directory of its own in ${candidates.join(" or ")}, and there is none that belongs to this account alone: point TMPDIR at a directory that everyone may enter, or give --database-url.`,
  );
}
