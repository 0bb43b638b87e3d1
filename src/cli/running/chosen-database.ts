/** The database of a command: the one that was given, else the account's own, else the embedded one of the working directory. */
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { VpcConfig } from "../../database/access.ts";
import { openEmbeddedPostgres } from "../../database/embedded.ts";
import { Invocations } from "../../database/invocations.ts";
import { rdsCertificates } from "../../database/rds-certificates.ts";
import { BenchError } from "../../errors.ts";
import { type DatabaseAddress, databaseStackName, databaseUrl, findDatabase } from "../../stacks/database.ts";
import type { Account } from "../../targets/target.ts";
import { homeDirectory } from "../directories.ts";
import type { GivenDatabase } from "../flags/place.ts";
import { isLoopback, isOnThisMachine } from "./address.ts";

export interface ChosenDatabase {
  /** Never to be printed: it holds the password. */
  url: string;
  /** What functions in an account reach it by. */
  functionsUrl: string;
  /** The network of functions that are to reach it; null: none of the account's. */
  vpc: VpcConfig | null;
}

/**
 * Reaches the database before anything is created. `account`: where the functions will be; null: in this process.
 * Throws BenchError `bad-usage` when functions cannot reach it, `database-unreachable` when we cannot.
 */
export async function withDatabase(
  { databaseUrl, functionsDatabaseUrl, vpc }: GivenDatabase,
  account: Account | null,
  work: (database: ChosenDatabase) => Promise<void>,
): Promise<void> {
  const chosen =
    databaseUrl !== null
      ? { url: databaseUrl, functionsUrl: functionsDatabaseUrl ?? databaseUrl, vpc }
      : account === null
        ? null
        : await databaseOf(account);
  if (chosen !== null) {
    if (account !== null) checkReach(chosen.functionsUrl, account.clients.configuration.endpoint);
    await (await Invocations.open(chosen.url)).close();
    return work(chosen);
  }
  if (account !== null) checkReach(null, account.clients.configuration.endpoint);
  const postgres = await openEmbeddedPostgres({ directory: homeDirectory });
  try {
    await work({ url: postgres.url, functionsUrl: postgres.url, vpc: null });
  } finally {
    await postgres.close();
  }
}

/** The database that `throttle-bench database up` has made in the account and region; null: it has made none. */
export async function databaseOf(account: Account): Promise<ChosenDatabase | null> {
  const found = await findDatabase(account);
  if (found === null) return null;
  if (found.database === null) {
    throw new BenchError(
      "target-failed",
      `The stack ${databaseStackName} is ${found.status}, and its database cannot be used; see \`throttle-bench database status\`, or give --database-url.`,
    );
  }
  return chosenOf(account, found.database);
}

export async function chosenOf(account: Account, address: DatabaseAddress): Promise<ChosenDatabase> {
  const url = await databaseUrl(account, address, await certificatesFor(address.host, account.origin.location.region));
  return { url, functionsUrl: url, vpc: address.vpc };
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
  await mkdir(homeDirectory, { recursive: true });
  await writeFile(file, certificates);
  return file;
}

/** What is known without an account: throws `bad-usage` when functions cannot reach the database that was given. */
export function checkGiven({ databaseUrl, functionsDatabaseUrl }: GivenDatabase, endpoint: string | undefined): void {
  const url = functionsDatabaseUrl ?? databaseUrl;
  if (databaseUrl !== null && url !== null) checkReach(url, endpoint);
}

/**
 * Throws `bad-usage` when functions in an account cannot reach the database: on AWS, this machine's loopback is not theirs.
 * `databaseUrl` null: the embedded one; `endpoint`: what is there in AWS's place.
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
