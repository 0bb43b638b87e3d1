/** Older records made into today's: each version says what the next one added, and what is known of it. */

/**
 * The record as the newest version has it; anything that is no older record is given back as it came. What an older
 * version did not record is null, never a guess.
 */
export function upgraded(json: unknown): unknown {
  if (isVersion(json, 1)) return fromVersion1(json);
  return isVersion(json, 2) ? fromEarlyVersion2(isFromBeforeLanes(json) ? withLanes(json) : json) : json;
}

/** The first records of version 2 named no model, counted no batches, and did not say when CloudWatch was asked, or that it could not be. */
function fromEarlyVersion2(early: Record<string, unknown>): Record<string, unknown> {
  const record = withKey(early, "modelHash") as Record<string, unknown>;
  const details = withKey(record.details, "batches");
  const metricsWindow = withKey(withKey(record.metricsWindow, "readAt"), "refusal");
  const isOfToday = details === record.details && metricsWindow === record.metricsWindow;
  return isOfToday ? record : { ...record, details, metricsWindow };
}

/** The part with the key, null where it lacked it; what is no object as it is. */
function withKey(part: unknown, key: string): unknown {
  return typeof part === "object" && part !== null && !(key in part) ? { ...part, [key]: null } : part;
}

/** Version 1, of which the first records had no repeated runs yet. */
function fromVersion1(record: Record<string, unknown>): Record<string, unknown> {
  const burst = record.burst as Record<string, unknown> | undefined;
  return fromEarlyVersion2({
    uncertainty: null,
    ...record,
    schemaVersion: 2,
    profile: null,
    location: null,
    stack: null,
    metricsWindow: null,
    burst: burst && { ...burst, shards: [] },
  });
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
