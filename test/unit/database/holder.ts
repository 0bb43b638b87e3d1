/** A process that uses the embedded Postgres of the directory it is given, until it is told to leave or is killed. */
import { once } from "node:events";
import { inspect } from "node:util";
import { openEmbeddedPostgres } from "../../../src/database/embedded.ts";

try {
  const postgres = await openEmbeddedPostgres({ directory: process.argv[2]! });
  process.stdout.write(`${postgres.url}\n`);
  await once(process.stdin, "data");
  await postgres.close();
  process.stdin.destroy();
} catch (error) {
  process.stderr.write(inspect(error));
  process.exitCode = 1;
}
