/** The work of `db`, and of `grafana`: holds the embedded database open until it is interrupted. */
import { openEmbeddedPostgres } from "../database/embedded.ts";
import { Invocations } from "../database/invocations.ts";
import { homeDirectory } from "./directories.ts";

/**
 * `announce` is told its URL once it has the table. Resolves when SIGINT, SIGTERM or SIGHUP has come and the database is left; it stops
 * when no run uses it any more.
 */
export async function keepDatabaseOpen(announce: (url: string) => void | Promise<void>): Promise<void> {
  const interrupted = new Promise<void>((resolve) => {
    for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.once(signal, () => resolve());
  });
  const postgres = await openEmbeddedPostgres({ directory: homeDirectory });
  // A signal's listener alone does not keep a process.
  const staying = setInterval(() => undefined, 60_000);
  try {
    const invocations = await Invocations.open(postgres.url);
    await invocations.ensureTable().finally(() => invocations.close());
    await announce(postgres.url);
    await interrupted;
  } finally {
    clearInterval(staying);
    await postgres.close();
  }
  process.stderr.write("Stopped.\n");
}
