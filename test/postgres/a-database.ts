/** A database of a test's own, on the one Postgres that all tests share. */
import pg from "pg";
import { inject } from "vitest";

export interface TestDatabase {
  url: string;
  name: string;
  /** Drops it, whoever is still connected. */
  close(): Promise<void>;
}

/** The URL by which the server knows a session as the application's. */
export function urlAs(application: string, url: string): string {
  const named = new URL(url);
  named.searchParams.set("application_name", application);
  return named.href;
}

let databases = 0;

/** An empty database; the caller closes it. */
export async function openDatabase(): Promise<TestDatabase> {
  const url = new URL(inject("postgresUrl"));
  const name = `test_${process.pid}_${++databases}`;
  await onServer(`create database ${name}`);
  url.pathname = `/${name}`;
  return { url: url.href, name, close: () => onServer(`drop database ${name} with (force)`) };
}

async function onServer(statement: string): Promise<void> {
  const client = new pg.Client(inject("postgresUrl"));
  await client.connect();
  try {
    await client.query(statement);
  } finally {
    await client.end();
  }
}
