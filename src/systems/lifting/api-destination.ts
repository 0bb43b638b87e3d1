/** A rule that sends its events to an API destination, whose endpoint is whoever owns the downstream. */
import { awsDefault } from "../../targets/service-rules.ts";
import type { Station } from "../event-path.ts";
import type { LiftChoice } from "../lifted.ts";
import { liftRetries } from "./entry.ts";
import { assumeWork } from "./function.ts";
import { inScenario, type Lifting } from "./lifting.ts";

/** https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-api-destinations.html */
const answerSeconds = "5";

export function liftApiDestination(lifting: Lifting, destination: Station, choice: LiftChoice): void {
  const { ledger, draft } = lifting;
  draft.use("producer-to-bus", "public-url", "bus-to-api-destination");
  ledger.setting({
    setting: "InvocationRateLimit",
    owner: lifting.owner(destination),
    keys: ["InvocationRateLimitPerSecond"],
    otherwise: awsDefault("eventbridge.defaultInvocationsPerSecond"),
    at: [inScenario("ApiDestination", "InvocationRateLimitPerSecond")],
  });
  liftRetries(lifting, destination, "MaximumEventAge", "MaximumRetryAttempts");
  ledger.assume(
    "ConsumerTimeout",
    answerSeconds,
    "a function stands for the endpoint, and EventBridge waits so many seconds for its answer",
  );
  draft.use("optional-reservation");
  assumeWork(lifting, choice, "the time that the endpoint takes is in no file; give it with --work");
}
