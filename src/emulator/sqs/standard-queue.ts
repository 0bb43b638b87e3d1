/** SQS standard queues: visibility, receive counts, redrive, long polling, delay, retention. */
import { createHash } from "node:crypto";
import type {
  Account,
  LateText,
  MessageAttribute,
  Queue,
  QueueSettings,
  ReceivedMessage,
  SentMessage,
} from "../account.ts";
import type { Alarms } from "../kernel/alarms.ts";
import { Numbered } from "../kernel/numbered.ts";
import { type Random, uuidBits, uuidText } from "../kernel/random.ts";
import type { Timer } from "../kernel/timers.ts";
import { ServiceError } from "../service-error.ts";
import { checkSettings } from "./attributes.ts";
import { type Content, type IdBits, Messages, nowhere } from "./messages.ts";
import { Partitions } from "./partitions.ts";

const minuteMs = 60_000;

/** A message that moves from a queue to its dead-letter queue. */
interface DeadLetter extends Content {
  readonly messageId: string;
}

/** A poll that waits for messages. */
interface Waiter {
  maximum: number;
  visibilityTimeoutMs: number;
  deliver: (messages: ReceivedMessage[]) => void;
  /** Its alarm's. */
  number: number;
}

export class StandardQueue implements Queue {
  readonly name: string;
  readonly arn: string;
  readonly url: string;
  readonly createdAt: number;
  #settings: QueueSettings;
  readonly #messages = new Messages();
  readonly #partitions: Partitions;
  /** These end a message's visibility timeout and its delay, by its slot. */
  readonly #visibilityTimeouts: Alarms;
  readonly #delays: Alarms;
  /** The longest waiting first. */
  readonly #waiters = new Set<Waiter>();
  readonly #numbered = new Numbered<Waiter>();
  /** They end the polls that waited in vain. */
  readonly #waits: Alarms;
  readonly #metrics: ReturnType<typeof queueMetrics>;
  readonly #ids: Random;
  /** Nothing in the queue was sent before. */
  #earliestSentAt = Number.POSITIVE_INFINITY;
  #minuteTimer: Timer;

  constructor(
    private readonly account: Account,
    name: string,
    settings: QueueSettings,
  ) {
    this.name = name;
    this.arn = `arn:aws:sqs:${account.region}:${account.accountId}:${name}`;
    this.url = `https://sqs.${account.region}.amazonaws.com/${account.accountId}/${name}`;
    this.#settings = settings;
    this.createdAt = account.kernel.now;
    this.#metrics = queueMetrics(account, name);
    const { kernel } = account;
    this.#ids = kernel.random("sqs.ids");
    this.#partitions = new Partitions(account);
    this.#visibilityTimeouts = kernel.alarms((slot) => this.#show(slot), "constant");
    this.#delays = kernel.alarms((slot) => this.#show(slot));
    this.#waits = kernel.alarms((number) => this.#giveUp(this.#numbered.get(number)!), "constant");
    this.#minuteTimer = this.#sampleNextMinute();
  }

  get settings(): Readonly<QueueSettings> {
    return this.#settings;
  }

  configure(settings: Partial<QueueSettings>): void {
    checkSettings(settings, this.account);
    this.#settings = { ...this.#settings, ...settings };
  }

  send(
    body: string | LateText,
    options: { delayMs?: number; messageAttributes?: Record<string, MessageAttribute> } = {},
  ): SentMessage {
    const bytes = typeof body === "string" ? Buffer.byteLength(body) : body.byteLength;
    if (bytes === 0) throw new ServiceError("MissingParameter", "The request must contain the parameter MessageBody.");
    if (bytes > this.#settings.maximumMessageBytes) {
      throw new ServiceError(
        "InvalidParameterValue",
        `One or more parameters are invalid. Reason: Message must be shorter than ${this.#settings.maximumMessageBytes} bytes.`,
      );
    }
    const idBits: IdBits = [this.#ids.bits(), this.#ids.bits(), this.#ids.bits(), this.#ids.bits()];
    const content = { body, messageAttributes: options.messageAttributes ?? none, sentAt: this.account.kernel.now };
    const slot = this.#accept(content, idBits);
    this.#metrics.sent.add(1);
    this.#metrics.sentSize.add(bytes);
    const delayMs = options.delayMs ?? this.#settings.delayMs;
    if (delayMs > 0) this.#hide(slot, "delayed", delayMs);
    else this.#show(slot);
    return new Sent(idBits, body);
  }

  receive(
    request: { maximum: number; waitMs?: number; visibilityTimeoutMs?: number },
    deliver: (messages: ReceivedMessage[]) => void,
  ): { cancel(): void } | null {
    const { maximum, waitMs = this.#settings.receiveWaitMs } = request;
    const visibilityTimeoutMs = request.visibilityTimeoutMs ?? this.#settings.visibilityTimeoutMs;
    if (waitMs <= 0 && this.#messages.count("inFlight") >= this.account.constants["sqs.inFlightLimit"]) {
      throw new ServiceError("OverLimit", "Too many messages in flight.", 403);
    }
    const messages = this.#take(maximum, visibilityTimeoutMs);
    if (messages.length > 0 || waitMs <= 0) {
      this.#hand(messages, deliver);
      return null;
    }
    const waiter: Waiter = { maximum, visibilityTimeoutMs, deliver, number: 0 };
    waiter.number = this.#numbered.add(waiter);
    this.#waiters.add(waiter);
    this.#waits.after(waiter.number, waitMs);
    return { cancel: () => this.#dismiss(waiter) };
  }

  /** Only the handle of the latest receive deletes; an older one is accepted and does nothing, as AWS warns. */
  delete(receipt: string | ReceivedMessage): void {
    const slot = this.#receivedSlot(receipt);
    this.#metrics.deleted.add(1);
    if (slot !== nowhere) this.#drop(slot);
  }

  changeVisibility(receiptHandle: string, visibilityTimeoutMs: number): void {
    const slot = this.#receivedSlot(receiptHandle);
    if (slot === nowhere || !this.#messages.isIn(slot, "inFlight")) {
      throw new ServiceError(
        "MessageNotInflight",
        `Value ${receiptHandle} for parameter ReceiptHandle is invalid. Reason: Message does not exist or is not available for visibility timeout change.`,
      );
    }
    this.#hide(slot, "inFlight", visibilityTimeoutMs);
  }

  purge(): void {
    while (this.#messages.oldest !== nowhere) this.#drop(this.#messages.oldest);
  }

  counts(): { visible: number; inFlight: number; delayed: number } {
    const messages = this.#messages;
    return {
      visible: messages.count("visible"),
      inFlight: messages.count("inFlight"),
      delayed: messages.count("delayed"),
    };
  }

  /** Stops everything that the queue still waits for. */
  close(): void {
    this.purge();
    this.#minuteTimer.cancel();
    for (const waiter of [...this.#waiters]) {
      this.#dismiss(waiter);
      waiter.deliver([]);
    }
  }

  /**
   * Takes a message from a source queue whose redrive policy names this one. It keeps its id and its enqueue timestamp, and
   * does not count as sent.
   * https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-dead-letter-queues.html
   */
  acceptDeadLetter(letter: DeadLetter): void {
    this.#show(this.#accept(letter, uuidBits(letter.messageId)));
  }

  #accept(content: Content, idBits: IdBits): number {
    this.#earliestSentAt = Math.min(this.#earliestSentAt, content.sentAt);
    const messages = this.#messages;
    return messages.add(
      content,
      idBits,
      this.account.kernel.now,
      this.#partitions.ofArrival(messages.count("visible")),
    );
  }

  /** Makes a message visible, and hands it to the longest waiting poll. */
  #show(slot: number): void {
    const messages = this.#messages;
    const isOften = messages.receiveCount(slot) >= this.account.constants["sqs.receivesUntilBackOfQueue"];
    messages.show(slot, isOften);
    if (this.#waiters.size === 0) return;
    for (const waiter of this.#waiters) {
      const taken = this.#take(waiter.maximum, waiter.visibilityTimeoutMs);
      if (taken.length === 0) return;
      this.#dismiss(waiter);
      this.#hand(taken, waiter.deliver);
    }
  }

  #hide(slot: number, state: "inFlight" | "delayed", forMs: number): void {
    this.#messages.hide(slot, state);
    if (state === "inFlight") this.#visibilityTimeouts.after(slot, forMs);
    else this.#delays.after(slot, forMs);
  }

  #drop(slot: number): void {
    this.#visibilityTimeouts.cancel(slot);
    this.#delays.cancel(slot);
    this.#messages.remove(slot);
  }

  /** Receives up to `maximum` visible messages; those that were received often enough go to the dead-letter queue instead. */
  #take(maximum: number, visibilityTimeoutMs: number): ReceivedMessage[] {
    const { kernel, constants, sqs } = this.account;
    const messages = this.#messages;
    const taken: ReceivedMessage[] = [];
    const most = Math.min(maximum, constants["sqs.inFlightLimit"] - messages.count("inFlight"));
    const partition = this.#partitions.askedFirst();
    while (taken.length < most) {
      const slot = messages.takeFirstVisible(partition);
      if (slot === nowhere) break;
      if (kernel.now - messages.sentAt(slot) >= this.#settings.retentionMs) {
        this.#drop(slot);
        continue;
      }
      const redrive = this.#settings.redrivePolicy;
      if (redrive !== null && messages.receiveCount(slot) >= redrive.maxReceiveCount) {
        const deadLetterQueue = sqs.queue(redrive.deadLetterTargetArn);
        if (deadLetterQueue instanceof StandardQueue) {
          const letter = { messageId: messages.id(slot), ...messages.content(slot) };
          this.#drop(slot);
          deadLetterQueue.acceptDeadLetter(letter);
          continue;
        }
      }
      messages.noteReceive(slot, kernel.now);
      this.#hide(slot, "inFlight", visibilityTimeoutMs);
      taken.push(new Received(messages, slot));
    }
    return taken;
  }

  #hand(messages: ReceivedMessage[], deliver: (messages: ReceivedMessage[]) => void): void {
    if (messages.length > 0) this.#metrics.received.add(messages.length);
    else this.#metrics.emptyReceives.add(1);
    deliver(messages);
  }

  #giveUp(waiter: Waiter): void {
    this.#dismiss(waiter);
    this.#hand([], waiter.deliver);
  }

  /** The poll no longer waits. */
  #dismiss(waiter: Waiter): void {
    if (!this.#waiters.delete(waiter)) return;
    this.#waits.cancel(waiter.number);
    this.#numbered.take(waiter.number);
  }

  /** The message's slot, if the receipt is of its latest receive and it is still there. @throws ServiceError `ReceiptHandleIsInvalid` */
  #receivedSlot(receipt: string | ReceivedMessage): number {
    const messages = this.#messages;
    if (receipt instanceof Received && receipt.isOf(messages)) return receipt.isLatest ? receipt.slot : nowhere;
    const receiptHandle = typeof receipt === "string" ? receipt : receipt.receiptHandle;
    const [, messageId, receiveCount] = /^([0-9a-f-]{36})#(\d+)$/.exec(receiptHandle) ?? [];
    if (messageId === undefined) {
      throw new ServiceError("ReceiptHandleIsInvalid", "The input receipt handle is invalid.", 404);
    }
    const slot = messages.find(messageId);
    return slot !== nowhere && String(messages.receiveCount(slot)) === receiveCount ? slot : nowhere;
  }

  /** SQS reports its queues' depth once a minute. */
  #sampleNextMinute(): Timer {
    const { kernel } = this.account;
    return kernel.at(kernel.now - (kernel.now % minuteMs) + minuteMs, () => {
      this.#expire();
      this.#metrics.visible.add(this.#messages.count("visible"));
      this.#metrics.notVisible.add(this.#messages.count("inFlight"));
      this.#metrics.delayed.add(this.#messages.count("delayed"));
      this.#metrics.ageOfOldest.add(Math.floor(this.#ageOfOldestMs() / 1_000));
      this.#minuteTimer = this.#sampleNextMinute();
    });
  }

  /**
   * A message that has been received three times is at the back of the queue and no longer the oldest one; a dead letter is as
   * old as its stay in this queue.
   * https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-available-cloudwatch-metrics.html
   */
  #ageOfOldestMs(): number {
    const { kernel, constants } = this.account;
    const messages = this.#messages;
    for (let slot = messages.oldest; slot !== nowhere; slot = messages.after(slot)) {
      if (messages.receiveCount(slot) < constants["sqs.receivesUntilBackOfQueue"]) {
        return kernel.now - messages.arrivedAt(slot);
      }
    }
    return 0;
  }

  /** Drops the visible messages whose retention is over. All are looked at, because dead letters do not arrive in the order in which they were sent. */
  #expire(): void {
    const expired = this.account.kernel.now - this.#settings.retentionMs;
    if (this.#earliestSentAt > expired) return;
    this.#earliestSentAt = Number.POSITIVE_INFINITY;
    const messages = this.#messages;
    let later: number;
    for (let slot = messages.oldest; slot !== nowhere; slot = later) {
      later = messages.after(slot);
      const sentAt = messages.sentAt(slot);
      if (sentAt <= expired && messages.isIn(slot, "visible")) this.#drop(slot);
      else this.#earliestSentAt = Math.min(this.#earliestSentAt, sentAt);
    }
  }
}

/** https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-available-cloudwatch-metrics.html */
function queueMetrics({ cloudwatch }: Account, queueName: string) {
  const dimensions = { QueueName: queueName };
  const metric = (name: string) => cloudwatch.metric({ namespace: "AWS/SQS", name, dimensions });
  return {
    sent: metric("NumberOfMessagesSent"),
    sentSize: metric("SentMessageSize"),
    deleted: metric("NumberOfMessagesDeleted"),
    received: metric("NumberOfMessagesReceived"),
    emptyReceives: metric("NumberOfEmptyReceives"),
    visible: metric("ApproximateNumberOfMessagesVisible"),
    notVisible: metric("ApproximateNumberOfMessagesNotVisible"),
    delayed: metric("ApproximateNumberOfMessagesDelayed"),
    ageOfOldest: metric("ApproximateAgeOfOldestMessage"),
  };
}

const none = {};

class Sent implements SentMessage {
  constructor(
    private readonly idBits: IdBits,
    private readonly body: string | LateText,
  ) {}

  get messageId(): string {
    return uuidText(...this.idBits);
  }

  get md5OfBody(): string {
    return md5(String(this.body));
  }
}

/** One receive of a message. The texts that nearly nobody reads are made when they are read. */
class Received implements ReceivedMessage {
  readonly messageId: string;
  readonly body: string;
  readonly sentAt: number;
  readonly firstReceivedAt: number;
  readonly receiveCount: number;
  readonly messageAttributes: Record<string, MessageAttribute>;
  readonly #arrival: number;

  constructor(
    private readonly messages: Messages,
    readonly slot: number,
  ) {
    this.messageId = messages.id(slot);
    this.body = messages.body(slot);
    this.sentAt = messages.sentAt(slot);
    this.firstReceivedAt = messages.firstReceivedAt(slot);
    this.receiveCount = messages.receiveCount(slot);
    this.messageAttributes = messages.attributes(slot);
    this.#arrival = messages.arrival(slot);
  }

  get receiptHandle(): string {
    return `${this.messageId}#${this.receiveCount}`;
  }

  get md5OfBody(): string {
    return md5(this.body);
  }

  isOf(messages: Messages): boolean {
    return this.messages === messages;
  }

  /** True while the message is there and was not received again. */
  get isLatest(): boolean {
    const { messages, slot } = this;
    return (
      messages.arrival(slot) === this.#arrival &&
      messages.receiveCount(slot) === this.receiveCount &&
      !messages.isIn(slot, "free")
    );
  }
}

function md5(text: string): string {
  return createHash("md5").update(text).digest("hex");
}
