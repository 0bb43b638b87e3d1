/** Lambda's internal queue of asynchronous events: the pace of reading, retries, maximum age, destinations. */
import type { Account, EventInvokeSettings, FunctionFailure, InvocationOutcome, MessageAttribute } from "../account.ts";
import type { Random } from "../kernel/random.ts";
import type { Constants } from "../platforms/platforms.ts";
import { sendTo } from "./destination.ts";
import { ReadingPace } from "./reading-pace.ts";

/** The function whose events these are, as far as the queue needs it. */
interface Invoked {
  readonly name: string;
  readonly arn: string;
  readonly settings: { roleArn: string; deadLetterTargetArn: string | null };
  readonly eventInvoke: Readonly<EventInvokeSettings> | null;
  readonly reservedConcurrency: number | null;
  invoke(payload: unknown, done: (outcome: InvocationOutcome) => void, type: "Event"): void;
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
 * The time that the queue waits after an event's `throttle`-th throttle (1 is the first): it doubles from a second to five minutes, and
 * a small share is added at random.
 * https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-error-handling.html
 */
export function throttleDelayMs(throttle: number, constants: Constants, random: Random): number {
  const interval = Math.min(
    constants["lambda.asyncThrottleBackoffCapMs"],
    constants["lambda.asyncThrottleBackoffBaseMs"] * 2 ** (throttle - 1),
  );
  return interval * (1 + constants["lambda.asyncThrottleJitter"] * random.fraction());
}

/**
 * The time that the queue waits after an event's first or second error: a minute or two, a little early or late.
 * https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-error-handling.html
 */
function errorDelayMs(error: number, constants: Constants, random: Random): number {
  const interval = constants[error === 1 ? "lambda.asyncFirstErrorRetryMs" : "lambda.asyncSecondErrorRetryMs"];
  return (
    interval * random.between(constants["lambda.asyncErrorRetryEarliest"], constants["lambda.asyncErrorRetryLatest"])
  );
}

export class AsynchronousQueue {
  #closed = false;

  readonly #metrics: ReturnType<typeof asynchronousMetrics>;
  readonly #ids: Random;
  readonly #retryTimes: Random;
  readonly #pace: ReadingPace<AsynchronousEvent>;

  constructor(
    private readonly account: Account,
    private readonly fn: Invoked,
  ) {
    this.#metrics = asynchronousMetrics(account, fn.name);
    this.#ids = account.kernel.random("lambda.ids");
    this.#retryTimes = account.kernel.random("lambda.asyncRetry");
    this.#pace = new ReadingPace(account.kernel, account.constants, (event) => this.#attempt(event));
  }

  /** Forgets the events that wait. */
  close(): void {
    this.#closed = true;
  }

  /** With a reservation of 0, a new event is not tried at all: it goes where failed events go. */
  accept(payload: unknown): { requestId: string } {
    const { kernel, constants } = this.account;
    const event: AsynchronousEvent = {
      requestId: this.#ids.uuid(),
      payload,
      acceptedAt: kernel.now,
      throttles: 0,
      errors: 0,
      lastFailure: null,
    };
    this.#metrics.received.add(1);
    const refused = this.fn.reservedConcurrency === 0;
    kernel.after(constants["lambda.asyncDispatchMs"], () => {
      if (refused) this.#giveUp(event, "RetriesExhausted");
      else this.#pace.add(event);
    });
    return { requestId: event.requestId };
  }

  #attempt(event: AsynchronousEvent): void {
    if (this.#closed) return;
    const ageMs = this.account.kernel.now - event.acceptedAt;
    if (ageMs >= this.#maximumEventAgeMs) {
      this.#giveUp(event, "EventAgeExceeded");
      return;
    }
    this.#metrics.age.add(ageMs);
    this.fn.invoke(event.payload, (outcome) => this.#end(event, outcome), "Event");
  }

  #end(event: AsynchronousEvent, outcome: InvocationOutcome): void {
    if (outcome.kind === "throttled") this.#retryAfterThrottle(event);
    else if (outcome.kind === "error") this.#retryAfterError(event, outcome.failure);
    else {
      this.#pace.succeeded();
      this.#deliver(this.fn.eventInvoke?.onSuccessArn ?? null, event, "Success", outcome.payload);
    }
  }

  #retryAfterThrottle(event: AsynchronousEvent): void {
    event.throttles++;
    this.#pace.throttled();
    this.#retry(event, throttleDelayMs(event.throttles, this.account.constants, this.#retryTimes));
  }

  #retryAfterError(event: AsynchronousEvent, failure: FunctionFailure): void {
    const { constants } = this.account;
    event.errors++;
    event.lastFailure = failure;
    const retries = this.fn.eventInvoke?.maximumRetryAttempts ?? constants["lambda.asyncMaximumRetryAttempts"];
    if (event.errors > retries) this.#giveUp(event, "RetriesExhausted");
    else this.#retry(event, errorDelayMs(event.errors, constants, this.#retryTimes));
  }

  /** An event whose next retry would come after its maximum age is given up now: LocalStack, test_maxeventage, validated on AWS. */
  #retry(event: AsynchronousEvent, delayMs: number): void {
    const { kernel } = this.account;
    const retryAt = kernel.now + delayMs;
    if (retryAt >= event.acceptedAt + this.#maximumEventAgeMs) this.#giveUp(event, "EventAgeExceeded");
    else kernel.at(retryAt, () => this.#pace.add(event));
  }

  get #maximumEventAgeMs(): number {
    return this.fn.eventInvoke?.maximumEventAgeMs ?? this.account.constants["lambda.asyncMaximumEventAgeMs"];
  }

  #giveUp(event: AsynchronousEvent, condition: Condition): void {
    this.#metrics.dropped.add(1);
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
    const succeeded = condition === "Success";
    const failure = succeeded ? null : event.lastFailure;
    const record = {
      version: "1.0",
      timestamp: new Date(this.account.kernel.now).toISOString(),
      requestContext: {
        requestId: event.requestId,
        functionArn: `${this.fn.arn}:$LATEST`,
        condition,
        approximateInvokeCount: event.throttles + event.errors + (succeeded ? 1 : 0),
      },
      requestPayload: event.payload,
      ...(succeeded && {
        responseContext: { statusCode: 200, executedVersion: "$LATEST" },
        responsePayload: response,
      }),
      ...(failure && {
        responseContext: { statusCode: 200, executedVersion: "$LATEST", functionError: "Unhandled" },
        responsePayload: failure,
      }),
    };
    if (!this.#send(destinationArn, record)) this.#metrics.deliveryFailures.add(1);
  }

  /**
   * Sends the event as it is. Attributes say what became of it.
   * https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-retain-records.html#invocation-dlq
   */
  #deadLetter(event: AsynchronousEvent): void {
    const { deadLetterTargetArn } = this.fn.settings;
    if (deadLetterTargetArn === null) return;
    const sent = this.#send(deadLetterTargetArn, event.payload, {
      RequestID: { DataType: "String", StringValue: event.requestId },
      ErrorCode: { DataType: "Number", StringValue: event.lastFailure ? "200" : "429" },
      ErrorMessage: {
        DataType: "String",
        StringValue: (event.lastFailure?.errorMessage ?? "Rate Exceeded.").slice(
          0,
          this.account.constants["lambda.maximumDeadLetterErrorCharacters"],
        ),
      },
    });
    if (!sent) this.#metrics.deadLetterErrors.add(1);
  }

  #send(targetArn: string, body: unknown, messageAttributes?: Record<string, MessageAttribute>): boolean {
    return sendTo(this.account, this.fn.settings.roleArn, targetArn, body, messageAttributes);
  }
}

/** https://docs.aws.amazon.com/lambda/latest/dg/monitoring-metrics-types.html */
function asynchronousMetrics({ cloudwatch }: Account, functionName: string) {
  const dimensions = { FunctionName: functionName };
  const metric = (name: string) => cloudwatch.metric({ namespace: "AWS/Lambda", name, dimensions });
  return {
    received: metric("AsyncEventsReceived"),
    age: metric("AsyncEventAge"),
    dropped: metric("AsyncEventsDropped"),
    deliveryFailures: metric("DestinationDeliveryFailures"),
    deadLetterErrors: metric("DeadLetterErrors"),
  };
}
