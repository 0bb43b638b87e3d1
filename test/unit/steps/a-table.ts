/** A real Postgres with the table, for tests of steps; and a stack that is nowhere. */
import pg from "pg";
import { Invocations } from "../../../src/database/invocations.ts";
import type { Stack } from "../../../src/steps/stack.ts";
import { openDatabase } from "../../postgres/a-database.ts";

export interface ATable {
  url: string;
  invocations: Invocations;
  /** For what the harness never does. */
  admin: pg.Client;
  close(): Promise<void>;
}

export async function openTable(): Promise<ATable> {
  const database = await openDatabase();
  const invocations = await Invocations.open(database.url);
  await invocations.ensureTable();
  const admin = new pg.Client(database.url);
  await admin.connect();
  return {
    url: database.url,
    invocations,
    admin,
    async close() {
      await admin.end();
      await invocations.close();
      await database.close();
    },
  };
}

/** A stack for questions to CloudWatch that the test itself answers. */
export const aStack: Stack = {
  id: "arn:aws:cloudformation:us-east-1:123456789012:stack/throttle-bench-none/0",
  name: "throttle-bench-none",
  producerFunction: "producer",
  consumerFunction: "consumer",
  queue: null,
  deadLetterQueue: null,
  deadLetterRecorderFunction: null,
  consumerMapping: null,
  stream: null,
  producerReports: null,
  events: [],
};
