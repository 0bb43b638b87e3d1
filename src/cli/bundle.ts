/** Gathers what `doctor --bundle` tells of this installation, and writes it to a file that only its user may read. */
import { lstatSync, readdirSync, readFileSync } from "node:fs";
import { cpus, homedir, hostname, release, totalmem, userInfo } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { type BundleFacts, bundleText, type Known } from "../doctor/bundle.ts";
import type { Check } from "../doctor/check.ts";
import { Redaction, wordsIn } from "../doctor/redaction.ts";
import { BenchError, messageOf } from "../errors.ts";
import { writeOwnFile } from "../files/own-files.ts";
import { mostBytesOfText, readUserText } from "../files/user-file.ts";
import { JournalStore } from "../records/journal.ts";
import { RecordStore } from "../records/store.ts";
import { shippedScenarios } from "../scenarios/catalogue.ts";
import { settingsIn } from "../scenarios/settings.ts";
import { buildOf } from "../simulation/build.ts";
import { numberNames } from "../targets/assumptions.ts";
import { homeDirectory, journalsDirectory, runsDirectory } from "./directories.ts";
import { requireWritable } from "./files.ts";
import { badUsage } from "./flags/values.ts";
import { packageVersion } from "./version.ts";

const newestRecords = 5;
const linesOfLog = 60;

/** A run can depend on each of these. */
const variables =
  "AWS_PROFILE AWS_REGION AWS_DEFAULT_REGION AWS_ACCESS_KEY_ID AWS_SECRET_ACCESS_KEY AWS_SESSION_TOKEN AWS_CONFIG_FILE AWS_SHARED_CREDENTIALS_FILE AWS_ENDPOINT_URL AWS_CA_BUNDLE AWS_EC2_METADATA_DISABLED AWS_WEB_IDENTITY_TOKEN_FILE AWS_MAX_ATTEMPTS DATABASE_URL THROTTLE_BENCH_TARGET NO_COLOR FORCE_COLOR CI GITHUB_ACTIONS GITHUB_STEP_SUMMARY HTTP_PROXY HTTPS_PROXY NO_PROXY NODE_OPTIONS NODE_EXTRA_CA_CERTS TMPDIR TZ LANG PGHOST PGPORT PGUSER PGPASSWORD PGSSLMODE".split(
    " ",
  );

/** Both the source file and the bundle are two levels below the package's root. */
const root = new URL("../../", import.meta.url);

export interface BundleRequest {
  /** null: one in the working directory, named by the day */
  file: string | null;
  checks: { local: readonly Check[]; aws: readonly Check[] };
  configuration: Readonly<Record<string, unknown>> | null;
}

/** A file that is there already is not written over. Throws `bad-usage`, `target-failed`; resolves with the file's path. */
export async function writeBundle({ file, checks, configuration }: BundleRequest, now: Date): Promise<string> {
  const facts = await factsOf(checks, configuration, now);
  const path = file ?? `throttle-bench-bundle-${now.toISOString().slice(0, 19).replace(/\D/g, "")}.md`;
  const text = bundleText(facts, new Redaction(wordsOfProgram(), secretsHere()), knownNames());
  try {
    await writeOwnFile(path, `${text}\n`, "wx");
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === "EEXIST") throw isThere(path);
    throw new BenchError("target-failed", `The bundle could not be written to ${path} (${messageOf(cause)}).`, {
      cause,
    });
  }
  return path;
}

/** Before the checks, which take their time. Throws `bad-usage` for a file that is there already, or that cannot be written. */
export function requireNewFile(path: string): void {
  requireWritable(path);
  if (lstatSync(path, { throwIfNoEntry: false }) !== undefined) throw isThere(path);
}

function isThere(path: string): BenchError {
  return badUsage(`${path} is there already; give --bundle another file.`);
}

async function factsOf(
  checks: BundleFacts["checks"],
  configuration: BundleFacts["configuration"],
  now: Date,
): Promise<BundleFacts> {
  const { records, problems } = await new RecordStore(runsDirectory)
    .list()
    .catch((failure: unknown) => ({ records: [], problems: [{ problem: messageOf(failure) }] }));
  return {
    date: now.toISOString().slice(0, 10),
    version: packageVersion(),
    build: await buildOf(fileURLToPath(new URL(".build/cli/simulation-worker.js", root))).catch(() => null),
    machine: {
      node: process.versions.node,
      system: `${process.platform} ${release().replace(/[^\d.].*$/, "")}`,
      architecture: process.arch,
      processors: cpus().length,
      memoryGb: Math.round(totalmem() / 1e9),
      isTerminal: process.stdout.isTTY === true,
    },
    checks,
    configuration,
    environment: variables.filter((name) => process.env[name] !== undefined),
    records: records.slice(0, newestRecords),
    problems: problems.map(({ problem }) => problem),
    waiting: (await new JournalStore(journalsDirectory).list()).length,
    log: endOfLog(),
  };
}

/** null: there is none. */
function endOfLog(): string[] | null {
  try {
    return readUserText(join(homeDirectory, "postgres", "server.log"), mostBytesOfText * 4)
      .trim()
      .split("\n")
      .slice(-linesOfLog);
  } catch {
    return null;
  }
}

/** Every word of what we ship is harmless: of the program, where it is built, and of the templates. */
function wordsOfProgram(): Set<string> {
  const texts = [
    "infra/scenarios/",
    "infra/parts/",
    ".build/cli/",
    "src/doctor/",
    "src/database/",
    "src/cli/commands/",
  ].flatMap((folder) => {
    try {
      return readdirSync(new URL(folder, root))
        .filter((name) => /\.(yaml|js|ts)$/.test(name))
        .map((name) => readFileSync(new URL(folder + name, root), "utf8"));
    } catch {
      return [];
    }
  });
  return wordsIn(texts);
}

/** Names of this user and this machine, and all that the environment holds, in lower case. */
function secretsHere(): Set<string> {
  const names = [hostname(), ...hostname().split("."), ...homedir().split(/[/\\]/), ...process.cwd().split(/[/\\]/)];
  try {
    names.push(userInfo().username);
  } catch {
    // A container's user may have no entry.
  }
  for (const [name, value = ""] of Object.entries(process.env)) {
    if (/KEY|SECRET|TOKEN|PASS|URL|USER|LOGNAME|HOST|PROFILE|ACCOUNT/i.test(name))
      names.push(...value.split(/[^\w-]+/));
  }
  return new Set(names.map((name) => name.toLowerCase()).filter((name) => name.length > 2 && !harmless.has(name)));
}

/** Parts of such values that are as good as everywhere. */
const harmless = new Set([
  "postgres",
  "postgresql",
  "http",
  "https",
  "root",
  "home",
  "true",
  "false",
  "default",
  "localhost",
]);

function knownNames(): Known {
  const scenarios = shippedScenarios();
  return {
    scenarios: scenarios.map(({ name }) => name),
    settings: [...new Set(scenarios.flatMap((scenario) => settingsIn(scenario).map(({ name }) => name)))],
    numbers: numberNames,
    regions: /^(af|ap|ca|cn|eu|il|me|mx|sa|us)(-gov)?-[a-z]{4,9}-\d$/,
  };
}
