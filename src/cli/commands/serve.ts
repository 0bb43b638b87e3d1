/** `throttle-bench serve`: the local model behind an HTTP port, for the AWS CLI and every SDK. */
import { isIP } from "node:net";
import { Invocations } from "../../database/invocations.ts";
import type { Speed } from "../../targets/pace.ts";
import { type ServeOptions, serve } from "../../targets/serve.ts";
import { type RunDefaults, readConfiguration } from "../flags/configuration.ts";
import type { AllFlagsOf } from "../flags/flag.ts";
import { assume, defaultPlatform, defaultSeed, givenNumbers, platform, seed } from "../flags/model.ts";
import { account, database, givenDatabase } from "../flags/place.ts";
import { awsRegion, badUsage, quoted, wholeNumber } from "../flags/values.ts";
import { print, tell } from "../output.ts";
import { isLoopback } from "../running/address.ts";
import { checkedNumbers } from "../running/assumptions.ts";
import { tellWhereRowsGo, withDatabase } from "../running/chosen-database.ts";
import { untilAborted, watchForInterruption } from "../running/interruption.ts";
import { defineVerb } from "../verb.ts";

const groups = [
  {
    title: "Server",
    flags: {
      port: {
        takes: "<n>",
        read: wholeNumber(0, 65_535),
        default: "4566",
        help: "port to listen on; 0 for any that is free",
      },
      host: { takes: "<address>", read: readHost, default: "127.0.0.1", help: "address to listen on" },
      allowHost: {
        takes: "<name>",
        read: readName,
        repeats: true,
        help: "a further name that clients reach it by, such as the one of a container",
      },
      allowRemote: { help: "with a --host that other machines reach: let them in, unauthenticated" },
    },
  },
  {
    title: "Model",
    flags: {
      speed: { takes: "<n|max>", read: readSpeed, default: "1", help: "virtual seconds per second, or max" },
      seed,
      platform,
      assume,
      region: { ...account.flags.region, help: "region that the ARNs name (default: AWS_REGION, else us-east-1)" },
      databaseUrl: { ...database.databaseUrl, help: "Postgres to write to (default: the embedded one)" },
    },
  },
] as const;

type ServeFlags = AllFlagsOf<typeof groups>;

export const verb = defineVerb({
  flags: groups,
  help: `Speed:
  1     virtual time is the wall clock's
  60    sixty virtual seconds pass in one; any whole number to 10,000
  max   as 1, but what a request waits for is skipped: an invocation, a long
        poll, a sleep of the bench. Whoever polls gets on, too: each question
        (Describe..., Get..., List...) first lets 5 virtual seconds pass, and
        the AWS CLI's about a stack waits until the stack is done

It models CloudFormation, Lambda, SNS, SQS and CloudWatch as far as the
scenarios need them, and STS's GetCallerIdentity. What else is asked of it is
refused by name (UnsupportedOperation). Only the rows in Postgres are kept.
Ctrl-C ends it, with status 0.

A run against it reads those rows, and is refused with another Postgres: call
it in the same directory, or give both one --database-url.

It answers to localhost, 127.0.0.1, [::1] and its --host; a page in a browser
is refused, and so is any other name (403). A body that is larger than AWS
takes is refused (413).

Example:
  throttle-bench serve --speed 60`,
  run: serveUntilInterrupted,
});

/** Resolves when SIGINT, SIGTERM or SIGHUP has come and everything is closed. */
async function serveUntilInterrupted(flags: ServeFlags): Promise<void> {
  const options = serveOptions(flags, process.env, (await readConfiguration()).run);
  const interruption = watchForInterruption("Ending; interrupt again to leave at once, without the latest rows.");
  const { signal } = interruption;
  try {
    await withDatabase(givenDatabase("local", flags, process.env), null, async (chosen) => {
      const databaseUrl = chosen.url;
      const database = await Invocations.open(databaseUrl);
      await database.ensureTable().finally(() => database.close());
      if (signal.aborted) return;
      const served = await serve({ ...options, databaseUrl });
      try {
        tellWhereRowsGo(chosen);
        print(introduction(served.endpoint, options));
        await Promise.race([untilAborted(signal), served.failed, chosen.embedded?.lost ?? served.failed]);
      } finally {
        await served.close();
      }
    });
  } finally {
    interruption.release();
  }
  tell("Stopped.");
}

function serveOptions(
  flags: ServeFlags,
  environment: NodeJS.ProcessEnv,
  defaults: RunDefaults,
): Omit<ServeOptions, "databaseUrl"> {
  const inherited = environment.AWS_REGION;
  const { host } = flags;
  if (!isLoopback(host) && !flags.allowRemote) {
    throw badUsage(
      `--host ${quoted(host)} may be reached from other machines, and nobody is asked for a password; add --allow-remote if that is what you want.`,
    );
  }
  return {
    host,
    port: flags.port,
    allowedHosts: flags.allowHost ?? [],
    speed: flags.speed,
    platform: flags.platform ?? defaults.platform ?? defaultPlatform,
    seed: flags.seed ?? defaultSeed,
    ...checkedNumbers(givenNumbers(flags, defaults)),
    region: flags.region ?? (inherited ? awsRegion(inherited, "AWS_REGION") : (defaults.region ?? "us-east-1")),
    log: (functionName, message) => tell(`${functionName}: ${message}`),
  };
}

function readHost(typed: string, flag: string): string {
  if (isIP(typed) !== 0 || typed === "localhost") return typed;
  throw badUsage(`${flag} ${quoted(typed)} is no address; give one such as 127.0.0.1 or 0.0.0.0.`);
}

function readName(typed: string, flag: string): string {
  if (/^[\w.-]{1,253}$/.test(typed)) return typed;
  throw badUsage(`${flag} ${quoted(typed)} is no host name; give one without a port, such as throttle-bench.`);
}

function readSpeed(typed: string, flag: string): Speed {
  return typed === "max" ? "max" : wholeNumber(1, 10_000)(typed, flag);
}

function introduction(endpoint: string, options: Omit<ServeOptions, "databaseUrl">): string {
  const { speed, platform, seed, region, configured, constants } = options;
  const given = Object.entries({ ...configured, ...constants }).map(
    ([name, value]) => `, ${name}=${value === Number.POSITIVE_INFINITY ? "none" : value}`,
  );
  return `Serving the local model (AWS's limits of ${platform}, seed ${seed}, speed ${speed}${given.join("")}) at ${endpoint}

  export AWS_ENDPOINT_URL=${endpoint} AWS_REGION=${region} AWS_DEFAULT_REGION=${region}
  export AWS_ACCESS_KEY_ID=local AWS_SECRET_ACCESS_KEY=local

  aws cloudformation describe-stacks --endpoint-url ${endpoint}
  throttle-bench run scenario-4 --target aws --endpoint-url ${endpoint}

Ctrl-C ends it.`;
}
