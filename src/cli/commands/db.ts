/** `throttle-bench db`: the embedded database, for psql, Grafana or whatever else reads Postgres. */
import type { Command } from "commander";

const notes = `
The URL is the one line on stdout; it holds the password of a database that listens on this machine's loopback only. Runs in this
directory use the same database meanwhile. Ctrl-C ends it, with status 0.

Example:
  throttle-bench db
  psql "$URL" -c "select group_id, count(*) from invocations group by 1"     # with URL what it printed`;

export function addDb(program: Command): void {
  program
    .command("db")
    .description("start the embedded database and print its URL")
    .addHelpText("after", notes)
    .action(async () => {
      const { keepDatabaseOpen } = await import("../db.ts");
      const { print } = await import("../output.ts");
      await keepDatabaseOpen((url) => {
        print(url);
        process.stderr.write("The rows are in the table invocations. Ctrl-C ends it.\n");
      });
    });
}
