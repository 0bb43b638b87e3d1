/** Single asynchronous events, straight on the emulator: attempts that no row of a run shows. */

import { constantsOf } from "../../src/emulator/platforms/platforms.ts";
import { minute, second, TestAccount } from "../contract/account.ts";
import { constantsOfTrial, type Figures, type Trial } from "./trials.ts";

const platform = "2026";

/** Every number is the trial's: none is the calm one of the contract tests. */
function accountOf(trial: Trial): TestAccount {
  return new TestAccount({
    platform,
    constants: constantsOf(platform, constantsOfTrial(trial, platform)),
    seed: trial.seed,
  });
}

/** The first attempts come at 0, 1, 3 and 7 s. */
export async function asynchronousAttempts(trial: Trial): Promise<Figures> {
  const account = accountOf(trial);
  const fn = account.fn("fn", async () => {}, { reserved: 1 });
  fn.invokeAsync({});
  fn.reserveConcurrency(0);
  await account.advance(2 * minute);
  const attempts = account.observed(fn, "Throttles").filter(({ value }) => value > 0);
  const secondsAt = (attempt: number) => (attempts[attempt - 1] ? attempts[attempt - 1]!.at / second : null);
  return { "fifth attempt": secondsAt(5), "sixth attempt": secondsAt(6), "seventh attempt": secondsAt(7) };
}

/** Between the starts of the attempts. */
export async function asynchronousErrorRetries(trial: Trial): Promise<Figures> {
  const account = accountOf(trial);
  const fn = account.fn("fn", async () => {
    account.note("attempt");
    throw new Error("no");
  });
  fn.invokeAsync({});
  await account.advance(10 * minute);
  const [first, next, last] = account.times("attempt") as [number, number, number];
  return { "first retry": (next - first) / second, "second retry, after the first": (last - next) / second };
}
