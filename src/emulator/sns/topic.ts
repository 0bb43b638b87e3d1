/** An SNS topic, whatever order it keeps: its subscriptions, what it takes, and one attempt to deliver a notification. */
import type {
  Account,
  LateText,
  MessageAttribute,
  PolicyDocument,
  PublishEntry,
  PublishOptions,
  Queue,
  Subscription,
  SubscriptionSettings,
  Topic,
  TopicSettings,
} from "../account.ts";
import { runBatch } from "../api/batch.ts";
import type { Random } from "../kernel/random.ts";
import { ServiceError } from "../service-error.ts";
import { retryDelayMs } from "./delivery-retries.ts";
import { lambdaEvent, Notification, type Origin } from "./notification.ts";
import { protocols, rawDeliveryRefusal } from "./subscription.ts";

const noAttributes: Record<string, MessageAttribute> = {};

const principal = "sns.amazonaws.com";

/** `clientError`: SNS may not or cannot deliver, so it does not retry. `serverError`: the endpoint's service failed. */
type Delivery = "delivered" | "clientError" | "serverError";

/** A message without its id among others. */
export type Content = Omit<PublishEntry, "Id" | "Message">;

/** A FIFO queue is told this of a notification, besides its text. */
export interface Tags {
  readonly messageGroupId: string;
  readonly messageDeduplicationId: string;
  /** It is the first message of a call. */
  beginsCall: boolean;
}

export interface Published {
  readonly messageId: string;
  readonly sequenceNumber?: string;
}

/** The answer for a message of a batch that was taken. Its texts are made when they are read, as the API does and the producer does not. */
class Taken {
  constructor(
    readonly Id: string,
    private readonly published: Published,
  ) {}

  get MessageId(): string {
    return this.published.messageId;
  }

  get SequenceNumber(): string | undefined {
    return this.published.sequenceNumber;
  }
}

export abstract class MessageTopic implements Topic {
  readonly name: string;
  readonly arn: string;
  protected readonly subscribed = new Map<string, Subscription>();
  /** By the queue's ARN: whether its policy lets this topic write, and the policy that was asked. */
  readonly #permissions = new Map<string, { policy: PolicyDocument | null; isGiven: boolean }>();
  protected readonly metrics: ReturnType<typeof topicMetrics>;
  readonly #ids: Random;
  readonly #deliveryTimes: Random;
  readonly #failures: Random;
  readonly #retryTimes: Random;
  #latest: (Origin & { readonly at: number }) | null = null;

  constructor(
    protected readonly account: Account,
    name: string,
    readonly settings: Readonly<TopicSettings>,
  ) {
    this.name = name;
    this.arn = `arn:aws:sns:${account.region}:${account.accountId}:${name}`;
    this.metrics = topicMetrics(account, name);
    const { kernel } = account;
    this.#ids = kernel.random("sns.ids");
    this.#deliveryTimes = kernel.random("sns.delivery");
    this.#failures = kernel.random("sns.failure");
    this.#retryTimes = kernel.random("sns.retry");
  }

  get subscriptions(): readonly Subscription[] {
    return [...this.subscribed.values()];
  }

  publish(message: string, options: PublishOptions = {}): Published {
    const content: Content = {
      Subject: options.subject,
      MessageAttributes: options.messageAttributes,
      MessageGroupId: options.messageGroupId,
      MessageDeduplicationId: options.messageDeduplicationId,
    };
    this.admit([content]);
    return this.take(message, Buffer.byteLength(message), content);
  }

  publishBatch(entries: readonly PublishEntry[]) {
    const { constants } = this.account;
    const limits = {
      entries: constants["sns.maximumBatchEntries"],
      idCharacters: constants["sns.maximumBatchIdCharacters"],
      bytes: constants["sns.maximumMessageBytes"],
    };
    this.admit(entries);
    return runBatch(
      entries,
      limits,
      ({ Message }) => Message,
      (entry, bytes) => new Taken(entry.Id, this.take(entry.Message, bytes, entry)),
    );
  }

  /** @throws ServiceError when the topic gets too many messages. */
  protected abstract admit(messages: readonly Content[]): void;

  /** Takes a message for all subscriptions. `bytes`: its size. @throws ServiceError for one that it cannot take. */
  protected abstract take(message: string, bytes: number, content: Content): Published;

  /** The reason why the topic cannot deliver to such a queue, in AWS's words; null: it can. */
  protected abstract refusedQueue(queueArn: string): string | null;

  /** @throws ServiceError for an empty or too large message. */
  protected notification(
    message: string,
    bytes: number,
    subject: string | null = null,
    messageAttributes: Record<string, MessageAttribute> = noAttributes,
  ): Notification {
    const { constants } = this.account;
    if (bytes === 0) throw new ServiceError("InvalidParameter", "Invalid parameter: Empty message");
    if (bytes > constants["sns.maximumMessageBytes"]) {
      throw new ServiceError("InvalidParameter", "Invalid parameter: Message too long");
    }
    const notification = new Notification(this.#ids.idBits(), this.#origin(), message, subject, messageAttributes);
    this.metrics.published.add(1);
    this.metrics.publishSize.add(bytes);
    return notification;
  }

  /** The messages of a call have one instant. */
  #origin(): Origin {
    const { now } = this.account.kernel;
    if (this.#latest?.at !== now) {
      this.#latest = { at: now, topicArn: this.arn, timestamp: new Date(now).toISOString() };
    }
    return this.#latest;
  }

  /** How long a notification is on its way. */
  protected deliveryMs(): number {
    const { constants } = this.account;
    return this.#deliveryTimes.lognormal(constants["sns.deliveryMedianMs"], constants["sns.deliverySigma"]);
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
    const rawRefusal = settings.rawMessageDelivery === undefined ? null : rawDeliveryRefusal(service);
    if (rawRefusal !== null) {
      throw new ServiceError("InvalidParameter", `Invalid parameter: Attributes Reason: ${rawRefusal}`);
    }
    const refusal = this.refusedQueue(endpoint);
    if (refusal !== null) {
      throw new ServiceError("InvalidParameter", `Invalid parameter: Invalid parameter: Endpoint Reason: ${refusal}`);
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
    this.subscribed.set(subscription.arn, subscription);
    return subscription;
  }

  unsubscribe(subscriptionArn: string): void {
    this.subscribed.delete(subscriptionArn);
  }

  /**
   * Tries to deliver; `retry`: how often it was tried before; `tags`: those of a FIFO topic. Answers after how many ms SNS tries again;
   * null: it does not, because the notification is delivered or given up.
   */
  protected attempt(notification: Notification, subscription: Subscription, retry: number, tags?: Tags): number | null {
    const delivery = this.#deliver(notification, subscription, tags);
    if (delivery === "delivered") {
      this.metrics.delivered.add(1);
      return null;
    }
    const { constants } = this.account;
    const delayMs = delivery === "serverError" ? retryDelayMs(retry + 1, constants, this.#retryTimes) : null;
    if (delayMs !== null) return delayMs;
    this.metrics.failed.add(1);
    if (subscription.deadLetterTargetArn === null) return null;
    const redriven = this.#send(subscription.deadLetterTargetArn, notification, noAttributes, tags) === "delivered";
    if (redriven) this.metrics.redriven.add(1);
    else this.metrics.failedToRedrive.add(1);
    return null;
  }

  #deliver(notification: Notification, subscription: Subscription, tags: Tags | undefined): Delivery {
    const { lambda, constants } = this.account;
    const failureRate = constants["sns.endpointFailureRate"];
    if (failureRate > 0 && this.#failures.fraction() < failureRate) return "serverError";
    if (subscription.protocol === "lambda") {
      const fn = lambda.fn(subscription.endpoint);
      if (!fn?.permits(principal, this.arn)) return "clientError";
      fn.invokeAsync(lambdaEvent(notification, subscription));
      return "delivered";
    }
    return subscription.rawMessageDelivery
      ? this.#send(subscription.endpoint, notification.message, notification.messageAttributes, tags)
      : this.#send(subscription.endpoint, notification, noAttributes, tags);
  }

  /** A client error: the queue does not exist, its policy does not let this topic write, or it refuses the message. */
  #send(
    queueArn: string,
    body: string | LateText,
    messageAttributes: Record<string, MessageAttribute>,
    tags: Tags | undefined,
  ): Delivery {
    const queue = this.account.sqs.queue(queueArn);
    if (!queue || !this.#mayWrite(queue)) return "clientError";
    try {
      if (tags === undefined || queue.settings.fifo === null) {
        queue.send(body, { messageAttributes });
      } else {
        const { messageGroupId, messageDeduplicationId } = tags;
        if (tags.beginsCall) queue.admit("SendMessage");
        queue.send(body, { messageAttributes, messageGroupId, messageDeduplicationId });
      }
      return "delivered";
    } catch (refusal) {
      if (!(refusal instanceof ServiceError)) throw refusal;
      return refusal.code === "ThrottlingException" ? "serverError" : "clientError";
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
