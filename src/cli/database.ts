/** The database of a command: the one that was given, else the embedded one of the working directory. */
import { openEmbeddedPostgres } from "../database/embedded.ts";
import { Invocations } from "../database/invocations.ts";
import { homeDirectory } from "./directories.ts";

/** Reaches the database before anything is created; `work` gets its URL, which is never to be printed. */
export async function withDatabase(given: string | null, work: (url: string) => Promise<void>): Promise<void> {
  if (given !== null) {
    await (await Invocations.open(given)).close();
    return work(given);
  }
  const postgres = await openEmbeddedPostgres({ directory: homeDirectory });
  try {
    await work(postgres.url);
  } finally {
    await postgres.close();
  }
}
