/** The local target: the emulator on a virtual clock in this process, and a real Postgres. Its results are predictions. */
import { checkedTemplate } from "../emulator/cloudformation/validation.ts";
import type { Fact } from "../emulator/fact.ts";
import { platforms } from "../emulator/platforms/platforms.ts";
import { requestHandlerOf } from "../emulator/wire/request-handler.ts";
import { BenchError, messageOf } from "../errors.ts";
import type { PlatformName, Scenario } from "../model.ts";
import { type EmulatedAccountOptions, openEmulatedAccount } from "./emulated-account.ts";
import type { RetryListener, Target } from "./target.ts";

/** Every local run begins at this moment, so that one seed gives the same rows, byte for byte. */
const virtualEpoch = Date.UTC(2026, 0, 1);

const region = "us-east-1";

export interface LocalOptions extends Omit<EmulatedAccountOptions, "region" | "start"> {
  /** Default: nobody is told. The model answers at once; its database can be lost. */
  onRetry?: RetryListener;
}

/** The plausible range of a number of the platform's profile. */
export function plausibleRange(platform: PlatformName, name: string): [low: number, high: number] {
  const fact = (platforms[platform] as Record<string, Fact>)[name];
  if (!fact?.range) throw new Error(`the profile ${platform} has no range for ${name}`);
  return fact.range;
}

/** Refuses a template that the model does not model, before anything is touched. @throws BenchError `bad-template` */
export function checkTemplate({ file, templateBody }: Scenario): void {
  try {
    checkedTemplate(templateBody);
  } catch (refusal) {
    throw new BenchError("bad-template", `${file}: ${messageOf(refusal)}`, { cause: refusal });
  }
}

/** Opens an empty account. All rows are in Postgres whenever a request or a sleep of the caller's has come back. */
export async function openLocal(options: LocalOptions): Promise<Target> {
  const { emulator, writeRows, close } = await openEmulatedAccount({ ...options, region, start: virtualEpoch });
  const { kernel } = emulator;
  return {
    name: "local",
    kind: "prediction",
    keepsStacks: false,
    platform: options.platform,
    profile: null,
    accountId: null,
    callerArn: null,
    seed: options.seed,
    aws: {
      region,
      credentials: { accessKeyId: "local", secretAccessKey: "local" },
      requestHandler: requestHandlerOf(emulator.front, writeRows),
      maxAttempts: 1,
    },
    database: { url: options.databaseUrl, functions: { url: options.databaseUrl, files: {}, vpc: null } },
    clock: {
      now: () => kernel.now,
      async sleep(ms, signal) {
        signal?.throwIfAborted();
        await kernel.advanceTo(kernel.now + ms);
        await writeRows();
      },
    },
    onRetry: options.onRetry ?? (() => {}),
    close,
  };
}
