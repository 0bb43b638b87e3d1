/** The embedded database's files: their place, their owner, and how they are made the first time. */
import { createHash, randomBytes } from "node:crypto";
import {
  chmod,
  chown,
  lstat,
  mkdir,
  readFile,
  readlink,
  realpath,
  rm,
  stat,
  symlink,
  writeFile,
} from "node:fs/promises";
import { join } from "node:path";
import { BenchError } from "../errors.ts";
import { letPass, makeOwnDirectory } from "../files/own-files.ts";
import { type Account, canReach, ownPlace, serverAccount } from "./account.ts";
import { makeDraft, removeLeftDrafts, renameUnlessThere } from "./drafts.ts";
import { executable, findPrograms, run } from "./programs.ts";
import { ignore } from "./system-error.ts";

export const superuser = "bench";

export interface Cluster {
  /** Holds the other three; removing it removes the database. */
  place: string;
  /** PostgreSQL's data directory. */
  data: string;
  log: string;
  password: string;
  account: Account | undefined;
}

/** Opens the cluster at `<directory>/postgres`, and makes it if there is none. */
export async function openCluster(directory: string): Promise<Cluster> {
  const account = await serverAccount();
  await makeOwnDirectory(directory);
  if (account) await letPass(directory);
  const place = await locate(await realpath(directory), account);
  await removeLeftDrafts(place);
  let password = await readPassword(place);
  if (password === undefined) {
    await initialise(place, account);
    password = await readFile(join(place, "password"), "utf8");
  }
  return clusterAt(place, password, account);
}

/** The place of the cluster at `<directory>/postgres`, which is perhaps still to be made there; undefined: the directory is gone. */
export async function placeOf(directory: string): Promise<string | undefined> {
  const real = await realpath(directory).catch(ignore("ENOENT"));
  return real && locate(real, await serverAccount());
}

/** The cluster at a place as `placeOf` gives it; undefined: there is none. */
export async function existingCluster(place: string): Promise<Cluster | undefined> {
  const password = await readPassword(place);
  return password === undefined ? undefined : clusterAt(place, password, await serverAccount());
}

function clusterAt(place: string, password: string, account: Account | undefined): Cluster {
  return { place, data: join(place, "data"), log: join(place, "server.log"), password, account };
}

/** `<directory>/postgres`. If the server's account cannot reach that, it is a link to a directory elsewhere, which is returned. */
async function locate(directory: string, account: Account | undefined): Promise<string> {
  const place = join(directory, "postgres");
  if ((await readlink(place).catch(ignore("ENOENT", "EINVAL"))) !== undefined) {
    const linked = await realpath(place).catch(ignore("ENOENT"));
    if (linked) return linked;
    // A system that cleans its temporary directories leaves a link to nothing.
    await rm(place, { force: true });
  }
  if (!account || (await canReach(account, directory))) return place;
  const hash = createHash("sha256").update(directory).digest("hex").slice(0, 16);
  const elsewhere = join(await ownPlace(account), `data-${hash}`);
  await symlink(elsewhere, place).catch(ignore("EEXIST"));
  if ((await lstat(place).catch(ignore("ENOENT")))?.isDirectory()) {
    throw new BenchError(
      "database-failed",
      `PostgreSQL may not run as root, and the account it runs as cannot reach ${place}: make the directories above it accessible, remove ${place}, or give --database-url.`,
    );
  }
  return elsewhere;
}

/** Undefined when there is no cluster yet. */
async function readPassword(place: string): Promise<string | undefined> {
  const owner = await stat(place).catch(ignore("ENOENT"));
  // The owner of the place decides what a server does that is started in it.
  if (owner && owner.uid !== (process.geteuid?.() ?? owner.uid)) {
    throw new BenchError(
      "database-failed",
      `The embedded Postgres in ${place} belongs to another account: run as that account, remove the directory, or give --database-url.`,
    );
  }
  return readFile(join(place, "password"), "utf8").catch(ignore("ENOENT"));
}

/** Several processes may do this at once: each makes a cluster, and all use the one that gets its name first. */
async function initialise(place: string, account: Account | undefined): Promise<void> {
  const programs = await findPrograms(account);
  const draft = await makeDraft(place);
  try {
    const [data, password] = [join(draft, "data"), join(draft, "password")];
    // A umask may take rights of the owner as well.
    await chmod(draft, account ? 0o711 : 0o700);
    await mkdir(data, { mode: 0o700 });
    await chmod(data, 0o700);
    await writeFile(password, randomBytes(24).toString("base64url"), { mode: 0o600 });
    await chmod(password, 0o600);
    if (account) {
      await Promise.all([data, password].map((path) => chown(path, account.uid, account.gid)));
    }
    await run(
      join(programs, executable("initdb")),
      [
        `--pgdata=${data}`,
        `--username=${superuser}`,
        `--pwfile=${password}`,
        "--auth=scram-sha-256",
        "--encoding=UTF8",
        "--locale=C",
        "--wal-segsize=1",
        "--no-sync",
        "--no-instructions",
      ],
      account,
    );
    await renameUnlessThere(draft, place);
  } finally {
    await rm(draft, { recursive: true, force: true });
  }
}
