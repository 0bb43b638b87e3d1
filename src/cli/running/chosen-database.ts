/** The database of a command: the one that was given, else the account's own, else the embedded one of the working directory. */
import { join } from "node:path";
import type { VpcConfig } from "../../database/access.ts";
import { describeDatabase } from "../../database/connection.ts";
import { type EmbeddedPostgres, openEmbeddedPostgres } from "../../database/embedded.ts";
import { Invocations } from "../../database/invocations.ts";
import { rdsCertificates } from "../../database/rds-certificates.ts";
import { BenchError } from "../../errors.ts";
import { makeOwnDirectory, writeOwnFile } from "../../files/own-files.ts";
import type { DatabaseAddress } from "../../stacks/database.ts";
import type { Account } from "../../targets/target.ts";
import { homeDirectory } from "../directories.ts";
import type { GivenDatabase } from "../flags/place.ts";
import { tell } from "../output.ts";
import { isLoopback, isOnThisMachine } from "./address.ts";

export interface ChosenDatabase {
  /** Never to be printed: it holds the password. */
  url: string;
  /** Functions in an account reach it by this URL. */
  functionsUrl: string;
  /** The network of functions that are to reach it; null: none of the account's. */
  vpc: VpcConfig | null;
  /** Names it in a sentence, without the password. */
  description: string;
  /** The embedded one, which may be killed or removed; undefined: another's. */
  embedded?: EmbeddedPostgres;
}

/**
 * Reaches the database before anything is created. `account`: where the functions will be; null: in this process. `meanwhile` is
 * called while the embedded database starts, if it has to be started.
 * Throws BenchError `bad-usage` when functions cannot reach it, `database-unreachable` when we cannot.
 */
export async function withDatabase(
  given: GivenDatabase,
  account: Account | null,
  work: (database: ChosenDatabase) => Promise<void>,
  meanwhile?: () => Promise<unknown>,
): Promise<void> {
  const chosen = await chosenDatabase(given, account);
  if (account !== null) checkReach(chosen?.functionsUrl ?? null, account.clients.configuration.endpoint);
  if (chosen !== null) {
    await (await Invocations.open(chosen.url)).close();
    return work(chosen);
  }
  const embedded = await openEmbeddedPostgres({ directory: homeDirectory, meanwhile });
  const { url, urlForOthers } = embedded;
  const description = `the embedded Postgres under ${homeDirectory}`;
  try {
    await work({ url, functionsUrl: urlForOthers, vpc: null, description, embedded });
  } catch (failure) {
    // The failure of the work is told, whether or not the server stops.
    await embedded.close().catch(() => {});
    throw await embedded.explained(failure);
  }
  await embedded.close();
}

/** The given database, else the account's own; null: the embedded one. Throws `bad-usage` for a malformed URL. */
export async function chosenDatabase(
  { databaseUrl: url, functionsDatabaseUrl, vpc }: GivenDatabase,
  account: Account | null,
): Promise<ChosenDatabase | null> {
  if (url === null) return account === null ? null : databaseInAccount(account);
  const description = `the database ${describeDatabase(url)}`;
  return { url, functionsUrl: functionsDatabaseUrl ?? url, vpc, description };
}

/** Says where rows go, before the first is written. */
export function tellWhereRowsGo({ description }: ChosenDatabase): void {
  tell(`Rows go to ${description}.`);
}

/** The database that `throttle-bench database up` has made in the account and region; null: it has made none. */
async function databaseInAccount(account: Account): Promise<ChosenDatabase | null> {
  const { databaseStackName, findDatabase } = await import("../../stacks/database.ts");
  const found = await findDatabase(account);
  if (found === null) return null;
  if (found.database === null) {
    throw new BenchError(
      "target-failed",
      `The stack ${databaseStackName} is ${found.status}, and its database cannot be used; see \`throttle-bench database status\`, or give --database-url.`,
    );
  }
  return databaseAt(account, found.database);
}

/** The way to a database of an account: its URL with the password, and the network of functions that reach it. */
export async function databaseAt(account: Account, address: DatabaseAddress): Promise<ChosenDatabase> {
  const { databaseUrl } = await import("../../stacks/database.ts");
  const url = await databaseUrl(account, address, await certificatesFor(address.host, account.origin.location.region));
  return { url, functionsUrl: url, vpc: address.vpc, description: `the database ${describeDatabase(url)}` };
}

/** The file that the server's certificate is checked against; null: a server on this machine, to which no network leads. */
async function certificatesFor(host: string, region: string): Promise<string | null> {
  if (isLoopback(host)) return null;
  const certificates = await rdsCertificates(region);
  if (certificates === null) {
    throw new BenchError(
      "target-failed",
      `The certificates of RDS in ${region} are not known to this version; use another region, or give --database-url with sslmode=verify-full and sslrootcert.`,
    );
  }
  const file = join(homeDirectory, `rds-${region}.pem`);
  await makeOwnDirectory(homeDirectory);
  await writeOwnFile(file, certificates, "w");
  return file;
}

/** Checks what needs no account. Throws `bad-usage` when functions cannot reach the database that was given. */
export function checkGiven({ databaseUrl, functionsDatabaseUrl }: GivenDatabase, endpoint: string | undefined): void {
  const url = functionsDatabaseUrl ?? databaseUrl;
  if (databaseUrl !== null && url !== null) checkReach(url, endpoint);
}

/**
 * Throws `bad-usage` when functions in an account cannot reach the database: on AWS, this machine's loopback is not theirs.
 * `databaseUrl` null: the embedded one; `endpoint`: stands in AWS's place.
 */
export function checkReach(databaseUrl: string | null, endpoint: string | undefined): void {
  if (endpoint !== undefined && isLoopback(new URL(endpoint).hostname)) return;
  if (databaseUrl !== null && !isOnThisMachine(databaseUrl)) return;
  const why =
    databaseUrl === null
      ? "--target aws needs a database that functions on AWS reach, and the embedded one is on this machine"
      : "The database is on this machine's loopback, where functions on AWS do not reach it";
  throw new BenchError(
    "bad-usage",
    `${why}; give --database-url (or DATABASE_URL) of one that they reach, or make one with \`throttle-bench database up\`.`,
  );
}
