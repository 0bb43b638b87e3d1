/** The place that a verb works on: target, account, region, endpoint and database. A flag goes before the environment, and that before the configuration file. */
import type { VpcConfig } from "../../database/access.ts";
import type { RunDefaults } from "./configuration.ts";
import { type Flag, type FlagGroup, type FlagsOf, typedFlags } from "./flag.ts";
import { awsRegion, badUsage, dollars, httpUrl, oneOf, quoted, text, wholeNumber } from "./values.ts";

export type TargetName = "local" | "aws";

const readTarget = oneOf<TargetName>(["local", "aws"]);

export const target = {
  takes: "<target>",
  read: readTarget,
  help: "where to run, local or aws (default: THROTTLE_BENCH_TARGET, else local)",
} as const;

export const account = {
  title: "Account",
  flags: {
    profile: { takes: "<name>", read: text, help: "profile of the account (default: AWS_PROFILE)" },
    region: { takes: "<region>", read: awsRegion, help: "region (default: AWS_REGION, else the profile's)" },
    endpointUrl: {
      takes: "<url>",
      read: httpUrl,
      help: "in place of AWS, such as what `serve` prints (default: AWS_ENDPOINT_URL)",
    },
  },
} satisfies FlagGroup;

/** US dollars */
export const defaultMaxCost = 1;

export const maxCost = {
  takes: "<dollars>",
  read: dollars,
  help: `what all of it may cost, in US dollars: more is refused, and what runs is ended there (default: ${defaultMaxCost})`,
} satisfies Flag;

export const creation = {
  yes: { help: "do not ask before creating anything" },
};

export const parallel = {
  takes: "<n>",
  read: wholeNumber(1, 100),
  help: "stacks side by side, as far as Lambda's concurrency can be reserved for them (default: 1)",
} satisfies Flag;

export const removal = {
  yes: { help: "remove without asking" },
};

export const database = {
  databaseUrl: {
    takes: "<url>",
    read: text,
    help: "Postgres to write to (default: on an account DATABASE_URL, else the one by `database up`; locally the embedded one)",
  },
} satisfies FlagGroup["flags"];

export const functionsDatabase = {
  functionsDatabaseUrl: {
    takes: "<url>",
    read: text,
    help: "with --database-url: what the functions reach it by, where that is another way (default: FUNCTIONS_DATABASE_URL)",
  },
  vpcConfig: {
    takes: "<ids>",
    read: vpcOf,
    help: "with --database-url: network of the functions, as the AWS CLI has it, where it is in a VPC",
  },
} satisfies FlagGroup["flags"];

/** The SDK finds out by its own conventions what is undefined here. */
export interface AwsChoice {
  name: "aws";
  profile: string | undefined;
  region: string | undefined;
  endpointUrl: string | undefined;
  /** Says the time that the endpoint lives by, as `serve` prints it. */
  clockUrl: string | undefined;
}

/** The database that a verb was told of. */
export interface GivenDatabase {
  /** null: none. It is not looked at before it is connected to. */
  databaseUrl: string | null;
  /** Functions in an account reach it by this URL; null: by the same. */
  functionsDatabaseUrl: string | null;
  /** The network of functions that are to reach it; null: none of the account's. */
  vpc: VpcConfig | null;
}

export const accountFlags = ["profile", "region", "endpointUrl"] as const;

/** Throws `bad-usage` for a flag that only an account heeds. */
export function refuseForLocal<Key extends string>(flags: { [K in Key]?: unknown }, keys: readonly Key[]): void {
  const [given] = typedFlags(flags, keys);
  if (given === undefined) return;
  throw badUsage(
    `${given} belongs to an account and changes nothing in the local model; leave it out, or add --target aws.`,
  );
}

/** null: nothing says. Throws `bad-usage` for a variable that names no target. */
export function chosenTarget(
  flag: TargetName | undefined,
  environment: NodeJS.ProcessEnv,
  defaults: RunDefaults,
): TargetName | null {
  if (flag !== undefined) return flag;
  const inherited = environment.THROTTLE_BENCH_TARGET;
  return inherited ? readTarget(inherited, "THROTTLE_BENCH_TARGET") : (defaults.target ?? null);
}

/** Throws `bad-usage` for an endpoint of the environment that is no address. */
export function chosenAccount(
  { profile, region, endpointUrl }: FlagsOf<typeof account>,
  environment: NodeJS.ProcessEnv,
  defaults: RunDefaults,
): AwsChoice {
  // The SDK itself finds profile and region in the environment, which go before the file's.
  const hasRegion = environment.AWS_REGION || environment.AWS_DEFAULT_REGION;
  const inherited = environment.AWS_ENDPOINT_URL;
  return {
    name: "aws",
    profile: profile ?? (environment.AWS_PROFILE ? undefined : defaults.profile),
    region: region ?? (hasRegion ? undefined : defaults.region),
    endpointUrl: endpointUrl ?? (inherited ? httpUrl(inherited, "AWS_ENDPOINT_URL") : defaults.endpointUrl),
    clockUrl: environment.THROTTLE_BENCH_CLOCK || undefined,
  };
}

/**
 * The account of an earlier run, as its journal or record has it. A profile that it does not name comes from the environment or the
 * file. A run without an endpoint was on AWS itself, so that the file's is not for it.
 */
export function accountOfRun(
  run: FlagsOf<typeof account>,
  flags: FlagsOf<typeof account>,
  environment: NodeJS.ProcessEnv,
  defaults: RunDefaults,
): AwsChoice {
  const { profile = run.profile, region = run.region, endpointUrl = run.endpointUrl } = flags;
  return chosenAccount({ profile, region, endpointUrl }, environment, { ...defaults, endpointUrl: undefined });
}

/**
 * DATABASE_URL and FUNCTIONS_DATABASE_URL count on an account only: a local run does not write where a shell happens to point.
 * Throws `bad-usage` for flags that go with a database where none is given.
 */
export function givenDatabase(
  on: TargetName,
  flags: FlagsOf<{ title: ""; flags: typeof database & typeof functionsDatabase }>,
  environment: NodeJS.ProcessEnv,
): GivenDatabase {
  const inherited = (name: string) => (on === "aws" && environment[name]) || null;
  const databaseUrl = flags.databaseUrl ?? inherited("DATABASE_URL");
  const [without] = typedFlags(flags, ["functionsDatabaseUrl", "vpcConfig"]);
  if (without !== undefined && databaseUrl === null) {
    throw badUsage(`${without} goes with a database of your own; give that by --database-url.`);
  }
  return {
    databaseUrl,
    functionsDatabaseUrl: flags.functionsDatabaseUrl ?? inherited("FUNCTIONS_DATABASE_URL"),
    vpc: flags.vpcConfig ?? null,
  };
}

/** As the AWS CLI has it: `SubnetIds=subnet-1,subnet-2,SecurityGroupIds=sg-1`. */
function vpcOf(typed: string, flag: string): VpcConfig {
  const idsAfter = (name: string, id: RegExp) => {
    const [, list = ""] = new RegExp(`(?:^|,)${name}=([a-z0-9,-]*?)(?=,[A-Z]|$)`).exec(typed) ?? [];
    return list.split(",").filter((each) => id.test(each));
  };
  const subnetIds = idsAfter("SubnetIds", /^subnet-[0-9a-f]{8,17}$/);
  const securityGroupIds = idsAfter("SecurityGroupIds", /^sg-[0-9a-f]{8,17}$/);
  const isWhole = [
    `SubnetIds=${subnetIds},SecurityGroupIds=${securityGroupIds}`,
    `SecurityGroupIds=${securityGroupIds},SubnetIds=${subnetIds}`,
  ].includes(typed);
  if (isWhole && subnetIds.length > 0 && securityGroupIds.length > 0) return { subnetIds, securityGroupIds };
  throw badUsage(
    `${flag} ${quoted(typed)} is no network; give one such as SubnetIds=subnet-0123456789abcdef0,SecurityGroupIds=sg-0123456789abcdef0.`,
  );
}
