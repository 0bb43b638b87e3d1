/** `throttle-bench database`: opens the embedded Postgres for other programs, and makes, describes and removes one in an account. */
import { randomUUID } from "node:crypto";
import { readFile } from "node:fs/promises";
import { type Capacity, capacityOf } from "../../database/capacity.ts";
import { openEmbeddedPostgres } from "../../database/embedded.ts";
import { Invocations } from "../../database/invocations.ts";
import { BenchError, exitStatus, messageOf } from "../../errors.ts";
import { databaseCostPerHour } from "../../metrics/cost-ahead.ts";
import { type DatabaseAddress, databaseStackName, deployDatabase, findDatabase } from "../../stacks/database.ts";
import { deleteStack, describeDeletion } from "../../stacks/deletion.ts";
import { kindOf, ownStacks, removalOf } from "../../stacks/stack.ts";
import type { Account } from "../../targets/target.ts";
import { homeDirectory } from "../directories.ts";
import type { FlagsOf } from "../flags/flag.ts";
import { account, creation, removal } from "../flags/place.ts";
import { badUsage, quoted, text } from "../flags/values.ts";
import { print, tell, toJson } from "../output.ts";
import { openAccountToCreate, withAccount } from "../running/account.ts";
import { callerAddress } from "../running/address.ts";
import { databaseAt } from "../running/chosen-database.ts";
import { askToCreate, askToRemove, whereOf } from "../running/consent.ts";
import { untilAborted, watchForInterruption } from "../running/interruption.ts";
import { openProgress } from "../running/progress.ts";
import { defineVerb, type Verb } from "../verb.ts";

// Both the source file and the bundle are two levels below the package's root.
const templateFile = new URL("../../infra/database.yaml", import.meta.url);
const instanceClassPattern = /^db\.[a-z0-9]+\.[a-z0-9]+$/;

/** The facts of the account's database, as `status --json` prints them. */
interface DatabaseFacts extends Omit<DatabaseAddress, "secret"> {
  status: string;
  createdAt: string;
  dollarsPerHour: number | null;
  /** null: this machine does not reach it, and `unreachable` says why. */
  capacity: Capacity | null;
  unreachable: string | null;
}

const setup = {
  title: "Database",
  flags: {
    address: {
      takes: "<range>",
      read: text,
      help: "who may connect besides the functions, such as 203.0.113.7/32 (default: this machine)",
    },
    instanceClass: {
      takes: "<class>",
      read: readInstanceClass,
      default: "db.t4g.small",
      help: "class of the instance",
    },
    ...creation,
  },
} as const;

type AccountFlags = FlagsOf<typeof account>;

export const verb: Verb = {
  verbs: {
    url: {
      summary: "start the embedded database and print its URL",
      ...defineVerb({
        flags: [],
        help: `The URL is the one line on stdout; it holds the password of a database that
listens on this machine's loopback only. Runs in this directory use the same
database meanwhile. Ctrl-C ends it, with status 0.

Example:
  throttle-bench database url
  psql "$URL" -c "select count(*) from invocations"  # URL: what it printed`,
        run: keepEmbeddedOpen,
      }),
    },
    up: {
      summary: "make one in the account, or let this machine's present address in",
      ...defineVerb({
        flags: [setup, account],
        help: "Example:\n  throttle-bench database up --region eu-west-1",
        run: databaseUp,
      }),
    },
    status: {
      summary: "say whether the account's is there, who reaches it, and what it costs",
      ...defineVerb({
        flags: [{ title: "Output", flags: { json: { help: "print it as JSON" } } }, account],
        help: "Example:\n  throttle-bench database status --region eu-west-1",
        run: databaseStatus,
      }),
    },
    down: {
      summary: "remove the account's and its rows",
      ...defineVerb({
        flags: [{ title: "Removal", flags: removal }, account],
        help: "Example:\n  throttle-bench database down --region eu-west-1",
        run: databaseDown,
      }),
    },
  },
  help: `The account's is encrypted and takes TLS connections only, from the functions
of runs and from one address: this machine's, or --address. Its password is made
and kept by Secrets Manager. Runs with --target aws use it when no
--database-url (or DATABASE_URL) is given. It costs money until \`database down\`,
which takes its rows with it; the records of the runs stay.

Examples:
  throttle-bench database url
  throttle-bench database up --region eu-west-1
  throttle-bench database down --region eu-west-1

Exit status: 0 done, 2 bad input, 3 the account refused, or something is left,
130 interrupted.`,
};

/** Resolves when SIGINT, SIGTERM or SIGHUP has come and the database is left. It stops when no run uses it any more. */
async function keepEmbeddedOpen(): Promise<void> {
  const interruption = watchForInterruption("Ending; interrupt again to leave at once.");
  const postgres = await openEmbeddedPostgres({ directory: homeDirectory }).catch((failure) => {
    interruption.release();
    throw failure;
  });
  // A signal's listener alone does not keep a process.
  const staying = setInterval(() => undefined, 60_000);
  try {
    const invocations = await Invocations.open(postgres.url);
    await invocations.ensureTable().finally(() => invocations.close());
    print(postgres.urlForOthers);
    tell("The rows are in the table invocations. Ctrl-C ends it.");
    await Promise.race([untilAborted(interruption.signal), postgres.lost]);
  } finally {
    clearInterval(staying);
    await postgres.close().finally(interruption.release);
  }
  tell("Stopped.");
}

function readInstanceClass(typed: string, flag: string): string {
  if (instanceClassPattern.test(typed)) return typed;
  throw badUsage(`${flag} ${quoted(typed)} is no class of an instance; give one such as db.t4g.small.`);
}

/** Makes it, or brings it up to date, and waits until this machine reaches it. */
async function databaseUp({
  instanceClass,
  address: range,
  ...flags
}: AccountFlags & FlagsOf<typeof setup>): Promise<void> {
  const address = await callerAddress(range);
  await withAccount(
    flags,
    async (account, interruption) => {
      const { signal } = interruption;
      const isThere = (await findDatabase(account, signal)) !== null;
      tell(
        `${isThere ? "To be brought up to date" : "To be created"} in ${whereOf(account)}:
  stack ${databaseStackName}: a Postgres of class ${instanceClass}, in a network of its own
  reached by functions in that network and from ${address}, by TLS only
  costs ${costOf(instanceClass)}, until \`throttle-bench database down\`; making it takes some ten minutes`,
      );
      await askToCreate(flags.yes === true, signal);
      interruption.left.add(
        `The stack ${databaseStackName} may be left; remove it with: ${removalOf(account, databaseStackName)}`,
      );
      await deploy(account, address, instanceClass, isThere, signal);
      interruption.left.clear();
      const table = await openTable(account);
      await table.ensureTable().finally(() => table.close());
      print(describe((await factsOf(account, signal))!));
    },
    openAccountToCreate,
  );
}

/** Deploys the stack. A new one that fails is removed again; one that was there before stays. */
async function deploy(
  account: Account,
  address: string,
  instanceClass: string,
  isUpdate: boolean,
  signal: AbortSignal,
): Promise<void> {
  const templateBody = await readFile(templateFile, "utf8");
  const progress = await openProgress("database", "aws", false);
  const request = { templateBody, callerAddress: address, instanceClass, clientRequestToken: randomUUID(), signal };
  try {
    await deployDatabase(account, request, (event) => progress.show({ phase: "deploy", event }));
  } catch (failure) {
    const error = signal.aborted ? new BenchError("interrupted", "Making the database was interrupted.") : failure;
    if (error instanceof BenchError && error.exitStatus !== exitStatus.badInput && !isUpdate) {
      error.cleanUp = (await remove(account)).sentence;
    }
    throw error;
  } finally {
    progress.stop();
  }
}

/** Prints what there is. Throws nothing for what is not there. */
async function databaseStatus(flags: AccountFlags & { json?: boolean }): Promise<void> {
  await withAccount(flags, async (account, { signal }) => {
    const facts = await factsOf(account, signal);
    if (flags.json) return print(toJson(facts));
    print(
      facts === null
        ? `There is no database of throttle-bench in ${whereOf(account)}; \`throttle-bench database up\` makes one.`
        : describe(facts),
    );
  });
}

/** Removes it, once somebody has agreed or `--yes` is given. Throws `target-failed` when something is left. */
async function databaseDown(flags: AccountFlags & { yes?: boolean }): Promise<void> {
  await withAccount(flags, async (account, { signal }) => {
    if ((await findDatabase(account, signal)) === null) {
      return print(`There is no database of throttle-bench in ${whereOf(account)}.`);
    }
    const runs = (await ownStacks(account, signal)).filter((stack) => kindOf(stack) === "run");
    if (runs.length > 0) {
      throw badUsage(
        `The database may be in use by ${runs.map(({ name }) => name).join(", ")}; wait for them, or remove them with \`throttle-bench clean\`.`,
      );
    }
    const rows = await rowsIn(account).catch(() => null);
    tell(`To be removed in ${whereOf(account)}: stack ${databaseStackName}, and ${rows ?? "all"} rows with it.`);
    if (!(await askToRemove("Remove it?", flags.yes === true, signal))) return;
    const { isGone, sentence } = await remove(account, signal);
    if (!isGone) throw new BenchError("target-failed", sentence);
    print(sentence);
  });
}

/** Says what became of the stack. Never rejects. */
async function remove(account: Account, signal?: AbortSignal): Promise<{ isGone: boolean; sentence: string }> {
  try {
    const deletion = await deleteStack(account, databaseStackName, { signal });
    const isGone = deletion.outcome === "deleted" || deletion.outcome === "absent";
    return { isGone, sentence: describeDeletion(databaseStackName, deletion) };
  } catch (failure) {
    const byHand = removalOf(account, databaseStackName);
    const sentence = `The stack ${databaseStackName} may be left (${messageOf(failure)}); remove it with: ${byHand}`;
    return { isGone: false, sentence };
  }
}

/** null: there is none. */
async function factsOf(account: Account, signal: AbortSignal): Promise<DatabaseFacts | null> {
  const found = await findDatabase(account, signal);
  if (found === null) return null;
  const { status, createdAt, database } = found;
  if (database === null) {
    throw new BenchError(
      "target-failed",
      `The stack ${databaseStackName} is ${status}; wait for it, or remove it with \`throttle-bench database down\`.`,
    );
  }
  const { secret: _, ...address } = database;
  const reached = await databaseAt(account, database)
    .then(({ url }) => capacityOf(url))
    .catch(messageOf);
  return {
    status,
    createdAt: new Date(createdAt).toISOString(),
    ...address,
    dollarsPerHour: databaseCostPerHour(database.instanceClass),
    capacity: typeof reached === "string" ? null : reached,
    unreachable: typeof reached === "string" ? reached : null,
  };
}

/** The table of the database that is there. */
async function openTable(account: Account): Promise<Invocations> {
  const { database } = (await findDatabase(account))!;
  const { url } = await databaseAt(account, database!);
  return Invocations.open(url);
}

async function rowsIn(account: Account): Promise<number> {
  const table = await openTable(account);
  return table.count().finally(() => table.close());
}

function describe(facts: DatabaseFacts): string {
  const { host, port, name, callerAddress, instanceClass, createdAt, capacity, unreachable } = facts;
  const reach =
    capacity === null
      ? `not from this machine: ${unreachable}`
      : `from this machine, ${capacity.tls ? "by TLS" : "without TLS"}; ${capacity.inUse} of ${capacity.connections} connections in use`;
  return [
    `The database of throttle-bench is ${host}:${port}/${name}, of class ${instanceClass}, since ${createdAt}.`,
    `  may connect  functions of runs, and ${callerAddress}`,
    `  reached      ${reach}`,
    `  costs        ${costOf(instanceClass)}, until \`throttle-bench database down\``,
    "Runs with --target aws use it when no --database-url is given.",
  ].join("\n");
}

function costOf(instanceClass: string): string {
  const perHour = databaseCostPerHour(instanceClass);
  if (perHour === null) return `what AWS takes for a ${instanceClass}, which is not known here`;
  return `about $${perHour.toFixed(3)} an hour, $${(24 * perHour).toFixed(2)} a day`;
}
