/** `throttle-bench doctor`: whether a run can work here and on an account, and the permissions that it needs. */
import type { Command } from "commander";

/** The flags as commander hands them over. */
export interface DoctorFlags {
  policy?: string;
  target?: string;
  profile?: string;
  region?: string;
  endpointUrl?: string;
  databaseUrl?: string;
  json?: boolean;
}

const notes = `
Nothing is created in an account; what is tried in the database is rolled back. The policies deploy and run together are what a
run on an account needs; database is what the database stack needs besides them. With --region they hold there only.

Examples:
  throttle-bench doctor
  throttle-bench doctor --target aws --profile bench --database-url "$DATABASE_URL"
  throttle-bench doctor --policy run --region eu-west-1 > run.json

Exit status: 0 what is needed is there, 2 bad input, 3 something is not ok. Without an account, what an account lacks is listed
and is no failure, unless --target aws asks for it.`;

export function addDoctor(program: Command): void {
  program
    .command("doctor")
    .description("check what a run needs, here and on an account")
    .option("--policy <name>", "print a least-privilege IAM policy, and check nothing: deploy, run or database")
    .option("--target <target>", "what has to work: local or aws (default: local, and aws where credentials are found)")
    .option("--profile <name>", "profile of the account (default: AWS_PROFILE)")
    .option("--region <region>", "region (default: AWS_REGION, else the profile's)")
    .option("--endpoint-url <url>", "in place of AWS's endpoints, as `serve` prints it (default: AWS_ENDPOINT_URL)")
    .option("--database-url <url>", "Postgres that functions reach (default: DATABASE_URL)")
    .option("--json", "print the checks as JSON")
    .addHelpText("after", notes)
    .action(async (flags: DoctorFlags) => {
      const { diagnose, printPolicy } = await import("../doctor.ts");
      if (flags.policy !== undefined) printPolicy(flags);
      else await diagnose(flags);
    });
}
