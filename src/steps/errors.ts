/** Reads the causes of the consumer's failures from its log. */
import { GetFunctionConfigurationCommand, LambdaClient } from "@aws-sdk/client-lambda";
import { BenchError } from "../errors.ts";
import { ErrorCounts, failurePattern } from "../metrics/errors.ts";
import type { CountedErrors, Details, MetricsWindow, StackNames, Summary } from "../model.ts";
import { needsCredentials } from "../targets/refusal.ts";
import { send } from "../targets/send.ts";
import type { Account } from "../targets/target.ts";

/** True where something failed, or may have: CloudWatch shows errors or nothing at all, or not every event has completed. */
export function mayHaveFailed(summary: Summary, { errors }: Pick<Details, "errors">): boolean {
  return errors !== 0 || summary.eventsCompleted < summary.totalEvents || summary.duplicates > 0;
}

/** null: the log cannot be read, because it is gone or the caller may not. Throws only where the credentials have expired. */
export async function readErrors(
  target: Account,
  stack: StackNames,
  { start }: Pick<MetricsWindow, "start">,
): Promise<CountedErrors[] | null> {
  try {
    return await countedIn(target, await logGroupOf(target, stack), start);
  } catch (failure) {
    if (!(failure instanceof BenchError) || needsCredentials(failure)) throw failure;
    return null;
  }
}

async function logGroupOf(target: Account, { consumerFunction }: StackNames): Promise<string> {
  const client = target.clients.get(LambdaClient);
  const question = new GetFunctionConfigurationCommand({ FunctionName: consumerFunction });
  const sending = { service: "Lambda", failure: "The consumer's configuration cannot be read" };
  const { LoggingConfig } = await send(target, () => client.send(question), sending);
  return LoggingConfig?.LogGroup ?? `/aws/lambda/${consumerFunction}`;
}

async function countedIn(target: Account, logGroupName: string, startTime: number): Promise<CountedErrors[]> {
  // Loaded here, because a run without failures has no use for it.
  const { CloudWatchLogsClient, FilterLogEventsCommand } = await import("@aws-sdk/client-cloudwatch-logs");
  const client = target.clients.get(CloudWatchLogsClient);
  const sending = { service: "CloudWatch Logs", failure: "The consumer's log cannot be read" };
  const counts = new ErrorCounts();
  let nextToken: string | undefined;
  do {
    const question = new FilterLogEventsCommand({ logGroupName, startTime, filterPattern: failurePattern, nextToken });
    const page = await send(target, () => client.send(question), sending);
    for (const { message = "", timestamp = 0 } of page.events ?? []) counts.add(message, timestamp);
    nextToken = page.nextToken;
  } while (nextToken !== undefined);
  return counts.all;
}
