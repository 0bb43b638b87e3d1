/** SNS standard topics: fan-out to Lambda functions and SQS queues, with SNS's delivery retries. */
import type {
  Account,
  LateText,
  MessageAttribute,
  PolicyDocument,
  PublishEntry,
  Queue,
  Subscription,
  SubscriptionSettings,
  Topic,
  Topics,
} from "../account.ts";
import { runBatch } from "../api/batch.ts";
import type { Alarms } from "../kernel/alarms.ts";
import { Numbered } from "../kernel/numbered.ts";
import type { Random } from "../kernel/random.ts";
import type { Constants } from "../platforms/platforms.ts";
import { ServiceError } from "../service-error.ts";
import { lambdaEvent, Notification } from "./notification.ts";
import { protocols } from "./subscription.ts";

const noAttributes: Record<string, MessageAttribute> = {};

const principal = "sns.amazonaws.com";

/** A notification on its way to a subscription; `retry`: how often it was tried before. */
interface Attempt {
  readonly notification: Notification;
  readonly subscription: Subscription;
  readonly retry: number;
}

/** `clientError`: SNS may not or cannot deliver, so it does not retry. `serverError`: the endpoint's service failed. */
type Delivery = "delivered" | "clientError" | "serverError";

/**
 * The time that SNS waits before its `retry`-th retry (1 is the first) of an AWS-managed endpoint; null when it gives up.
 * https://docs.aws.amazon.com/sns/latest/dg/sns-message-delivery-retries.html
 */
export function retryDelayMs(retry: number, constants: Constants, random: Random): number | null {
  const immediate = constants["sns.immediateRetries"];
  const preBackoff = immediate + constants["sns.preBackoffRetries"];
  const backoff = preBackoff + constants["sns.backoffRetries"];
  const postBackoff = backoff + constants["sns.postBackoffRetries"];
  const base = constants["sns.preBackoffMs"];
  const maximum = constants["sns.backoffMaximumMs"];
  if (retry <= immediate) return 0;
  if (retry > postBackoff) return null;
  const step = (retry - preBackoff - 1) / (constants["sns.backoffRetries"] - 1);
  const delay = retry <= preBackoff ? base : retry > backoff ? maximum : base * (maximum / base) ** step;
  const jitter = constants["sns.retryJitter"];
  return delay * random.between(1 - jitter, 1 + jitter);
}

export class StandardTopic implements Topic {
  readonly name: string;
  readonly arn: string;
  readonly #subscriptions = new Map<string, Subscription>();
  readonly #attempts = new Numbered<Attempt>();
  readonly #due: Alarms;
  /** By the queue's ARN: whether its policy lets this topic write, and the policy that was asked. */
  readonly #permissions = new Map<string, { policy: PolicyDocument | null; isGiven: boolean }>();
  readonly #metrics: ReturnType<typeof topicMetrics>;
  readonly #ids: Random;
  readonly #deliveryTimes: Random;
  readonly #failures: Random;
  readonly #retryTimes: Random;

  constructor(
    private readonly account: Account,
    name: string,
  ) {
    this.name = name;
    this.arn = `arn:aws:sns:${account.region}:${account.accountId}:${name}`;
    this.#metrics = topicMetrics(account, name);
    const { kernel } = account;
    this.#due = kernel.alarms((number) => this.#deliver(this.#attempts.take(number)));
    this.#ids = kernel.random("sns.ids");
    this.#deliveryTimes = kernel.random("sns.delivery");
    this.#failures = kernel.random("sns.failure");
    this.#retryTimes = kernel.random("sns.retry");
  }

  get subscriptions(): readonly Subscription[] {
    return [...this.#subscriptions.values()];
  }

  publish(
    message: string,
    options: { subject?: string; messageAttributes?: Record<string, MessageAttribute> } = {},
  ): { messageId: string } {
    return this.#publish(message, Buffer.byteLength(message), options.subject, options.messageAttributes);
  }

  #publish(
    message: string,
    bytes: number,
    subject: string | null = null,
    messageAttributes: Record<string, MessageAttribute> = noAttributes,
  ): Notification {
    const { kernel, constants } = this.account;
    if (bytes === 0) throw new ServiceError("InvalidParameter", "Invalid parameter: Empty message");
    if (bytes > constants["sns.maximumMessageBytes"]) {
      throw new ServiceError("InvalidParameter", "Invalid parameter: Message too long");
    }
    const id = this.#ids.uuid();
    const notification = new Notification(id, this.arn, message, subject, messageAttributes, kernel.now);
    this.#metrics.published.add(1);
    this.#metrics.publishSize.add(bytes);
    for (const subscription of this.#subscriptions.values()) {
      const delayMs = this.#deliveryTimes.lognormal(constants["sns.deliveryMedianMs"], constants["sns.deliverySigma"]);
      this.#deliverIn(delayMs, { notification, subscription, retry: 0 });
    }
    return notification;
  }

  publishBatch(entries: readonly PublishEntry[]) {
    const { constants } = this.account;
    const limits = {
      entries: constants["sns.maximumBatchEntries"],
      idCharacters: constants["sns.maximumBatchIdCharacters"],
      bytes: constants["sns.maximumMessageBytes"],
    };
    return runBatch(
      entries,
      limits,
      ({ Message }) => Message,
      ({ Id, Message, Subject, MessageAttributes }, bytes) => {
        const { messageId } = this.#publish(Message, bytes, Subject, MessageAttributes);
        return { Id, MessageId: messageId };
      },
    );
  }

  subscribe(protocol: string, endpoint: string, settings: Partial<SubscriptionSettings> = {}): Subscription {
    const service = protocols.find((each) => each === protocol);
    if (!service) {
      throw new ServiceError(
        "InvalidParameter",
        `Invalid parameter: the local target delivers to protocols ${protocols.join(" and ")} only, not ${protocol}`,
      );
    }
    if (!endpoint.startsWith(`arn:aws:${service}:`)) {
      throw new ServiceError("InvalidParameter", `Invalid parameter: ${service.toUpperCase()} endpoint ARN`);
    }
    const existing = this.subscriptions.find((each) => each.protocol === service && each.endpoint === endpoint);
    if (existing) return existing;
    const subscription: Subscription = {
      arn: `${this.arn}:${this.#ids.uuid()}`,
      topicArn: this.arn,
      protocol: service,
      endpoint,
      rawMessageDelivery: settings.rawMessageDelivery ?? false,
      deadLetterTargetArn: settings.deadLetterTargetArn ?? null,
    };
    this.#subscriptions.set(subscription.arn, subscription);
    return subscription;
  }

  unsubscribe(subscriptionArn: string): void {
    this.#subscriptions.delete(subscriptionArn);
  }

  #deliverIn(delayMs: number, attempt: Attempt): void {
    this.#due.after(this.#attempts.add(attempt), delayMs);
  }

  #deliver({ notification, subscription, retry }: Attempt): void {
    const delivery = this.#attempt(notification, subscription);
    if (delivery === "delivered") {
      this.#metrics.delivered.add(1);
      return;
    }
    const { constants } = this.account;
    const delayMs = delivery === "serverError" ? retryDelayMs(retry + 1, constants, this.#retryTimes) : null;
    if (delayMs !== null) {
      this.#deliverIn(delayMs, { notification, subscription, retry: retry + 1 });
      return;
    }
    this.#metrics.failed.add(1);
    if (subscription.deadLetterTargetArn === null) return;
    const redriven = this.#send(subscription.deadLetterTargetArn, notification);
    if (redriven) this.#metrics.redriven.add(1);
    else this.#metrics.failedToRedrive.add(1);
  }

  #attempt(notification: Notification, subscription: Subscription): Delivery {
    const { lambda, constants } = this.account;
    const failureRate = constants["sns.endpointFailureRate"];
    if (failureRate > 0 && this.#failures.fraction() < failureRate) return "serverError";
    if (subscription.protocol === "lambda") {
      const fn = lambda.fn(subscription.endpoint);
      if (!fn?.permits(principal, this.arn)) return "clientError";
      fn.invokeAsync(lambdaEvent(notification, subscription));
      return "delivered";
    }
    const sent = subscription.rawMessageDelivery
      ? this.#send(subscription.endpoint, notification.message, notification.messageAttributes)
      : this.#send(subscription.endpoint, notification);
    return sent ? "delivered" : "clientError";
  }

  /** Sends to the queue; false when it does not exist, its policy does not let this topic write, or it refuses the message. */
  #send(queueArn: string, body: string | LateText, messageAttributes = noAttributes): boolean {
    const queue = this.account.sqs.queue(queueArn);
    if (!queue || !this.#mayWrite(queue)) return false;
    try {
      queue.send(body, { messageAttributes });
      return true;
    } catch (refusal) {
      if (refusal instanceof ServiceError) return false;
      throw refusal;
    }
  }

  #mayWrite({ arn, settings: { policy } }: Queue): boolean {
    const known = this.#permissions.get(arn);
    if (known?.policy === policy) return known.isGiven;
    const isGiven = this.account.iam.isAllowed(policy ? [policy] : [], {
      action: "sqs:SendMessage",
      resource: arn,
      principal,
      context: { "aws:SourceArn": this.arn, "aws:SourceAccount": this.account.accountId },
    });
    this.#permissions.set(arn, { policy, isGiven });
    return isGiven;
  }
}

/** https://docs.aws.amazon.com/sns/latest/dg/sns-monitoring-using-cloudwatch.html */
function topicMetrics({ cloudwatch }: Account, topicName: string) {
  const dimensions = { TopicName: topicName };
  const metric = (name: string) => cloudwatch.metric({ namespace: "AWS/SNS", name, dimensions });
  return {
    published: metric("NumberOfMessagesPublished"),
    publishSize: metric("PublishSize"),
    delivered: metric("NumberOfNotificationsDelivered"),
    failed: metric("NumberOfNotificationsFailed"),
    redriven: metric("NumberOfNotificationsRedrivenToDlq"),
    failedToRedrive: metric("NumberOfNotificationsFailedToRedriveToDlq"),
  };
}

/** The account's topics. */
export class SnsTopics implements Topics {
  readonly #topics = new Map<string, StandardTopic>();

  constructor(private readonly account: Account) {}

  create(name: string): Topic {
    const most = this.account.constants["sns.maximumNameCharacters"];
    if (!/^[A-Za-z0-9_-]+$/.test(name) || name.length > most)
      throw new ServiceError("InvalidParameter", "Invalid parameter: Topic Name");
    const topic = new StandardTopic(this.account, name);
    const existing = this.#topics.get(topic.arn);
    if (existing) return existing;
    this.#topics.set(topic.arn, topic);
    return topic;
  }

  delete(arn: string): void {
    this.#topics.delete(arn);
  }

  topic(arn: string): Topic | undefined {
    return this.#topics.get(arn);
  }

  list(): Topic[] {
    return [...this.#topics.values()];
  }
}
