/** For a file's tests: the handlers' zips with a database of their own, through a way that can be broken, and the rows in it. */
import pg from "pg";
import { afterAll, afterEach, beforeAll, describe, inject } from "vitest";
import { deploymentPackage, type HandlerName } from "../../src/steps/deployment-package.ts";
import { openDatabase, type TestDatabase } from "../aws/serving.ts";
import { type DatabaseProxy, databaseProxy } from "./database-proxy.ts";
import { endInstancesWithEachTest, Instance } from "./instance.ts";

/** One event of the bench's, as the producer's message. */
export const messageOf = (id: number, runId = "run") => JSON.stringify({ id, sentAt: 1_700_000_000_000 + id, runId });

export interface StoredRow {
  id: number;
  groupId: string;
  batchId: string;
  cacheId: string;
}

export interface Functions {
  readonly database: TestDatabase;
  readonly proxy: DatabaseProxy;
  /** Starts an instance of a handler, with what its template sets and `environment`. */
  start(handler: HandlerName, environment?: Record<string, string>): Promise<Instance>;
  /** The rows so far, in the order of their ids. */
  rows(): Promise<StoredRow[]>;
  ids(): Promise<number[]>;
  /** Asks the server itself, and not through the proxy. */
  query(statement: string): Promise<Record<string, unknown>[]>;
}

/** Registers what opens and closes the database; its table is empty in each test. */
export function functions(): Functions {
  endInstancesWithEachTest();
  let database: TestDatabase;
  let proxy: DatabaseProxy;
  let observer: pg.Client;
  beforeAll(async () => {
    database = await openDatabase();
    proxy = await databaseProxy(database.url);
    observer = new pg.Client(database.url);
    await observer.connect();
  });
  afterEach(async () => {
    proxy.way = "through";
    proxy.resetAfterBytes = Number.POSITIVE_INFINITY;
    await observer.query("truncate invocations, calls, limiters, reservations");
  });
  afterAll(async () => {
    await observer.end();
    await proxy.close();
    await database.close();
  });
  const rows = async () => {
    const { rows } = await observer.query<StoredRow>(
      `select id, group_id as "groupId", batch_id as "batchId", cache_id as "cacheId" from invocations order by id`,
    );
    return rows;
  };
  return {
    get database() {
      return database;
    },
    get proxy() {
      return proxy;
    },
    async start(handler, environment) {
      const set = { DATABASE_URL: proxy.url, GROUP: handler, WORK_MS: "0", ...environment };
      return Instance.start({ handler, zip: await deploymentPackage(handler), environment: set });
    },
    rows,
    ids: async () => (await rows()).map(({ id }) => id),
    query: async (statement) => (await observer.query(statement)).rows,
  };
}

/** Tests under AWS's runtime client; where that cannot be had, they are skipped and the title says why. */
export function underRuntime(what: string, tests: () => void): void {
  const client = inject("runtimeClient");
  if (typeof client === "string") describe.skip(`${what} (not tried: ${client})`, tests);
  else describe(what, tests);
}
