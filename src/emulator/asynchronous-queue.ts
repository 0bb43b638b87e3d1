/** Lambda's internal queue of asynchronous events: retries after throttles and errors, maximum age, destinations. */
import type { Account, EventInvokeSettings, FunctionFailure, InvocationOutcome } from "./account.ts";
import type { Constants } from "./platforms/platforms.ts";
import type { Random } from "./random.ts";

/** The function whose events these are, as far as the queue needs it. */
export interface Invoked {
  readonly name: string;
  readonly arn: string;
  readonly settings: { roleArn: string; deadLetterTargetArn: string | null };
  readonly eventInvoke: Readonly<EventInvokeSettings> | null;
  readonly reservedConcurrency: number | null;
  invoke(payload: unknown, done: (outcome: InvocationOutcome) => void): void;
}

interface AsynchronousEvent {
  readonly requestId: string;
  readonly payload: unknown;
  readonly acceptedAt: number;
  throttles: number;
  errors: number;
  lastFailure: FunctionFailure | null;
}

/** Why an event is given up, in the words of a destination record. */
type Condition = "RetriesExhausted" | "EventAgeExceeded";

/**
 * How long the queue waits after an event's `throttle`-th throttle (1 is the first): exponential from a second to five minutes.
 * Part of the interval is drawn at random: how much is unpublished.
 * https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-error-handling.html
 */
export function throttleDelayMs(throttle: number, constants: Constants, random: Random): number {
  const interval = Math.min(
    constants["lambda.asyncThrottleBackoffCapMs"],
    constants["lambda.asyncThrottleBackoffBaseMs"] * 2 ** (throttle - 1),
  );
  return interval * (1 - constants["lambda.asyncThrottleJitter"] * random.fraction());
}

export class AsynchronousQueue {
  constructor(
    private readonly account: Account,
    private readonly fn: Invoked,
  ) {}

  accept(payload: unknown): { requestId: string } {
    const { kernel, constants } = this.account;
    const event: AsynchronousEvent = {
      requestId: kernel.random("lambda.ids").uuid(),
      payload,
      acceptedAt: kernel.now,
      throttles: 0,
      errors: 0,
      lastFailure: null,
    };
    this.#count("AsyncEventsReceived", 1);
    kernel.after(constants["lambda.asyncDispatchMs"], () => this.#attempt(event));
    return { requestId: event.requestId };
  }

  #attempt(event: AsynchronousEvent): void {
    const ageMs = this.account.kernel.now - event.acceptedAt;
    if (this.fn.reservedConcurrency === 0) {
      this.#giveUp(event, "RetriesExhausted");
      return;
    }
    if (ageMs >= this.#maximumEventAgeMs) {
      this.#giveUp(event, "EventAgeExceeded");
      return;
    }
    this.#count("AsyncEventAge", ageMs);
    this.fn.invoke(event.payload, (outcome) => {
      if (outcome.kind === "throttled") this.#retryAfterThrottle(event);
      else if (outcome.kind === "error") this.#retryAfterError(event, outcome.failure);
      else this.#deliver(this.fn.eventInvoke?.onSuccessArn ?? null, event, "Success", outcome.payload);
    });
  }

  #retryAfterThrottle(event: AsynchronousEvent): void {
    event.throttles++;
    const { kernel, constants } = this.account;
    this.#retry(event, throttleDelayMs(event.throttles, constants, kernel.random("lambda.asyncRetry")));
  }

  #retryAfterError(event: AsynchronousEvent, failure: FunctionFailure): void {
    const { constants } = this.account;
    event.errors++;
    event.lastFailure = failure;
    const retries = this.fn.eventInvoke?.maximumRetryAttempts ?? constants["lambda.asyncMaximumRetryAttempts"];
    const delay = event.errors === 1 ? "lambda.asyncFirstErrorRetryMs" : "lambda.asyncSecondErrorRetryMs";
    if (event.errors > retries) this.#giveUp(event, "RetriesExhausted");
    else this.#retry(event, constants[delay]);
  }

  /** An event that reaches its maximum age while it waits is given up at that moment. */
  #retry(event: AsynchronousEvent, delayMs: number): void {
    const { kernel } = this.account;
    kernel.at(Math.min(kernel.now + delayMs, event.acceptedAt + this.#maximumEventAgeMs), () => this.#attempt(event));
  }

  get #maximumEventAgeMs(): number {
    return this.fn.eventInvoke?.maximumEventAgeMs ?? this.account.constants["lambda.asyncMaximumEventAgeMs"];
  }

  #giveUp(event: AsynchronousEvent, condition: Condition): void {
    this.#count("AsyncEventsDropped", 1);
    this.#deliver(this.fn.eventInvoke?.onFailureArn ?? null, event, condition, null);
    this.#deadLetter(event);
  }

  /** https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-retain-records.html */
  #deliver(
    destinationArn: string | null,
    event: AsynchronousEvent,
    condition: Condition | "Success",
    response: unknown,
  ): void {
    if (destinationArn === null) return;
    const attempts = event.throttles + event.errors + (condition === "Success" ? 1 : 0);
    const record = {
      version: "1.0",
      timestamp: new Date(this.account.kernel.now).toISOString(),
      requestContext: {
        requestId: event.requestId,
        functionArn: `${this.fn.arn}:$LATEST`,
        condition,
        approximateInvokeCount: attempts,
      },
      requestPayload: event.payload,
      ...(condition === "Success" || event.lastFailure
        ? {
            responseContext: {
              statusCode: 200,
              executedVersion: "$LATEST",
              ...(event.lastFailure && { functionError: "Unhandled" }),
            },
          }
        : {}),
      ...(condition === "Success"
        ? { responsePayload: response }
        : event.lastFailure
          ? { responsePayload: event.lastFailure }
          : {}),
    };
    if (!this.#send(destinationArn, record)) this.#count("DestinationDeliveryFailures", 1);
  }

  #deadLetter(event: AsynchronousEvent): void {
    const { deadLetterTargetArn } = this.fn.settings;
    if (deadLetterTargetArn !== null && !this.#send(deadLetterTargetArn, event.payload))
      this.#count("DeadLetterErrors", 1);
  }

  /** Sends to a queue, topic or function with the function's own role; false when the role or the target does not let it. */
  #send(targetArn: string, body: unknown): boolean {
    const { iam, sqs, sns, lambda } = this.account;
    const text = JSON.stringify(body);
    const allowed = (action: string) => iam.allows(this.fn.settings.roleArn, action, targetArn);
    const queue = sqs.queue(targetArn);
    if (queue) return allowed("sqs:SendMessage") && queue.send(text) !== undefined;
    const topic = sns.topic(targetArn);
    if (topic) return allowed("sns:Publish") && topic.publish(text) !== undefined;
    const fn = lambda.fn(targetArn);
    return fn !== undefined && allowed("lambda:InvokeFunction") && fn.invokeAsync(body) !== undefined;
  }

  #count(name: string, value: number): void {
    this.account.cloudwatch.record(
      { namespace: "AWS/Lambda", name, dimensions: { FunctionName: this.fn.name } },
      value,
    );
  }
}
