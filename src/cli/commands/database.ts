/** `throttle-bench database`: a small Postgres in the account, for benchmarks without one of their own. */
import type { Command } from "commander";

export interface DatabaseFlags {
  address?: string;
  instanceClass?: string;
  yes?: boolean;
  json?: boolean;
  profile?: string;
  region?: string;
  endpointUrl?: string;
}

const notes = `
It is encrypted and takes TLS connections only, from the functions of runs and from one address: this machine's, or --address. Its
password is made and kept by Secrets Manager. Runs with --target aws use it when no --database-url (or DATABASE_URL) is given.
It costs money until \`database down\`, which takes its rows with it; the records of the runs stay.

Examples:
  throttle-bench database up --region eu-west-1
  throttle-bench database status --region eu-west-1
  throttle-bench database down --region eu-west-1

Exit status: 0 done, 2 bad input, 3 the account refused, or something is left, 130 interrupted.`;

export function addDatabase(program: Command): void {
  const database = program
    .command("database")
    .description("make, look at or remove a Postgres for benchmarks in an account")
    .addHelpText("after", notes);
  located(database.command("up").description("make it, or let this machine's present address in"))
    .option(
      "--address <range>",
      "who may connect besides the functions, such as 203.0.113.7/32 (default: this machine)",
    )
    .option("--instance-class <class>", "class of the instance", "db.t4g.small")
    .option("-y, --yes", "do not ask before creating anything")
    .action(async (flags: DatabaseFlags) => {
      const { databaseUp } = await import("../database-stack.ts");
      await databaseUp(flags);
    });
  located(database.command("status").description("say whether it is there, who reaches it, and what it costs"))
    .option("--json", "print it as JSON")
    .action(async (flags: DatabaseFlags) => {
      const { databaseStatus } = await import("../database-stack.ts");
      await databaseStatus(flags);
    });
  located(database.command("down").description("remove it and its rows"))
    .option("-y, --yes", "remove without asking")
    .action(async (flags: DatabaseFlags) => {
      const { databaseDown } = await import("../database-stack.ts");
      await databaseDown(flags);
    });
}

function located(command: Command): Command {
  return command
    .option("--profile <name>", "profile of the account (default: AWS_PROFILE)")
    .option("--region <region>", "region (default: AWS_REGION, else the profile's)")
    .option("--endpoint-url <url>", "in place of AWS, such as what `serve` prints (default: AWS_ENDPOINT_URL)");
}
