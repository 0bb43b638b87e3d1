/**
 * A target of a rule: each event that the rule takes is delivered to it, tried again, and given up to its dead-letter queue.
 * https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-rule-retry-policy.html
 */
import type { Account, HttpResponse, MessageAttribute, Queue } from "../account.ts";
import type { Random } from "../kernel/random.ts";
import type { Constants } from "../platforms/platforms.ts";
import { ServiceError } from "../service-error.ts";
import type { ApiDestination, Reply } from "./api-destination.ts";
import type { BusEvent } from "./event.ts";
import type { RuleMetrics } from "./metrics.ts";
import { payloadFor, type RuleNames, type TargetInput } from "./target-input.ts";

export interface TargetSettings {
  id: string;
  arn: string;
  /** An API destination is invoked by this role. */
  roleArn: string | null;
  deadLetterArn: string | null;
  maximumRetries: number;
  maximumEventAgeMs: number;
  input: TargetInput;
}

/** Why an attempt failed, in the words of a dead letter's attributes. */
interface Failure {
  code: string;
  message: string;
  /** null: there is no use in trying again. Otherwise the target asks to be left alone for so long. */
  retryAfterMs: number | null;
}

interface Delivery {
  readonly event: BusEvent;
  readonly expiresAt: number;
  retries: number;
  lastFailure: Failure | null;
}

const principal = "events.amazonaws.com";

/** The time before an event's `retry`-th retry (1 is the first). */
export function retryDelayMs(retry: number, constants: Constants, random: Pick<Random, "fraction">): number {
  const interval = Math.min(
    constants["eventbridge.retryBackoffCapMs"],
    constants["eventbridge.retryBackoffBaseMs"] * 2 ** (retry - 1),
  );
  return interval * (1 - constants["eventbridge.retryJitter"] * random.fraction());
}

export class Target {
  #isClosed = false;
  readonly #times: Random;
  readonly #retryTimes: Random;

  constructor(
    private readonly account: Account,
    private readonly rule: RuleNames,
    private readonly metrics: RuleMetrics,
    readonly settings: TargetSettings,
    /** Finds an API destination by its ARN. */
    private readonly destination: (arn: string) => ApiDestination | undefined,
  ) {
    this.#times = account.kernel.random("eventbridge.delivery");
    this.#retryTimes = account.kernel.random("eventbridge.retry");
  }

  /** Forgets the events that wait. */
  close(): void {
    this.#isClosed = true;
  }

  accept(event: BusEvent): void {
    const { kernel, constants } = this.account;
    const delivery: Delivery = {
      event,
      expiresAt: kernel.now + this.settings.maximumEventAgeMs,
      retries: 0,
      lastFailure: null,
    };
    const ms = this.#times.lognormal(constants["eventbridge.deliveryMedianMs"], constants["eventbridge.deliverySigma"]);
    kernel.after(ms, () => this.#attempt(delivery));
  }

  #attempt(delivery: Delivery): void {
    if (this.#isClosed) return;
    const { arn, input } = this.settings;
    const payload = payloadFor(delivery.event, input, this.rule);
    if (payload === undefined) {
      this.#begin(delivery);
      this.#fail(delivery, never("INVALID_JSON", "The input of the target is no JSON."));
      return;
    }
    const destination = this.destination(arn);
    if (destination !== undefined && this.#mayInvoke(arn)) {
      this.#invoke(destination, JSON.stringify(payload), delivery);
      return;
    }
    this.#begin(delivery);
    const failure = destination === undefined ? this.#hand(payload) : noPermissions(arn);
    if (failure === null) this.#succeed();
    else this.#fail(delivery, failure);
  }

  /** An event that still waits for its turn when it is too old is given up. */
  #invoke(destination: ApiDestination, body: string, delivery: Delivery): void {
    destination.send({
      body,
      expiresAt: delivery.expiresAt,
      begin: () => this.#begin(delivery),
      done: (reply) => {
        const failure = failureOf(reply);
        if (failure === null) this.#succeed();
        else this.#fail(delivery, failure);
      },
      expire: () => this.#giveUp(delivery, "MaximumEventAgeInSeconds"),
    });
  }

  /** Hands the payload to a queue or a function of the account; null: it is taken. */
  #hand(payload: unknown): Failure | null {
    const { sqs, lambda } = this.account;
    const { arn } = this.settings;
    const fn = lambda.fn(arn);
    if (fn?.arn === arn) {
      if (!fn.permits(principal, this.rule.arn)) return noPermissions(arn);
      fn.invokeAsync(payload);
      return null;
    }
    const queue = sqs.queue(arn);
    if (queue === undefined) return never("NO_RESOURCE", `The target ${arn} does not exist.`);
    return this.#write(queue, JSON.stringify(payload)) ? null : noPermissions(arn);
  }

  #begin(delivery: Delivery): void {
    this.metrics.attempts.add(1);
    if (delivery.retries > 0) this.metrics.retries.add(1);
  }

  #succeed(): void {
    this.metrics.succeeded.add(1);
    this.metrics.invocations.add(1);
  }

  #fail(delivery: Delivery, failure: Failure): void {
    if (this.#isClosed) return;
    const { kernel, constants } = this.account;
    delivery.lastFailure = failure;
    if (failure.retryAfterMs === null) {
      this.#giveUp(delivery, null);
      return;
    }
    if (delivery.retries >= this.settings.maximumRetries) {
      this.#giveUp(delivery, "MaximumRetryAttempts");
      return;
    }
    delivery.retries++;
    const delayMs = Math.max(failure.retryAfterMs, retryDelayMs(delivery.retries, constants, this.#retryTimes));
    const retryAt = kernel.now + delayMs;
    if (retryAt < delivery.expiresAt) kernel.at(retryAt, () => this.#attempt(delivery));
    else kernel.at(delivery.expiresAt, () => this.#giveUp(delivery, "MaximumEventAgeInSeconds"));
  }

  /** https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-rule-dlq.html */
  #giveUp(delivery: Delivery, exhausted: "MaximumRetryAttempts" | "MaximumEventAgeInSeconds" | null): void {
    if (this.#isClosed) return;
    const { event, lastFailure, retries } = delivery;
    this.metrics.invocations.add(1);
    this.metrics.failed.add(1);
    const { deadLetterArn, arn } = this.settings;
    if (deadLetterArn === null) return;
    const attributes: Record<string, string> = {
      RULE_ARN: this.rule.arn,
      TARGET_ARN: arn,
      // An event that waits for the rate alone was never tried.
      ERROR_CODE: lastFailure?.code ?? "THROTTLING",
      ERROR_MESSAGE: lastFailure?.message ?? "Invocation rate limit exceeded",
      ...(exhausted !== null && { EXHAUSTED_RETRY_CONDITION: exhausted }),
      RETRY_ATTEMPTS: String(retries),
    };
    const messageAttributes = Object.fromEntries(
      Object.entries(attributes).map(([name, StringValue]) => [name, { DataType: "String", StringValue }]),
    );
    const queue = this.account.sqs.queue(deadLetterArn);
    const isSent = queue !== undefined && this.#write(queue, JSON.stringify(event), messageAttributes);
    (isSent ? this.metrics.deadLetters : this.metrics.lostDeadLetters).add(1);
  }

  /** False when the queue's policy does not let this rule write, or the queue refuses the message. */
  #write(queue: Queue, body: string, messageAttributes?: Record<string, MessageAttribute>): boolean {
    const { iam, accountId } = this.account;
    const { policy } = queue.settings;
    const context = { "aws:SourceArn": this.rule.arn, "aws:SourceAccount": accountId };
    const request = { action: "sqs:SendMessage", resource: queue.arn, principal, context };
    if (!iam.isAllowed(policy ? [policy] : [], request)) return false;
    try {
      queue.send(body, messageAttributes && { messageAttributes });
      return true;
    } catch (refusal) {
      if (refusal instanceof ServiceError) return false;
      throw refusal;
    }
  }

  #mayInvoke(destinationArn: string): boolean {
    const { roleArn } = this.settings;
    const { iam } = this.account;
    if (roleArn === null || !iam.mayAssume(roleArn, principal)) return false;
    return iam.allows(roleArn, "events:InvokeApiDestination", destinationArn);
  }
}

function never(code: string, message: string): Failure {
  return { code, message, retryAfterMs: null };
}

function noPermissions(arn: string): Failure {
  return never("NO_PERMISSIONS", `The rule may not invoke ${arn}.`);
}

/** https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-api-destinations.html#eb-api-destination-error-codes */
function failureOf(reply: Reply): Failure | null {
  if (reply === "timeout") return { code: "TIMEOUT", message: "The endpoint did not answer in time.", retryAfterMs: 0 };
  if (reply === "no endpoint") return never("NO_RESOURCE", "The endpoint's address is not found.");
  const { statusCode } = reply;
  if (statusCode >= 200 && statusCode < 300) return null;
  const code = statusCode === 429 ? "THROTTLING" : "ERROR_FROM_TARGET";
  const message = `The endpoint answered with status ${statusCode}.`;
  return { code, message, retryAfterMs: statusCode === 429 || statusCode >= 500 ? retryAfterMs(reply) : null };
}

/** A negative time asks for no retry at all: null. */
function retryAfterMs({ headers }: HttpResponse): number | null {
  const seconds = Number(headers["retry-after"] ?? 0);
  if (Number.isNaN(seconds)) return 0;
  return seconds < 0 ? null : seconds * 1_000;
}
