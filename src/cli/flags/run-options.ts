/** The flags of a run, and the one checked value that they make. */
import type { GivenExpectations } from "../../metrics/expectations.ts";
import type { PlatformName } from "../../model.ts";
import { burst, type ChosenBurst, chosenBurst } from "./burst.ts";
import type { RunDefaults } from "./configuration.ts";
import { expectations, givenExpectations } from "./expectations.ts";
import { type AllFlagsOf, type FlagGroup, typedFlags } from "./flag.ts";
import { defaultPlatform, defaultSeed, type GivenNumbers, givenNumbers, model } from "./model.ts";
import { output } from "./output.ts";
import {
  type AwsChoice,
  account,
  accountFlags,
  chosenAccount,
  chosenTarget,
  creation,
  database,
  defaultMaxCost,
  functionsDatabase,
  type GivenDatabase,
  givenDatabase,
  maxCost,
  parallel,
  refuseForLocal,
  target,
} from "./place.ts";
import { system } from "./system.ts";
import { badUsage, durationMs, quoted, text, wholeNumber } from "./values.ts";

const runsWithRanges = 20;
/** https://learn.microsoft.com/en-us/windows/win32/fileio/naming-a-file */
const deviceOfWindows = /^(con|prn|aux|nul|(com|lpt)\d)$/i;
const runIdPattern = /^[A-Za-z0-9][A-Za-z0-9-]{0,62}$/;

export const repeat = {
  takes: "<n>",
  read: wholeNumber(1, 1_000),
  help: "run each scenario n times with consecutive seeds; report medians and 5-95% intervals",
} as const;

export const ranges = {
  help: "draw the numbers that AWS does not publish from their plausible ranges",
} as const;

export const timeout = {
  takes: "<time>",
  read: durationMs,
  default: "6h",
  help: "longest wait for the events, in the target's time",
} as const;

/** The groups of `run`, and so all that a run takes. */
export const runGroups = [
  burst,
  expectations,
  system,
  {
    title: model.title,
    flags: {
      ...model.flags,
      repeat,
      ranges: { help: `${ranges.help} (default: ${runsWithRanges} runs)` },
    },
  },
  { title: "Target and database", flags: { target, ...database } },
  { title: "With --target aws", flags: { ...account.flags, ...creation, maxCost, parallel, ...functionsDatabase } },
  {
    title: "Run",
    flags: {
      runId: { takes: "<id>", read: checkedRunId, help: "id of the run (default: made of time, scenario and chance)" },
      timeout,
      wait: {
        negates: true,
        help: "do not wait for CloudWatch's last minutes; `report --refresh` completes the figures later",
      },
      keep: { help: "leave the stack, for looking at it" },
      prices: { takes: "<file>", read: text, help: "another region's prices as JSON (default: those of us-east-1)" },
    },
  },
  output,
] as const satisfies readonly FlagGroup[];

export type RunFlags = AllFlagsOf<typeof runGroups>;

export interface LocalChoice {
  name: "local";
  platform: PlatformName;
  seed: number;
  /** The profile of an account to go by, as a path or a part of its name; null: the platform's own numbers. */
  calibration: string | null;
  numbers: GivenNumbers;
}

/** The target to open. Seed and platform exist only where there is a model. */
type TargetChoice = LocalChoice | AwsChoice;

export interface RunOptions extends GivenDatabase, ChosenBurst {
  target: TargetChoice;
  /** null: made for each run. */
  runId: string | null;
  /** How often each scenario is run. */
  repeat: number;
  expected: GivenExpectations;
  /** Each repetition draws the unpublished numbers of the model. */
  ranges: boolean;
  timeoutMs: number;
  /** CloudWatch is given the time to publish the run's last minutes. */
  waitForMetrics: boolean;
  /** Nobody is asked before something is created. */
  yes: boolean;
  keep: boolean;
  /** So many stacks at once, at most. */
  parallel: number;
  /** US dollars that all runs on an account may cost together. */
  maxCostDollars: number;
  /** A file; null: the prices of us-east-1. */
  prices: string | null;
  json: boolean;
  details: boolean;
}

/** A flag goes before the environment, and that before the configuration file. Throws `bad-usage` that names the flag. */
export function runOptions(flags: RunFlags, environment: NodeJS.ProcessEnv, defaults: RunDefaults = {}): RunOptions {
  const on = chosenTarget(flags.target, environment, defaults) ?? "local";
  return {
    ...chosenBurst(flags),
    target: on === "local" ? localChoice(flags, defaults) : awsChoice(flags, environment, defaults),
    ...givenDatabase(on, flags, environment),
    runId: flags.runId ?? null,
    repeat: flags.repeat ?? (flags.ranges ? runsWithRanges : 1),
    expected: givenExpectations(flags, defaults.expected),
    ranges: flags.ranges === true,
    timeoutMs: flags.timeout,
    waitForMetrics: flags.wait !== false,
    yes: flags.yes === true,
    keep: flags.keep === true,
    parallel: flags.parallel ?? 1,
    maxCostDollars: flags.maxCost ?? defaults.maxCost ?? defaultMaxCost,
    prices: flags.prices ?? null,
    json: flags.json === true,
    details: flags.details === true,
  };
}

function localChoice(flags: RunFlags, defaults: RunDefaults): LocalChoice {
  refuseForLocal(flags, accountRunFlags);
  return {
    name: "local",
    platform: flags.platform ?? defaults.platform ?? defaultPlatform,
    seed: flags.seed ?? defaultSeed,
    calibration: flags.calibration ?? defaults.calibration ?? null,
    numbers: givenNumbers(flags, defaults),
  };
}

function awsChoice(flags: RunFlags, environment: NodeJS.ProcessEnv, defaults: RunDefaults): AwsChoice {
  const [given] = typedFlags(flags, ofModel);
  if (given === undefined) return chosenAccount(flags, environment, defaults);
  throw badUsage(
    `${given} belongs to the local model and changes nothing in an account; leave it out with --target aws.`,
  );
}

const accountRunFlags = [...accountFlags, "vpcConfig", "functionsDatabaseUrl", "yes", "maxCost", "parallel"] as const;
const ofModel = ["platform", "seed", "repeat", "ranges", "calibration", "assume"] as const;

/** Checks an id that becomes part of a file name, a stack's name and a group of rows. Throws `bad-usage`. */
export function checkedRunId(runId: string): string {
  // Its stack would be called as the database's.
  if (runId === "database") throw badUsage("--run-id database is that of the database's stack; choose another.");
  if (deviceOfWindows.test(runId)) {
    throw badUsage(
      `--run-id ${runId} is the name of a device on Windows, where no record could have it; choose another.`,
    );
  }
  if (runIdPattern.test(runId)) return runId;
  throw badUsage(
    `--run-id ${quoted(runId)} is no run id; give 1 to 63 letters, digits and hyphens that do not begin with a hyphen.`,
  );
}
