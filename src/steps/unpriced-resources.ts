/** The resources of a run that are billed at prices which are not known here. */
import { unpricedTypes } from "../metrics/spending.ts";
import type { RunRequest } from "../model.ts";
import { provisionedShards } from "./provisioned-shards.ts";

/** Their types, each once. */
export function unpricedIn({ scenario, settings }: Pick<RunRequest, "scenario" | "settings">): string[] {
  const types = scenario.template.resources.map(({ type }) => type);
  return unpricedTypes(types, { shards: provisionedShards(scenario, settings) });
}
