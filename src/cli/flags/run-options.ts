/** The flags of `run`, as they are typed, made into one validated value. */
import type { VpcConfig } from "../../database/access.ts";
import { BenchError } from "../../errors.ts";
import type { PlatformName } from "../../model.ts";

/** The flags as commander hands them over: text, not looked at yet. */
export interface RunFlags {
  set?: string[];
  events?: string;
  rate?: string;
  for?: string;
  seed?: string;
  repeat?: string;
  ranges?: boolean;
  platform?: string;
  calibration?: string;
  target?: string;
  profile?: string;
  region?: string;
  endpointUrl?: string;
  yes?: boolean;
  databaseUrl?: string;
  functionsDatabaseUrl?: string;
  vpcConfig?: string;
  runId?: string;
  timeout: string;
  /** false: `--no-wait` */
  wait?: boolean;
  keep?: boolean;
  json?: boolean;
  details?: boolean;
}

export interface LocalChoice {
  name: "local";
  platform: PlatformName;
  seed: number;
  /** The profile of an account to go by, as a path or a part of its name; null: the platform's own numbers. */
  calibration: string | null;
}

/** What is undefined is for the SDK to find out, by its own conventions. */
export interface AwsChoice {
  name: "aws";
  profile: string | undefined;
  region: string | undefined;
  endpointUrl: string | undefined;
  /** Of the clock that the endpoint lives by, as `serve` prints it. */
  clockUrl: string | undefined;
}

/** Which target to open; seed and platform profile exist only where there is a model. */
export type TargetChoice = LocalChoice | AwsChoice;

export interface RunOptions {
  /** `Name=value`, in the order given */
  overrides: string[];
  events: number;
  target: TargetChoice;
  /** Not looked at before it is connected to; `null`: the embedded Postgres. */
  databaseUrl: string | null;
  /** What functions in an account reach it by; `null`: the same. */
  functionsDatabaseUrl: string | null;
  /** The network of functions that are to reach the given database. */
  vpc: VpcConfig | null;
  /** `null`: made for each run */
  runId: string | null;
  /** How often each scenario is run. */
  repeat: number;
  /** Whether each repetition draws the unpublished constants. */
  ranges: boolean;
  timeoutMs: number;
  /** Whether CloudWatch is given the time to publish the run's last minutes. */
  waitForMetrics: boolean;
  /** Whether nobody is asked before something is created. */
  yes: boolean;
  keep: boolean;
  json: boolean;
  details: boolean;
}

const defaultEvents = "1000";
/** Of the setting `PublishRate`; 0 is as fast as the producer can. */
const paceSetting = "PublishRate";
const maxRepeat = 1_000;
const runsWithRanges = 20;
const maxEvents = 1_000_000;
const maxSeed = 2 ** 32 - 1;
const unitMs = { s: 1000, m: 60_000, h: 3_600_000 };
/** The longest that SQS retains a message. */
const maxTimeoutMs = 14 * 24 * unitMs.h;
const runIdPattern = /^[A-Za-z0-9][A-Za-z0-9-]{0,62}$/;

/** Of a configuration file: what holds where neither a flag nor the environment says otherwise. */
export interface RunDefaults {
  target?: "local" | "aws";
  profile?: string;
  region?: string;
  endpointUrl?: string;
  platform?: PlatformName;
  calibration?: string;
}

/**
 * `environment`: DATABASE_URL stands in for `--database-url`, FUNCTIONS_DATABASE_URL for `--functions-database-url`, THROTTLE_BENCH_TARGET for `--target`, AWS_ENDPOINT_URL for
 * `--endpoint-url`. Throws `bad-usage` that names the flag and what it takes.
 */
export function runOptions(flags: RunFlags, environment: NodeJS.ProcessEnv, defaults: RunDefaults = {}): RunOptions {
  return {
    ...burstOf(flags),
    target: targetChoice(flags, environment, defaults),
    ...databaseOf(flags, environment),
    runId: flags.runId === undefined ? null : checkedRunId(flags.runId),
    repeat:
      flags.repeat === undefined
        ? flags.ranges
          ? runsWithRanges
          : 1
        : wholeNumber("--repeat", flags.repeat, 1, maxRepeat),
    ranges: flags.ranges === true,
    timeoutMs: durationMs("--timeout", flags.timeout),
    waitForMetrics: flags.wait !== false,
    yes: flags.yes === true,
    keep: flags.keep === true,
    json: flags.json === true,
    details: flags.details === true,
  };
}

function databaseOf(
  { databaseUrl, functionsDatabaseUrl, vpcConfig }: RunFlags,
  environment: NodeJS.ProcessEnv,
): Pick<RunOptions, "databaseUrl" | "functionsDatabaseUrl" | "vpc"> {
  const url = databaseUrl ?? (environment.DATABASE_URL || null);
  for (const [flag, value] of Object.entries({
    "--functions-database-url": functionsDatabaseUrl,
    "--vpc-config": vpcConfig,
  })) {
    if (value !== undefined && url === null) {
      throw badUsage(`${flag} is of a database of yours; give it with --database-url.`);
    }
  }
  return {
    databaseUrl: url,
    functionsDatabaseUrl: functionsDatabaseUrl ?? (environment.FUNCTIONS_DATABASE_URL || null),
    vpc: vpcConfig === undefined ? null : vpcOf(vpcConfig),
  };
}

/** As the AWS CLI has it: `SubnetIds=subnet-1,subnet-2,SecurityGroupIds=sg-1`. */
function vpcOf(text: string): VpcConfig {
  const idsAfter = (name: string, id: RegExp) => {
    const [, list = ""] = new RegExp(`(?:^|,)${name}=([a-z0-9,-]*?)(?=,[A-Z]|$)`).exec(text) ?? [];
    return list.split(",").filter((each) => id.test(each));
  };
  const subnetIds = idsAfter("SubnetIds", /^subnet-[0-9a-f]{8,17}$/);
  const securityGroupIds = idsAfter("SecurityGroupIds", /^sg-[0-9a-f]{8,17}$/);
  const isWhole = [
    `SubnetIds=${subnetIds},SecurityGroupIds=${securityGroupIds}`,
    `SecurityGroupIds=${securityGroupIds},SubnetIds=${subnetIds}`,
  ].includes(text);
  if (isWhole && subnetIds.length > 0 && securityGroupIds.length > 0) return { subnetIds, securityGroupIds };
  throw badUsage(
    `--vpc-config ${quoted(text)} is no network; give one such as SubnetIds=subnet-0123456789abcdef0,SecurityGroupIds=sg-0123456789abcdef0.`,
  );
}

/** How many events, and at which pace: `--rate` is the setting `PublishRate`, and `--for` counts the events by it. */
function burstOf({ set = [], events, rate, for: time }: RunFlags): Pick<RunOptions, "overrides" | "events"> {
  const perSecond = rate === undefined ? null : ratePerSecond(rate);
  if (perSecond !== null && set.some((override) => override.startsWith(`${paceSetting}=`))) {
    throw badUsage(`--rate and --set ${paceSetting} both set the pace; give one of them.`);
  }
  const overrides = perSecond === null ? set : [...set, `${paceSetting}=${perSecond}`];
  if (time === undefined) return { overrides, events: wholeNumber("--events", events ?? defaultEvents, 1, maxEvents) };
  if (events !== undefined) throw badUsage("--for and --events both say how many events; give one of them.");
  if (perSecond === null || perSecond === 0) {
    throw badUsage("--for counts the events by their pace; give it with a --rate such as 50/s.");
  }
  const counted = Math.round((perSecond * durationMs("--for", time)) / 1000);
  if (counted >= 1 && counted <= maxEvents) return { overrides, events: counted };
  throw badUsage(
    `--rate ${rate} --for ${time} makes ${counted.toLocaleString("en")} events; 1 to ${maxEvents.toLocaleString("en")} can be fired.`,
  );
}

/** `50/s`, `0.5/s`, or `max`, which is 0. */
function ratePerSecond(text: string): number {
  if (text === "max") return 0;
  const [, amount] = /^(\d{1,5}(?:\.\d{1,3})?)\/s$/.exec(text) ?? [];
  if (Number(amount) > 0) return Number(amount);
  throw badUsage(`--rate ${quoted(text)} is no pace; give one such as 50/s, 0.5/s, or max.`);
}

/** Checks an id that becomes part of a file name, a stack's name and a group of rows. Throws `bad-usage`. */
export function checkedRunId(runId: string): string {
  // Its stack would be called as the database's.
  if (runId === "database") throw badUsage("--run-id database is that of the database's stack; choose another.");
  if (runIdPattern.test(runId)) return runId;
  throw badUsage(
    `--run-id ${quoted(runId)} is no run id; give 1 to 63 letters, digits and hyphens that do not begin with a hyphen.`,
  );
}

function targetChoice(flags: RunFlags, environment: NodeJS.ProcessEnv, defaults: RunDefaults): TargetChoice {
  const { platform, seed, repeat, ranges, calibration, profile, region, endpointUrl } = flags;
  const inherited = environment.THROTTLE_BENCH_TARGET || defaults.target || "local";
  const [source, target] =
    flags.target === undefined ? ["THROTTLE_BENCH_TARGET", inherited] : ["--target", flags.target];
  switch (oneOf(source, target, ["local", "aws"])) {
    case "local":
      if (profile !== undefined) throw accountOnly("--profile");
      if (region !== undefined) throw accountOnly("--region");
      if (endpointUrl !== undefined) throw accountOnly("--endpoint-url");
      if (flags.vpcConfig !== undefined) throw accountOnly("--vpc-config");
      if (flags.functionsDatabaseUrl !== undefined) throw accountOnly("--functions-database-url");
      return {
        name: "local",
        platform: oneOf("--platform", platform ?? defaults.platform ?? "2026", ["2020", "2026"]),
        seed: wholeNumber("--seed", seed ?? "1", 0, maxSeed),
        calibration: calibration ?? defaults.calibration ?? null,
      };
    case "aws":
      if (platform !== undefined) throw localOnly("--platform");
      if (seed !== undefined) throw localOnly("--seed");
      if (repeat !== undefined) throw localOnly("--repeat");
      if (ranges) throw localOnly("--ranges");
      if (calibration !== undefined) throw localOnly("--calibration");
      return awsChoice({ profile, region, endpointUrl }, environment, defaults);
  }
}

/** The account of a command; `environment` as for `runOptions`. Throws `bad-usage` for an endpoint that is no address. */
export function awsChoice(
  { profile, region, endpointUrl }: { profile?: string; region?: string; endpointUrl?: string },
  environment: NodeJS.ProcessEnv,
  defaults: RunDefaults = {},
): AwsChoice {
  // What the environment says is the SDK's to find, and goes before the file's.
  const hasRegion = environment.AWS_REGION || environment.AWS_DEFAULT_REGION;
  return {
    name: "aws",
    profile: profile ?? (environment.AWS_PROFILE ? undefined : defaults.profile),
    region: region ?? (hasRegion ? undefined : defaults.region),
    endpointUrl: endpointOf(endpointUrl ?? (environment.AWS_ENDPOINT_URL || defaults.endpointUrl)),
    clockUrl: environment.THROTTLE_BENCH_CLOCK || undefined,
  };
}

function endpointOf(url: string | undefined): string | undefined {
  if (url === undefined || (URL.canParse(url) && /^https?:$/.test(new URL(url).protocol))) return url;
  throw badUsage(`--endpoint-url ${quoted(url)} is no address; give one such as http://127.0.0.1:4566.`);
}

function accountOnly(flag: string): BenchError {
  return badUsage(
    `${flag} is of an account and changes nothing in the local model; leave it out, or add --target aws.`,
  );
}

function localOnly(flag: string): BenchError {
  return badUsage(`${flag} is of the local model and changes nothing in an account; leave it out with --target aws.`);
}

/** Throws `bad-usage` that names the flag and its bounds. */
export function wholeNumber(flag: string, text: string, min: number, max: number): number {
  const value = /^\d{1,15}$/.test(text) ? Number(text) : Number.NaN;
  if (value >= min && value <= max) return value;
  const range = `${min.toLocaleString("en")} to ${max.toLocaleString("en")}`;
  throw badUsage(`${flag} ${quoted(text)} is out of range; give a whole number from ${range}.`);
}

function durationMs(flag: string, text: string): number {
  const [, amount, unit] = /^(\d{1,7})([smh])$/.exec(text) ?? [];
  const ms = Number(amount) * unitMs[unit as keyof typeof unitMs];
  if (ms > 0 && ms <= maxTimeoutMs) return ms;
  throw badUsage(`${flag} ${quoted(text)} is no time limit; give one such as 90s, 45m or 6h, at most 336h (14 days).`);
}

/** Throws `bad-usage` that names the flag and its values. */
export function oneOf<Value extends string>(flag: string, text: string, values: readonly Value[]): Value {
  const value = values.find((candidate) => candidate === text);
  if (value !== undefined) return value;
  throw badUsage(`${flag} ${quoted(text)} is not known; give ${values.join(" or ")}.`);
}

function quoted(text: string): string {
  return JSON.stringify(text);
}

export function badUsage(message: string): BenchError {
  return new BenchError("bad-usage", message);
}
