/** Opens the account that was chosen, for one piece of work or for as long as the caller likes. */
import { BenchError } from "../../errors.ts";
import { openAws } from "../../targets/aws.ts";
import { openRemoteClock } from "../../targets/clock.ts";
import type { Account, RetryListener } from "../../targets/target.ts";
import { readConfiguration } from "../flags/configuration.ts";
import type { FlagsOf } from "../flags/flag.ts";
import { type AwsChoice, type account, chosenAccount } from "../flags/place.ts";
import { type Interruption, watchForInterruption } from "./interruption.ts";
import { tellRetry } from "./progress.ts";
import { proxyOf } from "./proxy.ts";

/** The caller closes it. Throws `bad-usage` without a region, `target-failed` without credentials. */
export async function openAccount(choice: AwsChoice, onRetry: RetryListener = tellRetry): Promise<Account> {
  const { clockUrl, profile, region, endpointUrl } = choice;
  const clock = clockUrl === undefined ? undefined : await openRemoteClock(clockUrl);
  return openAws({ profile, region, endpointUrl, clock, onRetry, proxy: proxyOf(process.env) });
}

/** As `openAccount`, for work that creates something: a failure also says that nothing was created. */
export async function openAccountToCreate(choice: AwsChoice, onRetry?: RetryListener): Promise<Account> {
  return openAccount(choice, onRetry).catch((failure) => {
    if (!(failure instanceof BenchError && failure.code === "target-failed")) throw failure;
    throw new BenchError(failure.code, `${failure.message} Nothing was created.`, { cause: failure.cause });
  });
}

/** Opens the account that flags, environment and configuration file choose, and closes it after the work. */
export async function withAccount(
  flags: FlagsOf<typeof account>,
  work: (account: Account, interruption: Interruption) => Promise<void>,
  open = openAccount,
): Promise<void> {
  const opened = await open(chosenAccount(flags, process.env, (await readConfiguration()).run));
  const interruption = watchForInterruption();
  try {
    await work(opened, interruption);
  } finally {
    interruption.release();
    await opened.close();
  }
}
