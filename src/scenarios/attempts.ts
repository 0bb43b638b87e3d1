/** How often the consumer gets an event at most, as far as the settings of a run tell that it fails. */
import { parseLimit } from "../../infra/handlers/limit.ts";
import type { RunRequest } from "../model.ts";
import { resourceNamed } from "../template/references.ts";
import { amountIn, queueReadings, type ServiceDefaults } from "./queue-reading.ts";

/**
 * The mean over the events, 1 where nothing says that a call fails. A queue without dead letters, and a stream, try again until the run
 * ends: then time and concurrency bound it.
 */
export function attemptsAhead(
  { scenario, settings, events, timeoutMs }: Pick<RunRequest, "scenario" | "settings" | "events" | "timeoutMs">,
  /** its logical id; null: the template does not say */
  consumer: string | null,
  defaults: ServiceDefaults,
): number {
  const setting = (name: string, otherwise: number) => Number(settings[name] ?? otherwise);
  const workMs = Math.max(1, setting("WorkMs", 1_000), setting("WorkMsMax", 0));
  const { resources, of: amount } = amountIn(scenario, settings);
  const ofConsumer = (wanted: string) =>
    resources.filter(
      ({ type, properties }) =>
        type === wanted && resourceNamed(properties.FunctionName, resources)?.logicalId === consumer,
    );
  const isRead = ofConsumer("AWS::Lambda::EventSourceMapping").length > 0;
  const consumers = queueReadings(scenario, settings, defaults).filter(({ fn }) => fn.logicalId === consumer);
  const retries = ofConsumer("AWS::Lambda::EventInvokeConfig").map(
    (one) => amount(one, defaults.retries, "MaximumRetryAttempts")!.value,
  );
  const most = Math.max(
    1,
    ...(consumers.length > 0
      ? consumers.map(({ maxReceiveCount }) => maxReceiveCount?.value ?? Number.POSITIVE_INFINITY)
      : [isRead ? Number.POSITIVE_INFINITY : 1 + Math.max(defaults.retries, ...retries)]),
  );
  const gapMs = Math.max(workMs, ...consumers.map(({ visibility }) => visibility.value * 1_000));
  const limit = parseLimit(settings.DownstreamLimit ?? "0");
  const isRefused = limit !== null && !["wait", "return"].includes(settings.WhenRefused ?? "throw");
  const isTimedOut = consumers.some(({ timeout }) => workMs > timeout.value * 1_000);
  // A limited downstream takes the last event when it has had time for all of them.
  const forMs = isRefused ? Math.min(timeoutMs, (events / limit.calls) * limit.perMs) : timeoutMs;
  const inTime = Math.min(most, 1 + forMs / gapMs);
  const instances = Math.max(1, setting("ReservedConcurrency", 1_000));
  const bounded = Math.max(1, Math.min(inTime, 1 + (instances * forMs) / workMs / events));
  if (isRefused || isTimedOut) return bounded;
  const poisoned = setting("PoisonRate", 0);
  return poisoned * bounded + (1 - poisoned) * meanTries(setting("FailureRate", 0), bounded);
}

/** The tries until one succeeds or `most` have failed. */
function meanTries(failureRate: number, most: number): number {
  return failureRate >= 1 ? most : (1 - failureRate ** most) / (1 - failureRate);
}
