/** The concurrency that an account's functions can still reserve. */
import { GetAccountSettingsCommand, LambdaClient } from "@aws-sdk/client-lambda";
import type { Account } from "../targets/target.ts";

/** Lambda keeps this much concurrency from being reserved. https://docs.aws.amazon.com/lambda/latest/dg/configuration-concurrency.html */
export const unreservable = 100;

export interface Concurrency {
  /** the quota: invocations that Lambda runs at once */
  most: number;
  /** can still be reserved */
  reservable: number;
}

/** Asks Lambda. null: it does not say. Throws its refusal. */
export async function concurrencyOf({ clients }: Account): Promise<Concurrency | null> {
  const { AccountLimit } = await clients.get(LambdaClient).send(new GetAccountSettingsCommand({}));
  const { ConcurrentExecutions: most, UnreservedConcurrentExecutions: unreserved } = AccountLimit ?? {};
  if (most === undefined || unreserved === undefined) return null;
  return { most, reservable: Math.max(0, unreserved - unreservable) };
}
