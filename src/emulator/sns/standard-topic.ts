/** SNS standard topics: fan-out to Lambda functions and SQS queues, with SNS's delivery retries. */
import type {
  Account,
  MessageAttribute,
  PublishEntry,
  Subscription,
  SubscriptionSettings,
  Topic,
  Topics,
} from "../account.ts";
import { runBatch } from "../api/batch.ts";
import type { Random } from "../kernel/random.ts";
import type { Constants } from "../platforms/platforms.ts";
import { ServiceError } from "../service-error.ts";
import { protocols } from "./subscription.ts";

const principal = "sns.amazonaws.com";

interface Notification {
  messageId: string;
  message: string;
  subject: string | null;
  messageAttributes: Record<string, MessageAttribute>;
  publishedAt: number;
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
    const { kernel, constants } = this.account;
    const bytes = Buffer.byteLength(message);
    if (bytes === 0) throw new ServiceError("InvalidParameter", "Invalid parameter: Empty message");
    if (bytes > constants["sns.maximumMessageBytes"]) {
      throw new ServiceError("InvalidParameter", "Invalid parameter: Message too long");
    }
    const notification: Notification = {
      messageId: this.#ids.uuid(),
      message,
      subject: options.subject ?? null,
      messageAttributes: options.messageAttributes ?? {},
      publishedAt: kernel.now,
    };
    this.#metrics.published.add(1);
    this.#metrics.publishSize.add(bytes);
    for (const subscription of this.#subscriptions.values()) {
      const delayMs = this.#deliveryTimes.lognormal(constants["sns.deliveryMedianMs"], constants["sns.deliverySigma"]);
      kernel.after(delayMs, () => this.#deliver(notification, subscription, 0));
    }
    return { messageId: notification.messageId };
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
      ({ Message, Subject, MessageAttributes }) => {
        const { messageId } = this.publish(Message, { subject: Subject, messageAttributes: MessageAttributes });
        return { MessageId: messageId };
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

  #deliver(notification: Notification, subscription: Subscription, retry: number): void {
    const delivery = this.#attempt(notification, subscription);
    if (delivery === "delivered") {
      this.#metrics.delivered.add(1);
      return;
    }
    const { kernel, constants } = this.account;
    const delayMs = delivery === "serverError" ? retryDelayMs(retry + 1, constants, this.#retryTimes) : null;
    if (delayMs !== null) {
      kernel.after(delayMs, () => this.#deliver(notification, subscription, retry + 1));
      return;
    }
    this.#metrics.failed.add(1);
    if (subscription.deadLetterTargetArn === null) return;
    const redriven = this.#send(subscription.deadLetterTargetArn, envelopeText(notification, subscription));
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
    const { message, messageAttributes } = notification;
    const sent = subscription.rawMessageDelivery
      ? this.#send(subscription.endpoint, message, messageAttributes)
      : this.#send(subscription.endpoint, envelopeText(notification, subscription));
    return sent ? "delivered" : "clientError";
  }

  /** Sends to the queue; false when it does not exist, its policy does not let this topic write, or it refuses the message. */
  #send(queueArn: string, body: string, messageAttributes: Record<string, MessageAttribute> = {}): boolean {
    const { sqs, iam, accountId } = this.account;
    const queue = sqs.queue(queueArn);
    if (!queue) return false;
    const allowed = iam.isAllowed(queue.settings.policy ? [queue.settings.policy] : [], {
      action: "sqs:SendMessage",
      resource: queueArn,
      principal,
      context: { "aws:SourceArn": this.arn, "aws:SourceAccount": accountId },
    });
    if (!allowed) return false;
    try {
      queue.send(body, { messageAttributes });
      return true;
    } catch (refusal) {
      if (refusal instanceof ServiceError) return false;
      throw refusal;
    }
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

/** https://docs.aws.amazon.com/sns/latest/dg/sns-message-and-json-formats.html */
function envelope(notification: Notification, subscription: Subscription) {
  return {
    Type: "Notification",
    MessageId: notification.messageId,
    TopicArn: subscription.topicArn,
    Subject: notification.subject,
    Message: notification.message,
    Timestamp: new Date(notification.publishedAt).toISOString(),
    SignatureVersion: "1",
    Signature: "not-signed",
    SigningCertUrl: "",
    UnsubscribeUrl: "",
  };
}

/** The body of an SQS message: HTTP's spelling of the URLs, no subject when there is none. */
function envelopeText(notification: Notification, subscription: Subscription): string {
  const { SigningCertUrl, UnsubscribeUrl, Subject, ...rest } = envelope(notification, subscription);
  return JSON.stringify({
    ...rest,
    ...(Subject === null ? {} : { Subject }),
    SigningCertURL: SigningCertUrl,
    UnsubscribeURL: UnsubscribeUrl,
    ...attributesOf(notification.messageAttributes),
  });
}

function attributesOf(attributes: Record<string, MessageAttribute>) {
  const entries = Object.entries(attributes);
  if (entries.length === 0) return {};
  return {
    MessageAttributes: Object.fromEntries(
      entries.map(([name, { DataType, StringValue, BinaryValue }]) => [
        name,
        { Type: DataType, Value: StringValue ?? BinaryValue },
      ]),
    ),
  };
}

/** https://docs.aws.amazon.com/lambda/latest/dg/with-sns.html */
function lambdaEvent(notification: Notification, subscription: Subscription) {
  return {
    Records: [
      {
        EventSource: "aws:sns",
        EventVersion: "1.0",
        EventSubscriptionArn: subscription.arn,
        Sns: {
          ...envelope(notification, subscription),
          MessageAttributes: attributesOf(notification.messageAttributes).MessageAttributes ?? {},
        },
      },
    ],
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
