/** `throttle-bench serve`: the local model behind an HTTP port, for the AWS CLI and every SDK. */
import type { Command } from "commander";

export interface ServeFlags {
  port: string;
  host: string;
  allowRemote?: boolean;
  speed: string;
  platform: string;
  seed: string;
  region?: string;
  databaseUrl?: string;
}

const notes = `
Speed:
  1     virtual time is the wall clock's
  60    sixty virtual seconds pass in one; any whole number to 10,000
  max   as 1, but what a request waits for is skipped: an invocation, a long poll, a sleep of the bench. Whoever polls
        gets on too: each question (Describe..., Get..., List...) first lets 5 virtual seconds pass

It models CloudFormation, Lambda, SNS, SQS and CloudWatch as far as the scenarios need them, and STS's
GetCallerIdentity; whatever else is asked of it is refused by name (UnsupportedOperation). Nothing is kept but the rows in Postgres. Ctrl-C ends it, with status 0.

Example:
  throttle-bench serve --speed 60`;

export function addServe(program: Command): void {
  program
    .command("serve")
    .description("serve the local model over HTTP, for the AWS CLI and SDKs")
    .option("--port <n>", "port to listen on; 0 for any that is free", "4566")
    .option("--host <address>", "address to listen on", "127.0.0.1")
    .option("--allow-remote", "with a --host that other machines reach: let them in, unauthenticated")
    .option("--speed <n|max>", "virtual seconds per second, or max", "1")
    .option("--platform <year>", "AWS limits that the model follows, 2020 or 2026", "2026")
    .option("--seed <n>", "seed of the model's chance", "1")
    .option("--region <region>", "region that the ARNs name (default: AWS_REGION, else us-east-1)")
    .option("--database-url <url>", "Postgres to write to (default: DATABASE_URL, else the embedded one)")
    .addHelpText("after", notes)
    .action(async (flags: ServeFlags) => {
      const { serveUntilInterrupted } = await import("../serve.ts");
      await serveUntilInterrupted(flags);
    });
}
