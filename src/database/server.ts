/** A Postgres server by the URL of somebody who may make databases and roles on it. */

import { BenchError } from "../errors.ts";
import { reasonOf } from "./invocations.ts";

export interface NewDatabase {
  name: string;
  username: string;
  password: string;
}

/** The server's URL with another database's name in it. */
export function urlOfDatabase(url: string, name: string): string {
  const other = new URL(url);
  other.pathname = `/${encodeURIComponent(name)}`;
  return other.href;
}

/** Makes a database that belongs to a role of its own, in place of any that has their names. Throws BenchError `database-failed`. */
export async function createDatabase(url: string, { name, username, password }: NewDatabase): Promise<void> {
  await execute(url, ({ escapeIdentifier, escapeLiteral }) => [
    `drop database if exists ${escapeIdentifier(name)} with (force)`,
    `drop role if exists ${escapeIdentifier(username)}`,
    `create role ${escapeIdentifier(username)} login password ${escapeLiteral(password)}`,
    `create database ${escapeIdentifier(name)} owner ${escapeIdentifier(username)}`,
  ]);
}

/** Removes a database and its role, where they are there. Throws BenchError `database-failed`. */
export async function dropDatabase(
  url: string,
  { name, username }: Pick<NewDatabase, "name" | "username">,
): Promise<void> {
  await execute(url, ({ escapeIdentifier }) => [
    `drop database if exists ${escapeIdentifier(name)} with (force)`,
    `drop role if exists ${escapeIdentifier(username)}`,
  ]);
}

type Escapes = Pick<typeof import("pg"), "escapeIdentifier" | "escapeLiteral">;

/** One after the other, for no transaction can hold what makes or drops a database. */
async function execute(url: string, statementsOf: (escapes: Escapes) => string[]): Promise<void> {
  const { default: pg } = await import("pg");
  const client = new pg.Client({ connectionString: url });
  client.on("error", () => {});
  try {
    await client.connect();
    for (const statement of statementsOf(pg)) await client.query(statement);
  } catch (cause) {
    // Not the statement: it may hold a password.
    throw new BenchError(
      "database-failed",
      `The Postgres behind the model cannot make or drop a database (${reasonOf(cause)}): give a --database-url of a superuser, or leave it out.`,
    );
  } finally {
    await client.end().catch(() => {});
  }
}
