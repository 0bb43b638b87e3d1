/** One Postgres for all tests of a run: vitest starts it before the first test and stops it after the last. */
import { chmod, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TestProject } from "vitest/node";
import { openEmbeddedPostgres } from "../../src/database/embedded.ts";

declare module "vitest" {
  export interface ProvidedContext {
    /** The superuser's URL of the server's own database, which no test writes to. */
    postgresUrl: string;
  }
}

export default async function start(project: TestProject): Promise<() => Promise<void>> {
  const directory = await mkdtemp(join(tmpdir(), "throttle-bench-postgres-"));
  // As root, the embedded Postgres belongs to another account, which has to be let in.
  await chmod(directory, 0o755);
  const postgres = await openEmbeddedPostgres({ directory }).catch((failure) => {
    // GitHub's runners of Windows are administrators, as whom PostgreSQL refuses to run; the tests that run there need none.
    if (process.platform !== "win32") throw failure;
    return null;
  });
  if (postgres !== null) project.provide("postgresUrl", postgres.url);
  return async () => {
    await postgres?.close();
    await rm(directory, { recursive: true, force: true });
  };
}
