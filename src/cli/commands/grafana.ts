/** `throttle-bench grafana`: the one command that shows the rows in Grafana. */
import type { Command } from "commander";

export interface GrafanaFlags {
  databaseUrl?: string;
}

const notes = `
Prints a docker command that starts Grafana on http://127.0.0.1:3000 with data source and dashboard in place. What Grafana needs to
know of the database, its password too, is in .throttle-bench/grafana.env, which only you can read. With the embedded database
this command stays, so that the database does, until Ctrl-C. Containers reach a database on this machine by host networking only.

Example:
  throttle-bench grafana`;

export function addGrafana(program: Command): void {
  program
    .command("grafana")
    .description("print the command that shows the rows in Grafana")
    .option("--database-url <url>", "Postgres to read (default: DATABASE_URL, else the embedded one)")
    .addHelpText("after", notes)
    .action(async (flags: GrafanaFlags) => {
      const { grafana } = await import("../grafana.ts");
      await grafana(flags);
    });
}
