/** The shards that a template provisions, for which Kinesis bills at all times. */
import type { Scenario, Settings } from "../model.ts";
import { effectiveResources } from "../template/effective.ts";

/** null: no stream of the template has a number of shards. A stream of the mode ON_DEMAND is billed by what goes through it. */
export function provisionedShards({ template }: Scenario, settings: Settings): number | null {
  const streams = effectiveResources(template, settings, "AWS::Kinesis::Stream");
  const counts = streams.map(({ properties }) => Number(properties.ShardCount));
  return counts.length === 0 || counts.some(Number.isNaN) ? null : counts.reduce((sum, count) => sum + count, 0);
}
