/** A real Postgres with the table, in a directory of its own, for tests of steps; and a stack that is nowhere. */
import { chmod, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import pg from "pg";
import { openEmbeddedPostgres } from "../../../src/database/embedded.ts";
import { Invocations } from "../../../src/database/invocations.ts";
import type { Stack } from "../../../src/steps/stack.ts";

export interface ATable {
  url: string;
  invocations: Invocations;
  /** For what the harness never does. */
  admin: pg.Client;
  close(): Promise<void>;
}

export async function openTable(): Promise<ATable> {
  const directory = await mkdtemp(join(tmpdir(), "throttle-bench-test-"));
  // As root, the embedded Postgres belongs to another account, which has to be let in.
  await chmod(directory, 0o755);
  const postgres = await openEmbeddedPostgres({ directory });
  const invocations = await Invocations.open(postgres.url);
  await invocations.ensureTable();
  const admin = new pg.Client(postgres.url);
  await admin.connect();
  return {
    url: postgres.url,
    invocations,
    admin,
    async close() {
      await admin.end();
      await invocations.close();
      await postgres.close();
      await rm(directory, { recursive: true, force: true });
    },
  };
}

/** What CloudWatch is asked about, where it is the test that answers. */
export const aStack: Stack = {
  name: "throttle-bench-none",
  producerFunction: "producer",
  consumerFunction: "consumer",
  queue: null,
  deadLetterQueue: null,
  deadLetterRecorderFunction: null,
  producerReports: null,
  events: [],
};
