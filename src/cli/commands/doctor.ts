/** `throttle-bench doctor`: checks whether a run can work here and on an account, and prints the permissions that it needs. */
import { setImmediate } from "node:timers/promises";
import { describeDatabase } from "../../database/connection.ts";
import { checkAccount } from "../../doctor/account.ts";
import { type Check, maxSignatureAgeMs } from "../../doctor/check.ts";
import { checkDatabase } from "../../doctor/database.ts";
import { policyNames, policyOf } from "../../doctor/policies.ts";
import { BenchError, exitStatus, messageOf } from "../../errors.ts";
import { onOneLine } from "../../printable.ts";
import { findScenarios } from "../../scenarios/catalogue.ts";
import { reservedConcurrency } from "../../scenarios/reservation.ts";
import { settingsOf } from "../../scenarios/settings.ts";
import type { Account } from "../../targets/target.ts";
import { homeDirectory } from "../directories.ts";
import { type RunDefaults, readConfiguration } from "../flags/configuration.ts";
import type { AllFlagsOf } from "../flags/flag.ts";
import {
  type AwsChoice,
  account,
  accountFlags,
  chosenAccount,
  chosenTarget,
  database,
  type GivenDatabase,
  givenDatabase,
  refuseForLocal,
  target,
} from "../flags/place.ts";
import { badUsage, oneOf, text } from "../flags/values.ts";
import { print, tell, toJson } from "../output.ts";
import { isLoopback } from "../running/address.ts";
import { checkReach, chosenDatabase } from "../running/chosen-database.ts";
import { proxyOf } from "../running/proxy.ts";
import { defineVerb } from "../verb.ts";
import { packageVersion } from "../version.ts";

const oldestNode = 20;
const checkLimitMs = 15_000;
/** Silence is no lack of credentials, which is no fault where nobody uses an account. */
const noAnswer = `no answer within ${checkLimitMs / 1_000} s`;

interface Diagnosis {
  local: Check[];
  aws: Check[];
  localWorks: boolean;
  /** null: no account is configured. */
  awsWorks: boolean | null;
}

const groups = [
  {
    title: "Checks",
    flags: {
      target: {
        ...target,
        help: "what has to work: local or aws (default: local, and aws where credentials are found)",
      },
      databaseUrl: { ...database.databaseUrl, help: "Postgres of the runs (default: the one that `run` would use)" },
      json: { help: "print the checks as JSON" },
      bundle: {
        takes: "[file]",
        read: text,
        help: "also write what a report of a fault needs to a file, without secrets and names: read it before you send it",
      },
    },
  },
  account,
  {
    title: "Permissions",
    flags: {
      policy: {
        takes: "<name>",
        read: oneOf(policyNames),
        help: "print a least-privilege IAM policy, and check nothing: deploy, run, database or read",
      },
    },
  },
] as const;

type DoctorFlags = AllFlagsOf<typeof groups>;

export const verb = defineVerb({
  flags: groups,
  help: `Nothing is created in an account; what is tried in the database is rolled back.
The policies deploy and run together are what a run on an account needs;
database is what the database stack needs besides them, and read what
\`init --from-stack\` and \`--from-function\` ask. With --region they hold
there only.

Examples:
  throttle-bench doctor
  throttle-bench doctor --target aws --profile bench
  throttle-bench doctor --policy run --region eu-west-1 > run.json
  throttle-bench doctor --bundle report.md

Exit status: 0 what is needed is there, 2 bad input, 3 something is not ok.
Without an account, what an account lacks is listed and is no failure, unless
--target aws asks for it.`,
  async run(flags) {
    const { policy, region, json } = flags;
    if (policy !== undefined && json)
      throw badUsage("--policy prints a policy, which is JSON anyway; leave out --json.");
    if (policy !== undefined && flags.bundle !== undefined)
      throw badUsage("--policy checks nothing that a bundle would tell of; leave out --bundle.");
    if (policy === undefined) await diagnose(flags);
    else print(toJson(policyOf(policy, region === undefined ? [] : [region])));
  },
});

/** Prints every check; the exit status says whether what is asked for can work. */
async function diagnose(flags: DoctorFlags): Promise<void> {
  if (typeof flags.bundle === "string") (await import("../bundle.ts")).requireNewFile(flags.bundle);
  const defaults = (await readConfiguration()).run;
  const asked = chosenTarget(flags.target, process.env, defaults);
  if (asked === "local") refuseForLocal(flags, accountFlags);
  const choice = chosenAccount(flags, process.env, defaults);
  const givenHere = givenDatabase("local", flags, process.env);
  const givenThere = givenDatabase("aws", flags, process.env);
  if (givenThere.databaseUrl !== null) describeDatabase(givenThere.databaseUrl);
  const local = [checkNode(), ...(await limited("database here", () => checkDatabaseHere(givenHere)))];
  const aws = asked === "local" ? [] : await awsChecks(choice, givenThere);
  const diagnosis: Diagnosis = {
    local,
    aws,
    localWorks: works(local),
    awsWorks: aws.some(({ name, status, detail }) => name === "credentials" && (status === "ok" || detail === noAnswer))
      ? works(aws)
      : null,
  };
  print(flags.json ? toJson(diagnosis) : textOf(diagnosis));
  if (flags.bundle !== undefined) await bundle(flags.bundle, diagnosis, defaults);
  const awsIsWanted = asked === "aws" || (asked === null && diagnosis.awsWorks !== null);
  const fails = !diagnosis.localWorks || (awsIsWanted && diagnosis.awsWorks !== true);
  process.exitCode = fails ? exitStatus.target : exitStatus.done;
  // A check whose time was over may still wait for an answer, which would keep the process.
  // A stream tells of its failure after it has called back.
  await new Promise((resolve) => process.stdout.write("", resolve)).then(() => setImmediate());
  process.exit();
}

/** `given`: the file; true, which commander makes of a flag without its value: one that is named by the time. */
async function bundle(given: string | true, { local, aws }: Diagnosis, defaults: RunDefaults): Promise<void> {
  const { writeBundle } = await import("../bundle.ts");
  const { expected, ...others } = defaults;
  const written = Object.entries({ ...others, ...expected }).filter(([, value]) => value !== undefined);
  const path = await writeBundle(
    {
      file: given === true ? null : given,
      checks: { local, aws },
      configuration: written.length === 0 ? null : Object.fromEntries(written),
    },
    new Date(),
  );
  tell(onOneLine(`Wrote ${path}; read it through before you send it.`));
}

function works(checks: readonly Check[]): boolean {
  return checks.every(({ status }) => status !== "not ok");
}

function checkNode(): Check {
  const { node } = process.versions;
  const isOld = Number.parseInt(node, 10) < oldestNode;
  return {
    name: "versions",
    status: isOld ? "not ok" : "ok",
    detail: `throttle-bench ${packageVersion()}, Node.js ${node}`,
    remedy: isOld ? `Install Node.js ${oldestNode} or newer.` : null,
  };
}

/** The database of a local run: only whether it can be used at all. */
async function checkDatabaseHere(given: GivenDatabase): Promise<Check[]> {
  const name = "database here";
  const chosen = await chosenDatabase(given, null);
  if (chosen !== null) return [{ ...(await checkDatabase(chosen.url, Date.now))[0]!, name }];
  const { openEmbeddedPostgres } = await import("../../database/embedded.ts");
  const postgres = await openEmbeddedPostgres({ directory: homeDirectory });
  await postgres.close();
  return [{ name, status: "ok", detail: "the embedded Postgres starts", remedy: null }];
}

/** The database of a run on the account; without one, its functions have the embedded one where they are on this machine. */
async function checkDatabaseThere(
  given: GivenDatabase,
  account: Account | null,
  endpoint: string | undefined,
): Promise<Check[]> {
  const chosen = await chosenDatabase(given, account);
  if (chosen !== null) {
    checkReach(chosen.functionsUrl, endpoint);
    return checkDatabase(chosen.url, Date.now);
  }
  if (endpoint === undefined || !isLoopback(new URL(endpoint).hostname)) return [noDatabase(endpoint)];
  return [{ name: "database", status: "ok", detail: "the embedded Postgres, as checked above", remedy: null }];
}

async function awsChecks(choice: AwsChoice, given: GivenDatabase): Promise<Check[]> {
  const { openAws } = await import("../../targets/aws.ts");
  const { profile, region, endpointUrl } = choice;
  const opened: { target: Account | null } = { target: null };
  const identity = await limited("credentials", async () => {
    opened.target = await openAws({ profile, region, endpointUrl, proxy: proxyOf(process.env) });
    return identityOf(opened.target);
  });
  const { target } = opened;
  const account =
    target === null
      ? []
      : await Promise.all([
          limited("clock", async () => [await checkClock(target)]),
          checkAccount(target, reservations(), limited),
        ]);
  const database = await limited("database", () => checkDatabaseThere(given, target, endpointUrl));
  return [...identity, ...account.flat(), ...database];
}

async function identityOf({ origin, callerArn, clients }: Account): Promise<Check[]> {
  const { accountId, region } = origin.location;
  const { configuration: aws } = clients;
  const credentials = typeof aws.credentials === "function" ? await aws.credentials() : aws.credentials;
  const expiry = credentials.expiration;
  const until = expiry === undefined ? "" : `, until ${expiry.toISOString()}`;
  const isKnown = callerArn !== null;
  return [
    { name: "region", status: "ok", detail: region, remedy: null },
    { name: "credentials", status: "ok", detail: `found${until}`, remedy: null },
    {
      name: "caller",
      status: isKnown ? "ok" : "not known",
      detail: isKnown ? `${callerArn}, account ${accountId}` : "STS did not answer",
      remedy: isKnown ? null : "Look with `aws sts get-caller-identity`; the credentials may have expired.",
    },
  ];
}

/** Compares this machine's clock with the Date in an answer of AWS. */
async function checkClock({ clients }: Account): Promise<Check> {
  const { endpoint, region } = clients.configuration;
  const before = Date.now();
  const answer = await fetch(endpoint ?? `https://sts.${region}.amazonaws.com`, {
    method: "HEAD",
    redirect: "manual",
    signal: AbortSignal.timeout(checkLimitMs),
  });
  const differenceMs = Date.parse(answer.headers.get("date") ?? "") - (before + Date.now()) / 2;
  const seconds = Math.round(Math.abs(differenceMs) / 1_000);
  if (Number.isNaN(seconds)) {
    return { name: "clock", status: "not known", detail: "AWS did not say what time it is", remedy: null };
  }
  const isOff = Math.abs(differenceMs) > maxSignatureAgeMs;
  return {
    name: "clock",
    status: isOff ? "not ok" : "ok",
    detail: `${seconds} s from AWS's`,
    remedy: isOff ? "Set this machine's clock: AWS refuses requests that are signed so far off." : null,
  };
}

function noDatabase(endpoint: string | undefined): Check {
  return {
    name: "database",
    status: endpoint === undefined ? "not ok" : "not known",
    detail: "none was given",
    remedy:
      "Make one with `throttle-bench database up`, or give --database-url or DATABASE_URL of a Postgres that the functions reach.",
  };
}

/** The concurrency that each scenario reserves by its defaults. */
function reservations(): { scenario: string; reserved: number }[] {
  return findScenarios(["all"]).map((scenario) => ({
    scenario: scenario.name,
    reserved: reservedConcurrency(scenario, settingsOf(scenario, [])),
  }));
}

/** The checks, or one that says why there are none. It never rejects, and never takes longer than the limit. */
async function limited(name: string, work: () => Promise<Check[]>): Promise<Check[]> {
  let timer: NodeJS.Timeout | undefined;
  const limit = new Promise<Check[]>((resolve) => {
    const remedy = "Look at the network between this machine and there.";
    timer = setTimeout(() => resolve([{ name, status: "not ok", detail: noAnswer, remedy }]), checkLimitMs);
  });
  try {
    return await Promise.race([work(), limit]);
  } catch (failure) {
    const isRegion = name === "credentials" && failure instanceof BenchError && failure.code === "bad-usage";
    return [{ name: isRegion ? "region" : name, status: "not ok", detail: messageOf(failure), remedy: null }];
  } finally {
    clearTimeout(timer);
  }
}

function textOf({ local, aws, localWorks, awsWorks }: Diagnosis): string {
  const verdict = localWorks ? "The local target works." : "The local target does not work.";
  const account =
    aws.length === 0
      ? []
      : awsWorks === null
        ? ["", "No account is configured; for --target aws, what is missing is:", ...aws.flatMap(linesOf)]
        : ["", ...aws.flatMap(linesOf), awsWorks ? "The aws target can work." : "The aws target cannot work yet."];
  return [...local.flatMap(linesOf), verdict, ...account].join("\n");
}

function linesOf({ name, status, detail, remedy }: Check): string[] {
  const line = `${status.padEnd("not known".length)}  ${name.padEnd("database here".length)}  ${detail}`;
  return remedy === null ? [line] : [line, `${" ".repeat(26)}${remedy}`];
}
