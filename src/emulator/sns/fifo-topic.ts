/** SNS FIFO topics: the order of publishing in each message group, for each subscription, and deduplication. */
import { fifoTopicRefusal } from "../../template/fifo-refusals.ts";
import type { Account, FifoTopicSettings, Subscription } from "../account.ts";
import { contentDeduplicationId, Deduplication, deduplicationKey } from "../api/deduplication.ts";
import type { Alarms } from "../kernel/alarms.ts";
import { Numbered } from "../kernel/numbered.ts";
import { TokenBucket } from "../kernel/token-bucket.ts";
import { ServiceError } from "../service-error.ts";
import type { Notification } from "./notification.ts";
import { type Content, MessageTopic, type Published, type Tags } from "./topic.ts";

/** Quotas of messages a second by region: https://docs.aws.amazon.com/general/latest/gr/sns.html */
const largeRegions: readonly string[] = ["us-west-2", "eu-west-1"];

interface Waiting {
  readonly notification: Notification;
  readonly tags: Tags;
  readonly dueAt: number;
}

/** The notifications of a group that are on their way to a subscription, in their order. One that fails holds up the others. */
class Lane {
  number = 0;
  readonly waiting: Waiting[] = [];
  /** The first of them that is not delivered. */
  next = 0;
  /** How often that was tried before. */
  retry = 0;

  constructor(
    readonly key: string,
    readonly subscription: Subscription,
  ) {}
}

export class FifoTopic extends MessageTopic {
  readonly #fifo: FifoTopicSettings;
  readonly #deduplication: Deduplication<Published>;
  readonly #lanes = new Map<string, Lane>();
  readonly #numbered = new Numbered<Lane>();
  readonly #due: Alarms;
  /** The messages that the topic takes. */
  readonly #rate: TokenBucket;
  /** The messages that each group takes. */
  readonly #groupRates = new Map<string, TokenBucket>();
  #published = 0n;

  constructor(account: Account, name: string, fifo: FifoTopicSettings) {
    super(account, name, { fifo });
    this.#fifo = fifo;
    const { kernel, constants } = account;
    this.#deduplication = new Deduplication(kernel, constants["sns.fifoDeduplicationMs"]);
    this.#due = kernel.alarms((number) => this.#deliver(this.#numbered.get(number)!));
    this.#rate = new TokenBucket(kernel, this.#messagesPerSecond, this.#messagesPerSecond);
  }

  /** https://docs.aws.amazon.com/sns/latest/dg/fifo-high-throughput.html */
  protected admit(messages: readonly Content[]): void {
    const isAdmitted = this.#rate.take(messages.length) && messages.every((message) => this.#isGroupAdmitted(message));
    if (!isAdmitted) throw new ServiceError("Throttled", "Rate exceeded", 429);
  }

  /** https://docs.aws.amazon.com/sns/latest/dg/fifo-message-dedup.html */
  protected take(message: string, bytes: number, content: Content): Published {
    const tags = this.#tagsOf(message, content);
    const scope = this.#fifo.throughputScope === "MessageGroup" ? tags.messageGroupId : null;
    const key = deduplicationKey(tags.messageDeduplicationId, scope);
    const first = this.#deduplication.find(key);
    if (first !== null) return first;
    const notification = this.notification(message, bytes, content.Subject, content.MessageAttributes);
    const published = { messageId: notification.messageId, sequenceNumber: sequenceNumberOf(this.#published++) };
    this.#deduplication.note(key, published);
    for (const subscription of this.subscribed.values()) this.#append(subscription, notification, tags);
    return published;
  }

  /** https://docs.aws.amazon.com/sns/latest/dg/fifo-message-delivery.html */
  protected refusedQueue(endpoint: string): string | null {
    return endpoint.startsWith("arn:aws:sqs:") ? null : fifoTopicRefusal;
  }

  #tagsOf(message: string, { MessageGroupId, MessageDeduplicationId }: Content): Tags {
    if (!MessageGroupId) {
      throw invalid("The MessageGroupId parameter is required for FIFO topics");
    }
    if (!MessageDeduplicationId && !this.#fifo.contentBasedDeduplication) {
      throw invalid(
        "The topic should either have ContentBasedDeduplication enabled or MessageDeduplicationId provided explicitly",
      );
    }
    return {
      messageGroupId: MessageGroupId,
      messageDeduplicationId: MessageDeduplicationId || contentDeduplicationId(message),
      beginsCall: true,
    };
  }

  #append(subscription: Subscription, notification: Notification, tags: Tags): void {
    const key = `${subscription.arn} ${tags.messageGroupId}`;
    const lane = this.#lanes.get(key) ?? this.#opened(key, subscription);
    const dueAt = Math.max(Math.round(this.account.kernel.now + this.deliveryMs()), lane.waiting.at(-1)?.dueAt ?? 0);
    lane.waiting.push({ notification, tags, dueAt });
    if (lane.waiting.length === 1) this.#due.at(lane.number, dueAt);
  }

  /** Delivers the messages that are due, as many to a call as a batch has. */
  #deliver(lane: Lane): void {
    const { kernel, constants } = this.account;
    const { now } = kernel;
    const begin = lane.next;
    for (; lane.next < lane.waiting.length; lane.next++) {
      const { notification, tags, dueAt } = lane.waiting[lane.next]!;
      if (dueAt > now) {
        this.#due.at(lane.number, dueAt);
        return;
      }
      tags.beginsCall = (lane.next - begin) % constants["sns.maximumBatchEntries"] === 0;
      const delayMs = this.attempt(notification, lane.subscription, lane.retry, tags);
      lane.retry = delayMs === null ? 0 : lane.retry + 1;
      if (delayMs !== null) {
        this.#due.after(lane.number, delayMs);
        return;
      }
    }
    this.#lanes.delete(lane.key);
    this.#numbered.take(lane.number);
  }

  #opened(key: string, subscription: Subscription): Lane {
    const lane = new Lane(key, subscription);
    lane.number = this.#numbered.add(lane);
    this.#lanes.set(key, lane);
    return lane;
  }

  #isGroupAdmitted({ MessageGroupId = "" }: Content): boolean {
    if (this.#fifo.throughputScope === "Topic") return true;
    let bucket = this.#groupRates.get(MessageGroupId);
    if (bucket === undefined) {
      const perSecond = this.account.constants["sns.fifoGroupMessagesPerSecond"];
      bucket = new TokenBucket(this.account.kernel, perSecond, perSecond);
      this.#groupRates.set(MessageGroupId, bucket);
    }
    return bucket.take();
  }

  get #messagesPerSecond(): number {
    const { constants, region } = this.account;
    if (this.#fifo.throughputScope === "Topic") return constants["sns.fifoTopicMessagesPerSecond"];
    if (region === "us-east-1") return constants["sns.largestRegionMessagesPerSecond"];
    return largeRegions.includes(region)
      ? constants["sns.largeRegionMessagesPerSecond"]
      : constants["sns.otherRegionFifoMessagesPerSecond"];
  }
}

function invalid(reason: string): ServiceError {
  return new ServiceError("InvalidParameter", `Invalid parameter: ${reason}`);
}

/** Ascending numbers of 20 digits with gaps, as AWS's are. */
function sequenceNumberOf(before: bigint): string {
  return String(10_000_000_000_000_000_000n + before * 1_000n);
}
