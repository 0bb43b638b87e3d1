/** The function of a path: its timeout, memory and reservation, and the time that its work takes. */
import { awsDefault } from "../../targets/service-rules.ts";
import type { LiftChoice } from "../lifted.ts";
import { inScenario, type Lifting, none } from "./lifting.ts";

const reservation = "https://docs.aws.amazon.com/lambda/latest/dg/configuration-concurrency.html";

export function liftFunction(lifting: Lifting, choice: LiftChoice): void {
  const { ledger, draft, path } = lifting;
  const owner = lifting.owner(path.stations.at(-1)!);
  ledger.setting({
    setting: "ConsumerTimeout",
    owner,
    keys: ["Timeout"],
    otherwise: awsDefault("lambda.defaultTimeoutMs", 1_000),
    at: [inScenario("ConsumerFunction", "Timeout")],
  });
  ledger.setting({
    setting: "ConsumerMemory",
    owner,
    keys: ["MemorySize"],
    otherwise: awsDefault("lambda.defaultMemoryMb"),
    at: [inScenario("ConsumerFunction", "MemorySize")],
  });
  draft.use("optional-reservation");
  ledger.setting({
    setting: "ReservedConcurrency",
    owner,
    keys: ["ReservedConcurrentExecutions"],
    otherwise: none("none", reservation),
    at: [inScenario("ConsumerFunction", "ReservedConcurrentExecutions")],
  });
  assumeWork(
    lifting,
    choice,
    "no file says how long the work takes; give it with --work, or read it from the account with `throttle-bench init --from-function NAME` or `--from-stack NAME`",
  );
}

/** `why`: where nobody gave it. */
export function assumeWork(
  { ledger, draft, path }: Lifting,
  { workMs, workMsMax, workFrom = "--work", withoutWork }: LiftChoice,
  why: string,
): void {
  if (workMs === undefined) {
    ledger.assume("WorkMs", "1000", withoutWork ?? why);
    return;
  }
  const values = { WorkMs: workMs, ...(workMsMax !== undefined && { WorkMsMax: workMsMax }) };
  const { name: resource, place } = path.stations.at(-1)!;
  for (const [setting, value] of Object.entries(values)) {
    draft.set(setting, String(value), workFrom);
    // A time of the flag is the user's own, and in no file.
    if (workFrom !== "--work") {
      ledger.taken.push({ setting, value: String(value), resource, property: "Duration, as measured", place });
    }
  }
}
