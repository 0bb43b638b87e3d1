/** The tags that mark a stack as ours: its purpose, its run, its owner, and until when it can be needed. */

/** CloudFormation passes them on to the stack's resources. */
export const tagNames = {
  /** Its value is a `StackKind`. */
  kind: "throttle-bench",
  runId: "throttle-bench:run-id",
  /** The ARN of its owner, who made it. */
  owner: "throttle-bench:owner",
  /** ISO 8601. */
  expires: "throttle-bench:expires",
} as const;

export type StackKind = "run" | "database";

/** Time for the deployment and the burst before the drain, and for the last metrics after it. */
const aroundTheDrainMs = 86_400_000;

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_Tag.html */
const longestValue = 256;
/** https://docs.aws.amazon.com/tag-editor/latest/userguide/best-practices-and-strats.html */
const forbidden = /[^\p{L}\p{Z}\p{N}_.:/=+\-@]/gu;

/** The tags of a run's stack. `now` and `timeoutMs`, which is the drain's, are milliseconds; `owner` null: not known. */
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

/** The tags of a database's stack, which never expires. `owner` null: not known. */
export function databaseTags({ owner }: { owner: string | null }): Record<string, string> {
  return { [tagNames.kind]: "database" satisfies StackKind, ...ownerTag(owner) };
}

function ownerTag(owner: string | null): Record<string, string> {
  return owner === null ? {} : { [tagNames.owner]: owner.replace(forbidden, "_").slice(0, longestValue) };
}
