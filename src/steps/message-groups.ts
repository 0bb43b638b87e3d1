/** How the producer puts events into message groups, by its template. */
import { type MessageGrouping, messageGroupingIn } from "../../infra/handlers/message-group.ts";
import type { Scenario, Settings } from "../model.ts";
import { valueAt } from "../template/references.ts";
import { functionOf } from "./function.ts";

/** Reads MESSAGE_GROUPS and NOISY_SHARE in the producer's environment. One that only the stack knows counts as absent. */
export function messageGroupingOf(scenario: Scenario, settings: Settings): MessageGrouping {
  const producer = functionOf(scenario, settings, "ProducerFunction");
  const variables = valueAt(producer?.properties, "Environment", "Variables") ?? {};
  const known = Object.entries(variables).filter(([, value]) => typeof value !== "object");
  return messageGroupingIn(Object.fromEntries(known.map(([name, value]) => [name, String(value)])));
}
