/** The tags by which a stack is known to be ours: what it is for, which run made it, who, and until when it can be needed. */

/** CloudFormation passes them on to the stack's resources. */
export const tagNames = {
  /** Its value is a `StackKind`. */
  kind: "throttle-bench",
  runId: "throttle-bench:run-id",
  /** The ARN of who made it. */
  owner: "throttle-bench:owner",
  /** ISO 8601. */
  expires: "throttle-bench:expires",
} as const;

export type StackKind = "run" | "database";

/** For the deployment, the burst and the last metrics, which come around the drain. */
const aroundTheDrainMs = 86_400_000;

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_Tag.html */
const longestValue = 256;
/** https://docs.aws.amazon.com/tag-editor/latest/userguide/best-practices-and-strats.html */
const forbidden = /[^\p{L}\p{Z}\p{N}_.:/=+\-@]/gu;

/** `now` and `timeoutMs`, of the drain, in milliseconds; `owner` null: not known. */
export function runTags(run: {
  runId: string;
  owner: string | null;
  now: number;
  timeoutMs: number;
}): Record<string, string> {
  return {
    [tagNames.kind]: "run" satisfies StackKind,
    [tagNames.runId]: run.runId,
    ...ownerTag(run.owner),
    [tagNames.expires]: new Date(run.now + run.timeoutMs + aroundTheDrainMs).toISOString(),
  };
}

/** Of a database, which no time makes superfluous; `owner` as of a run. */
export function databaseTags({ owner }: { owner: string | null }): Record<string, string> {
  return { [tagNames.kind]: "database" satisfies StackKind, ...ownerTag(owner) };
}

function ownerTag(owner: string | null): Record<string, string> {
  return owner === null ? {} : { [tagNames.owner]: owner.replace(forbidden, "_").slice(0, longestValue) };
}
