/** Older records made into today's: each version says what the next one added, and what is known of it. */

/**
 * The record as the newest version has it; anything that is no older record is given back as it came. What an older
 * version did not record is null, never a guess.
 */
export function upgraded(json: unknown): unknown {
  if (isVersion(json, 1)) return fromVersion1(json);
  return isVersion(json, 2) && isFromBeforeLanes(json) ? withLanes(json) : json;
}

/** Version 1, of which the first records had no repeated runs yet. */
function fromVersion1(record: Record<string, unknown>): Record<string, unknown> {
  const burst = record.burst as Record<string, unknown> | undefined;
  return {
    uncertainty: null,
    ...record,
    schemaVersion: 2,
    profile: null,
    location: null,
    stack: null,
    metricsWindow: null,
    burst: burst && { ...burst, shards: [] },
  };
}

/** Of version 2 the first records had shards that followed each other only, and no queue for reports. */
function isFromBeforeLanes({ stack }: Record<string, unknown>): boolean {
  return isObject(stack) && !("producerReports" in stack);
}

function withLanes(record: Record<string, unknown>): Record<string, unknown> {
  const { stack, burst } = record;
  const shards = isObject(burst) && Array.isArray(burst.shards) ? burst.shards : [];
  return {
    ...record,
    stack: { ...(stack as object), producerReports: null },
    burst: isObject(burst)
      ? { ...burst, shards: shards.map((shard) => ({ stride: 1, failure: null, ...shard })) }
      : burst,
  };
}

function isVersion(json: unknown, version: number): json is Record<string, unknown> {
  return isObject(json) && json.schemaVersion === version;
}

function isObject(json: unknown): json is Record<string, unknown> {
  return typeof json === "object" && json !== null;
}
