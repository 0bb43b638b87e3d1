/** The work of `serve`: says where the model can be reached and how, and serves until it is interrupted. */
import { Invocations } from "../database/invocations.ts";
import { BenchError } from "../errors.ts";
import type { Speed } from "../targets/pace.ts";
import { clockPath, type ServeOptions, serve } from "../targets/serve.ts";
import type { ServeFlags } from "./commands/serve.ts";
import { oneOf, wholeNumber } from "./flags/run-options.ts";
import { print } from "./output.ts";
import { isLoopback } from "./running/address.ts";
import { withDatabase } from "./running/chosen-database.ts";

const maxSpeed = 10_000;
const maxPort = 65_535;
const maxSeed = 2 ** 32 - 1;

/** Resolves when SIGINT or SIGTERM has come and everything is closed. */
export async function serveUntilInterrupted(flags: ServeFlags): Promise<void> {
  const options = serveOptions(flags, process.env);
  const interrupted = new Promise<void>((resolve) => {
    process.once("SIGINT", resolve);
    process.once("SIGTERM", resolve);
  });
  const given = { databaseUrl: flags.databaseUrl ?? (process.env.DATABASE_URL || null) };
  await withDatabase(given, null, async ({ url: databaseUrl }) => {
    const database = await Invocations.open(databaseUrl);
    await database.ensureTable().finally(() => database.close());
    const served = await serve({ ...options, databaseUrl });
    try {
      print(introduction(served.endpoint, options));
      await Promise.race([interrupted, served.failed]);
    } finally {
      await served.close();
    }
  });
  process.stderr.write("Stopped.\n");
}

function serveOptions(flags: ServeFlags, environment: NodeJS.ProcessEnv): Omit<ServeOptions, "databaseUrl"> {
  const { host } = flags;
  if (!isLoopback(host) && !flags.allowRemote) {
    throw new BenchError(
      "bad-usage",
      `--host ${JSON.stringify(host)} may be reached from other machines, and nobody is asked for a password; add --allow-remote if that is what you want.`,
    );
  }
  return {
    host,
    port: wholeNumber("--port", flags.port, 0, maxPort),
    speed: speedOf(flags.speed),
    platform: oneOf("--platform", flags.platform, ["2020", "2026"]),
    seed: wholeNumber("--seed", flags.seed, 0, maxSeed),
    region: flags.region ?? environment.AWS_REGION ?? "us-east-1",
    log: (functionName, message) => process.stderr.write(`${functionName}: ${message}\n`),
  };
}

function speedOf(text: string): Speed {
  return text === "max" ? "max" : wholeNumber("--speed", text, 1, maxSpeed);
}

function introduction(endpoint: string, { speed, platform, seed, region }: Omit<ServeOptions, "databaseUrl">): string {
  return `Serving the local model (AWS's limits of ${platform}, seed ${seed}, speed ${speed}) at ${endpoint}

  export AWS_ENDPOINT_URL=${endpoint} AWS_REGION=${region} AWS_DEFAULT_REGION=${region}
  export AWS_ACCESS_KEY_ID=local AWS_SECRET_ACCESS_KEY=local
  export THROTTLE_BENCH_CLOCK=${endpoint}${clockPath}

  aws cloudformation describe-stacks --endpoint-url ${endpoint}
  throttle-bench run scenario-4 --target aws --endpoint-url ${endpoint}

Ctrl-C ends it.`;
}
