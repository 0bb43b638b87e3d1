/** Explains why a deployment failed: by its first failing resource, AWS's reason, and a remedy. */
import type { StackEvent } from "../model.ts";

/** AWS's words, and the remedy. The first pattern that matches decides. */
const remedies: [reason: RegExp, remedy: (match: RegExpExecArray) => string][] = [
  [
    /UnreservedConcurrentExecution below its minimum value of \[(\d+)\]/,
    ([, floor]) =>
      `ask for a higher quota of concurrent executions in Service Quotas, or lower ReservedConcurrency by --set: ${floor} must stay unreserved, and a new account may have no more`,
  ],
  [
    /not authorized to perform:? (\w+:\w+)/i,
    ([, action]) => `let the caller do ${action}; \`throttle-bench doctor --policy deploy\` prints all that is needed`,
  ],
  [
    /AccessDenied|not authorized/i,
    () => "ask for the permission; `throttle-bench doctor --policy deploy` prints all that are needed",
  ],
  [
    /LimitExceeded|ServiceQuota|quota|limit exceeded|maximum number/i,
    () => "remove what is not needed, such as with `throttle-bench clean`, or ask for a higher quota in Service Quotas",
  ],
  [
    /already exists/i,
    () => "remove what has this name, or let CloudFormation make the name up by leaving it out of the template",
  ],
  [
    /Properties validation failed|Encountered unsupported property|InvalidRequest|InvalidParameter|Invalid value/i,
    () => "correct this property in the template, or the setting that it comes from",
  ],
];

/** The reason of CloudFormation for the resources that it stops because another one failed. */
const cancelled = /\b(creation|update) cancelled\b/i;

/** The event of the first resource that failed by itself; undefined when there is none. */
export function firstFailure(events: readonly StackEvent[]): StackEvent | undefined {
  return events.find(({ status, reason }) => status.endsWith("_FAILED") && !cancelled.test(reason ?? ""));
}

/** `Q (AWS::SQS::Queue) failed: AWS's reason; what to do.` */
export function explainFailure(events: readonly StackEvent[]): string {
  const first = firstFailure(events);
  if (first === undefined) return "AWS named no failing resource.";
  const { logicalId, resourceType, reason } = first;
  const said = (reason ?? "AWS gave no reason").replace(/\.$/, "");
  const remedy = remedyFor(said);
  return `${logicalId} (${resourceType}) failed: ${said}${remedy === null ? "." : `; ${remedy}.`}`;
}

/** The remedy for AWS's reason. Null: none is known. */
function remedyFor(reason: string): string | null {
  for (const [words, remedy] of remedies) {
    const match = words.exec(reason);
    if (match) return remedy(match);
  }
  return null;
}
