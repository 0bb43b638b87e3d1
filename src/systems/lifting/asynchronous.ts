/** Asynchronous invocations of a function: Lambda's internal queue, its retries, and where it gives events up to. */
import { awsDefault } from "../../targets/service-rules.ts";
import type { Owner } from "./ledger.ts";
import { inScenario, type Lifting } from "./lifting.ts";

export function liftAsynchronous(lifting: Lifting): void {
  const { ledger, draft } = lifting;
  const owner = invokeConfigOwner(lifting);
  ledger.setting({
    setting: "MaximumEventAge",
    owner,
    keys: ["MaximumEventAgeInSeconds"],
    otherwise: awsDefault("lambda.asyncMaximumEventAgeMs", 1_000),
    at: [inScenario("ConsumerInvokeConfig", "MaximumEventAgeInSeconds")],
  });
  ledger.setting({
    setting: "MaximumRetryAttempts",
    owner,
    keys: ["MaximumRetryAttempts"],
    otherwise: awsDefault("lambda.asyncMaximumRetryAttempts"),
    at: [inScenario("ConsumerInvokeConfig", "MaximumRetryAttempts")],
  });
  if (!keepsWhatItGivesUp(lifting, owner)) {
    draft.add(["ConsumerInvokeConfig", "DestinationConfig"], "!Ref AWS::NoValue", "nothing keeps what is given up");
  }
}

/** The retries of a schedule's invocations, which have no setting of their own. */
export function liftScheduledInvocations(lifting: Lifting): void {
  const { ledger, draft } = lifting;
  const owner = invokeConfigOwner(lifting);
  for (const [key, fact, perUnit] of [
    ["MaximumRetryAttempts", "lambda.asyncMaximumRetryAttempts", 1],
    ["MaximumEventAgeInSeconds", "lambda.asyncMaximumEventAgeMs", 1_000],
  ] as const) {
    if (ledger.property(owner, [key], ["ConsumerInvokeConfig", key]) !== null) continue;
    const { value } = awsDefault(fact, perUnit);
    draft.add(["ConsumerInvokeConfig", key], value, "AWS's default");
  }
}

/** The function's EventInvokeConfig; where it has none, what it would have is the function's own. */
export function invokeConfigOwner(lifting: Lifting): Owner {
  const config = lifting.referring.invokeConfigOf(lifting.path.stations.at(-1)!.logicalId);
  const fn = lifting.path.stations.at(-1)!;
  if (config === null) {
    const { name, place } = fn;
    return { name, properties: fn.logicalId === null ? null : {}, path: ["Resources", fn.logicalId ?? ""], place };
  }
  return lifting.owner({
    service: "Lambda",
    logicalId: config.logicalId,
    name: lifting.system.names.get(config.logicalId) ?? config.logicalId,
    place: fn.place,
  });
}

function keepsWhatItGivesUp(lifting: Lifting, owner: Owner): boolean {
  const { ledger, path } = lifting;
  const fn = lifting.owner(path.stations.at(-1)!);
  return (
    ledger.value(owner, ["DestinationConfig", "OnFailure", "Destination"]) !== undefined ||
    ledger.value(fn, ["DeadLetterConfig", "TargetArn"]) !== undefined
  );
}
