/** SQS FIFO queues: the order of sending in each message group, a group closed while a message of it is in flight, and deduplication. */
import type {
  Account,
  LateText,
  QueueAction,
  QueueSettings,
  ReceivedMessage,
  SendOptions,
  SentMessage,
} from "../account.ts";
import { contentDeduplicationId, Deduplication, deduplicationKey } from "../api/deduplication.ts";
import type { IdBits } from "../kernel/random.ts";
import { TokenBucket } from "../kernel/token-bucket.ts";
import { ServiceError } from "../service-error.ts";
import { MessageGroups } from "./message-groups.ts";
import { type Content, nowhere } from "./messages.ts";
import { type DeadLetter, invalidParameter, MessageQueue } from "./queue.ts";
import { FifoReceived, FifoSent } from "./receipts.ts";

const noAttributes = {};

/** The regions with the highest quota: https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/quotas-messages.html */
const largestRegions: readonly string[] = ["us-east-1", "us-west-2", "eu-west-1"];

interface Tags {
  messageGroupId: string;
  messageDeduplicationId: string;
}

export class FifoQueue extends MessageQueue {
  readonly #groups: MessageGroups;
  readonly #deduplication: Deduplication<{ idBits: IdBits; arrival: number }>;
  /** By slot. */
  readonly #tags: Tags[] = [];
  readonly #calls = new Map<QueueAction, TokenBucket>();
  readonly #fifoMetrics: ReturnType<typeof fifoMetrics>;

  constructor(account: Account, name: string, settings: QueueSettings) {
    super(account, name, settings);
    const { kernel, constants } = account;
    this.#groups = new MessageGroups(this.messages, constants["sqs.fifoLookAheadLimit"]);
    this.#deduplication = new Deduplication(kernel, constants["sqs.fifoDeduplicationMs"]);
    this.#fifoMetrics = fifoMetrics(account, name);
  }

  /** https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/troubleshooting-fifo-throttling-issues.html */
  admit(action: QueueAction): void {
    let bucket = this.#calls.get(action);
    if (bucket === undefined) {
      bucket = new TokenBucket(this.account.kernel, this.#callsPerSecond, this.#callsPerSecond);
      this.#calls.set(action, bucket);
    }
    if (!bucket.take()) throw new ServiceError("ThrottlingException", "Rate exceeded");
  }

  override configure(settings: Partial<QueueSettings>): void {
    super.configure(settings);
    if (settings.fifo) this.#calls.clear();
  }

  /** https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SendMessage.html */
  override send(body: string | LateText, options: SendOptions = {}): SentMessage {
    const { messageGroupId, delayMs = 0 } = options;
    if (delayMs > 0) {
      throw invalidParameter(
        "DelaySeconds",
        String(delayMs / 1_000),
        "The request include parameter that is not valid for this queue type.",
      );
    }
    if (messageGroupId === undefined) {
      throw new ServiceError("MissingParameter", "The request must contain the parameter MessageGroupId.");
    }
    this.checkId("MessageGroupId", messageGroupId);
    const bytes = this.checkedBytes(body);
    const messageDeduplicationId = this.#deduplicationIdOf(body, options);
    const { deduplicationScope } = this.settings.fifo!;
    const scope = deduplicationScope === "messageGroup" ? messageGroupId : null;
    const key = deduplicationKey(messageDeduplicationId, scope);
    const first = this.#deduplication.find(key);
    if (first !== null) {
      this.#fifoMetrics.deduplicated.add(1);
      return new FifoSent(first.idBits, body, first.arrival);
    }
    const idBits = this.drawnId();
    const slot = this.#place(
      { body, messageAttributes: options.messageAttributes ?? noAttributes, sentAt: this.account.kernel.now },
      idBits,
      { messageGroupId, messageDeduplicationId },
    );
    const arrival = this.messages.arrival(slot);
    this.#deduplication.note(key, { idBits, arrival });
    this.enqueue(slot, bytes, this.settings.delayMs);
    return new FifoSent(idBits, body, arrival);
  }

  /** A receipt whose visibility timeout is over deletes nothing, so that the message comes again. */
  override delete(receipt: string | ReceivedMessage): void {
    const isCurrent = () => this.messages.isIn(this.receivedSlot(receipt), "inFlight");
    if (this.slotOf(receipt) !== nowhere && !isCurrent()) {
      const handle = typeof receipt === "string" ? receipt : receipt.receiptHandle;
      throw invalidParameter("ReceiptHandle", handle, "The receipt handle has expired.");
    }
    super.delete(receipt);
    this.serve();
  }

  get hasAvailable(): boolean {
    return this.#groups.hasOpen;
  }

  protected get inFlightLimit(): number {
    return this.account.constants["sqs.fifoInFlightLimit"];
  }

  /** SQS returns no error: https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/avoid-backlog-with-the-same-message-group-id.html */
  protected checkInFlight(): void {}

  /**
   * It keeps its group. Its deduplication id is its message id now, so that two messages of one id are not taken for one, and its
   * enqueue timestamp is new.
   * https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-dead-letter-queues.html
   */
  protected accept({ messageId, messageGroupId, ...content }: DeadLetter, idBits: IdBits): number {
    const tags = { messageGroupId: messageGroupId!, messageDeduplicationId: messageId };
    return this.#place({ ...content, sentAt: this.account.kernel.now }, idBits, tags);
  }

  protected override deadLetter(slot: number): DeadLetter {
    return { ...super.deadLetter(slot), messageGroupId: this.#tags[slot]!.messageGroupId };
  }

  protected show(slot: number): void {
    const wasInFlight = this.messages.isIn(slot, "inFlight");
    this.messages.reveal(slot);
    this.#groups.reveal(slot, wasInFlight);
  }

  protected override hide(slot: number, state: "inFlight" | "delayed", forMs: number): void {
    if (state === "inFlight" && !this.messages.isIn(slot, "inFlight")) this.#groups.close(slot);
    super.hide(slot, state, forMs);
  }

  protected override drop(slot: number): void {
    this.#groups.remove(slot);
    super.drop(slot);
  }

  /** As many messages of one group as there are, then of others: https://repost.aws/knowledge-center/sqs-fifo-messages-not-returned */
  protected take(most: number, visibilityTimeoutMs: number): ReceivedMessage[] {
    const taken: ReceivedMessage[] = [];
    while (taken.length < most) {
      const group = this.#groups.takeFirstOpen();
      if (group === null) break;
      let later: number;
      for (let slot = group.first; slot !== nowhere && taken.length < most; slot = later) {
        if (!this.messages.isIn(slot, "visible")) break;
        later = this.#groups.after(slot);
        const received = this.receiveOne(slot, visibilityTimeoutMs);
        if (received !== null) taken.push(received);
      }
    }
    return taken;
  }

  protected received(slot: number): ReceivedMessage {
    const { messageGroupId, messageDeduplicationId } = this.#tags[slot]!;
    return new FifoReceived(this.messages, slot, messageGroupId, messageDeduplicationId);
  }

  protected override sample(): void {
    super.sample();
    this.#fifoMetrics.groupsInFlight.add(this.#groups.closedCount);
  }

  #place(content: Content, idBits: IdBits, tags: Tags): number {
    const slot = this.add(content, idBits, 0);
    this.#tags[slot] = tags;
    this.#groups.add(slot, tags.messageGroupId);
    return slot;
  }

  #deduplicationIdOf(body: string | LateText, { messageDeduplicationId }: SendOptions): string {
    if (messageDeduplicationId !== undefined) {
      this.checkId("MessageDeduplicationId", messageDeduplicationId);
      return messageDeduplicationId;
    }
    if (this.settings.fifo!.contentBasedDeduplication) return contentDeduplicationId(String(body));
    throw new ServiceError(
      "InvalidParameterValue",
      "The queue should either have ContentBasedDeduplication enabled or MessageDeduplicationId provided explicitly",
    );
  }

  /** https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/high-throughput-fifo.html */
  get #callsPerSecond(): number {
    const { constants, region } = this.account;
    if (this.settings.fifo!.throughputLimit === "perQueue") return constants["sqs.fifoCallsPerSecond"];
    return largestRegions.includes(region)
      ? constants["sqs.fifoHighThroughputCallsPerSecond"]
      : constants["sqs.fifoOtherRegionsHighThroughputCallsPerSecond"];
  }
}

/** https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-available-cloudwatch-metrics.html */
function fifoMetrics({ cloudwatch }: Account, queueName: string) {
  const metric = (name: string) =>
    cloudwatch.metric({ namespace: "AWS/SQS", name, dimensions: { QueueName: queueName } });
  return {
    deduplicated: metric("NumberOfDeduplicatedSentMessages"),
    groupsInFlight: metric("ApproximateNumberOfGroupsWithInflightMessages"),
  };
}
