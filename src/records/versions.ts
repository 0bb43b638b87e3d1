/** Older records made into today's: each version says what the next one added, and what is known of it. */

/**
 * The record as the newest version has it; anything that is no older record is given back as it came. What an older
 * version did not record is null, never a guess.
 */
export function upgraded(json: unknown): unknown {
  return isVersion(json, 1) ? fromVersion1(json) : json;
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

function isVersion(json: unknown, version: number): json is Record<string, unknown> {
  return typeof json === "object" && json !== null && "schemaVersion" in json && json.schemaVersion === version;
}
