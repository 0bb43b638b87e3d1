/** A deployment that failed is explained by its first failing resource. */
import { expect, it } from "vitest";
import type { StackEvent } from "../../../src/model.ts";
import { explainFailure } from "../../../src/stacks/failure.ts";

function event(logicalId: string, status: string, reason: string | null): StackEvent {
  return { timestamp: 0, logicalId, resourceType: "AWS::Lambda::Function", status, reason };
}

it("names the first that failed of itself, not those that were cancelled with it", () => {
  const events = [
    event("A", "CREATE_COMPLETE", null),
    event("B", "CREATE_FAILED", "Resource creation cancelled"),
    event("C", "CREATE_FAILED", "the cause."),
    event("D", "CREATE_FAILED", "a later one"),
  ];
  expect(explainFailure(events)).toBe("C (AWS::Lambda::Function) failed: the cause.");
  expect(explainFailure(events.slice(0, 2))).toBe("AWS named no failing resource.");
  expect(explainFailure([event("A", "UPDATE_FAILED", null)])).toMatch(/A .*failed: AWS gave no reason/);
});

it.each([
  [
    "Specified ReservedConcurrentExecutions for function decreases account's UnreservedConcurrentExecution below its minimum value of [100].",
    /; ask for a higher quota of .* or lower ReservedConcurrency by --set: 100 must stay unreserved/,
  ],
  [
    "Specified ReservedConcurrentExecutions for function decreases account's UnreservedConcurrentExecution below its minimum value of [10].",
    /; ask for a higher quota of concurrent executions in Service Quotas, .*: 10 must stay unreserved, and a new account/,
  ],
  [
    "User: arn:aws:iam::123456789012:user/me is not authorized to perform: lambda:CreateFunction on resource: x",
    /let the caller do lambda:CreateFunction; `throttle-bench doctor --policy deploy`/,
  ],
  ["Access denied (HandlerErrorCode: AccessDenied)", /doctor --policy deploy/],
  ["The maximum number of queues is reached (HandlerErrorCode: ServiceLimitExceeded)", /Service Quotas/],
  ["Resource of type 'AWS::IAM::Role' with identifier 'worker' already exists.", /remove what has this name/],
  ["Properties validation failed for resource Q with message: #/DelaySeconds is wrong", /correct this property/],
])("of %s it says what to do", (reason, remedy) => {
  const said = explainFailure([event("F", "CREATE_FAILED", reason)]);
  expect(said).toContain(reason.replace(/\.$/, ""));
  expect(said).toMatch(remedy);
});
