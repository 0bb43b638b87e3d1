/** A rule's metrics: https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-monitoring.html */
import type { Account } from "../account.ts";

/** Rules of the default bus have no bus among their dimensions. */
export function ruleMetrics({ cloudwatch }: Account, ruleName: string, busName: string | null) {
  const dimensions = { ...(busName !== null && { EventBusName: busName }), RuleName: ruleName };
  const metric = (name: string) => cloudwatch.metric({ namespace: "AWS/Events", name, dimensions });
  return {
    matched: metric("MatchedEvents"),
    triggered: metric("TriggeredRules"),
    invocations: metric("Invocations"),
    failed: metric("FailedInvocations"),
    attempts: metric("InvocationAttempts"),
    succeeded: metric("SuccessfulInvocationAttempts"),
    retries: metric("RetryInvocationAttempts"),
    deadLetters: metric("InvocationsSentToDlq"),
    lostDeadLetters: metric("InvocationsFailedToBeSentToDlq"),
  };
}

export type RuleMetrics = ReturnType<typeof ruleMetrics>;
