/** Makes and drops databases on a Postgres server, by the URL of a user who may do so. */

import { BenchError } from "../errors.ts";
import { reasonOf } from "./connection.ts";

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

/** Makes a database and the role that owns it, in place of any that have their names. Throws BenchError `database-failed`. */
export async function createDatabase(url: string, { name, username, password }: NewDatabase): Promise<void> {
  await execute(url, ({ escapeIdentifier, escapeLiteral }) => [
    `drop database if exists ${escapeIdentifier(name)} with (force)`,
    `drop role if exists ${escapeIdentifier(username)}`,
    `create role ${escapeIdentifier(username)} login password ${escapeLiteral(password)}`,
    `create database ${escapeIdentifier(name)} owner ${escapeIdentifier(username)}`,
  ]);
}

/** Drops a database and its role, if they exist. Throws BenchError `database-failed`. */
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

/** Executes one statement after the other, because making or dropping a database cannot be part of a transaction. */
async function execute(url: string, statementsOf: (escapes: Escapes) => string[]): Promise<void> {
  const { default: pg } = await import("pg");
  const client = new pg.Client({ connectionString: url });
  client.on("error", () => {});
  try {
    await client.connect();
    for (const statement of statementsOf(pg)) await client.query(statement);
  } catch (cause) {
    // The statement is left out, because it may hold a password.
    throw new BenchError(
      "database-failed",
      `The Postgres behind the model cannot make or drop a database (${reasonOf(cause)}): give a --database-url of a superuser, or leave it out.`,
    );
  } finally {
    await client.end().catch(() => {});
  }
}
