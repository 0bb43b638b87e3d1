/** An SQS queue, whatever order it keeps: visibility, receive counts, redrive, long polling, delay, retention. */
import type {
  Account,
  LateText,
  Queue,
  QueueAction,
  QueueSettings,
  ReceivedMessage,
  SendOptions,
  SentMessage,
} from "../account.ts";
import { isFifoId } from "../api/deduplication.ts";
import type { Alarms } from "../kernel/alarms.ts";
import { Numbered } from "../kernel/numbered.ts";
import { type IdBits, type Random, uuidBits } from "../kernel/random.ts";
import type { Timer } from "../kernel/timers.ts";
import { ServiceError } from "../service-error.ts";
import { checkSettings } from "./attributes.ts";
import { type Content, Messages, nowhere } from "./messages.ts";
import { Received, Sent } from "./receipts.ts";

const minuteMs = 60_000;

const none = {};

/** A message that moves from a queue to its dead-letter queue. */
export interface DeadLetter extends Content {
  readonly messageId: string;
  readonly messageGroupId?: string;
}

/** A poll that waits for messages. */
interface Waiter {
  maximum: number;
  visibilityTimeoutMs: number;
  deliver: (messages: ReceivedMessage[]) => void;
  /** Its alarm's. */
  number: number;
}

export abstract class MessageQueue implements Queue {
  readonly name: string;
  readonly arn: string;
  readonly url: string;
  readonly createdAt: number;
  #settings: QueueSettings;
  protected readonly messages = new Messages();
  /** These end a message's visibility timeout and its delay, by its slot. */
  readonly #visibilityTimeouts: Alarms;
  readonly #delays: Alarms;
  /** The longest waiting first. */
  readonly #waiters = new Set<Waiter>();
  readonly #numbered = new Numbered<Waiter>();
  /** They end the polls that waited in vain. */
  readonly #waits: Alarms;
  protected readonly metrics: ReturnType<typeof queueMetrics>;
  readonly #ids: Random;
  /** Nothing in the queue was sent before. */
  #earliestSentAt = Number.POSITIVE_INFINITY;
  #minuteTimer: Timer;

  constructor(
    protected readonly account: Account,
    name: string,
    settings: QueueSettings,
  ) {
    this.name = name;
    this.arn = `arn:aws:sqs:${account.region}:${account.accountId}:${name}`;
    this.url = `${account.sqs.endpoint}/${account.accountId}/${name}`;
    this.#settings = settings;
    this.createdAt = account.kernel.now;
    this.metrics = queueMetrics(account, name);
    const { kernel } = account;
    this.#ids = kernel.random("sqs.ids");
    this.#visibilityTimeouts = kernel.alarms((slot) => this.#showAgain(slot), "constant");
    this.#delays = kernel.alarms((slot) => this.#showAgain(slot));
    this.#waits = kernel.alarms((number) => this.#giveUp(this.#numbered.get(number)!), "constant");
    this.#minuteTimer = this.#sampleNextMinute();
  }

  get settings(): Readonly<QueueSettings> {
    return this.#settings;
  }

  configure(settings: Partial<QueueSettings>): void {
    checkSettings({ fifo: this.#settings.fifo, ...settings }, this.account);
    this.#settings = { ...this.#settings, ...settings };
  }

  send(body: string | LateText, options: SendOptions = {}): SentMessage {
    const bytes = this.checkedBytes(body);
    const idBits = this.drawnId();
    const content = { body, messageAttributes: options.messageAttributes ?? none, sentAt: this.account.kernel.now };
    this.enqueue(
      this.accept(content, idBits, options.messageGroupId),
      bytes,
      options.delayMs ?? this.#settings.delayMs,
    );
    return new Sent(idBits, body);
  }

  receive(
    request: { maximum: number; waitMs?: number; visibilityTimeoutMs?: number },
    deliver: (messages: ReceivedMessage[]) => void,
  ): { cancel(): void } | null {
    const { maximum, waitMs = this.#settings.receiveWaitMs } = request;
    const visibilityTimeoutMs = request.visibilityTimeoutMs ?? this.#settings.visibilityTimeoutMs;
    if (waitMs <= 0) this.checkInFlight();
    const messages = this.#takeUpTo(maximum, visibilityTimeoutMs);
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
    const slot = this.receivedSlot(receipt);
    this.metrics.deleted.add(1);
    if (slot !== nowhere) this.drop(slot);
  }

  changeVisibility(receiptHandle: string, visibilityTimeoutMs: number): void {
    const slot = this.receivedSlot(receiptHandle);
    if (slot === nowhere || !this.messages.isIn(slot, "inFlight")) {
      throw new ServiceError(
        "MessageNotInflight",
        `Value ${receiptHandle} for parameter ReceiptHandle is invalid. Reason: Message does not exist or is not available for visibility timeout change.`,
      );
    }
    const { kernel, constants } = this.account;
    const mostMs = constants["sqs.maximumVisibilityTimeoutMs"];
    if (kernel.now + visibilityTimeoutMs - this.messages.receivedAt(slot) > mostMs) {
      throw new ServiceError(
        "InvalidParameterValue",
        `Value ${visibilityTimeoutMs / 1_000} for parameter VisibilityTimeout is invalid. Reason: Total VisibilityTimeout for the message is beyond the limit [${mostMs / 1_000} seconds]`,
      );
    }
    this.hide(slot, "inFlight", visibilityTimeoutMs);
  }

  purge(): void {
    while (this.messages.oldest !== nowhere) this.drop(this.messages.oldest);
  }

  counts(): { visible: number; inFlight: number; delayed: number } {
    const messages = this.messages;
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
   * Takes a message from a source queue whose redrive policy names this one. It keeps its id and does not count as sent.
   * https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-dead-letter-queues.html
   */
  acceptDeadLetter(letter: DeadLetter): void {
    this.#showAgain(this.accept(letter, uuidBits(letter.messageId), letter.messageGroupId));
  }

  abstract admit(action: QueueAction): void;

  abstract get hasAvailable(): boolean;

  /** The most messages that may be in flight. */
  protected abstract get inFlightLimit(): number;

  /** @throws ServiceError when a short poll is refused because of the messages in flight. */
  protected abstract checkInFlight(): void;

  /** Gives a message a place in the queue's order; it is not visible yet. */
  protected abstract accept(content: Content | DeadLetter, idBits: IdBits, messageGroupId?: string): number;

  /** Makes a message visible at its place in the queue's order. */
  protected abstract show(slot: number): void;

  /** Records what is counted once a minute. */
  protected sample(): void {
    this.metrics.visible.add(this.messages.count("visible"));
    this.metrics.notVisible.add(this.messages.count("inFlight"));
    this.metrics.delayed.add(this.messages.count("delayed"));
    this.metrics.ageOfOldest.add(Math.floor(this.ageOf(this.oldest) / 1_000));
  }

  /** Receives up to `most` of the messages that are to be had, in the queue's order. */
  protected abstract take(most: number, visibilityTimeoutMs: number): ReceivedMessage[];

  /** One receive of a message, as it is answered. */
  protected abstract received(slot: number): ReceivedMessage;

  /** The message as its dead-letter queue gets it. */
  protected deadLetter(slot: number): DeadLetter {
    return { messageId: this.messages.id(slot), ...this.messages.content(slot) };
  }

  /** The size of a message's body. @throws ServiceError for an empty or too large one. */
  protected checkedBytes(body: string | LateText): number {
    const bytes = typeof body === "string" ? Buffer.byteLength(body) : body.byteLength;
    if (bytes === 0) throw new ServiceError("MissingParameter", "The request must contain the parameter MessageBody.");
    if (bytes > this.#settings.maximumMessageBytes) {
      throw new ServiceError(
        "InvalidParameterValue",
        `One or more parameters are invalid. Reason: Message must be shorter than ${this.#settings.maximumMessageBytes} bytes.`,
      );
    }
    return bytes;
  }

  /** @throws ServiceError for an id of a message group or for deduplication that SQS does not take. */
  protected checkId(parameter: string, id: string): void {
    const most = this.account.constants["sqs.maximumGroupIdCharacters"];
    if (isFifoId(id, most)) return;
    const reason = `${parameter} can only include alphanumeric and punctuation characters. 1 to ${most} in length.`;
    throw invalidParameter(parameter, id, reason);
  }

  protected drawnId(): IdBits {
    return this.#ids.idBits();
  }

  /** A message that was sent and has its place: it is visible now, or when its delay is over. */
  protected enqueue(slot: number, bytes: number, delayMs: number): void {
    this.metrics.sent.add(1);
    this.metrics.sentSize.add(bytes);
    if (delayMs > 0) this.hide(slot, "delayed", delayMs);
    else this.#showAgain(slot);
  }

  /** Adds a message to the queue, at the back of a partition. */
  protected add(content: Content, idBits: IdBits, partition: number): number {
    this.#earliestSentAt = Math.min(this.#earliestSentAt, content.sentAt);
    return this.messages.add(content, idBits, this.account.kernel.now, partition);
  }

  #showAgain(slot: number): void {
    this.show(slot);
    if (this.#waiters.size > 0) this.serve();
  }

  /** Hands what is to be had to the polls that wait, the longest waiting first. */
  protected serve(): void {
    for (const waiter of this.#waiters) {
      const taken = this.#takeUpTo(waiter.maximum, waiter.visibilityTimeoutMs);
      if (taken.length === 0) return;
      this.#dismiss(waiter);
      this.#hand(taken, waiter.deliver);
    }
  }

  protected hide(slot: number, state: "inFlight" | "delayed", forMs: number): void {
    this.messages.hide(slot, state);
    if (state === "inFlight") this.#visibilityTimeouts.after(slot, forMs);
    else this.#delays.after(slot, forMs);
  }

  protected drop(slot: number): void {
    this.#visibilityTimeouts.cancel(slot);
    this.#delays.cancel(slot);
    this.messages.remove(slot);
  }

  #takeUpTo(maximum: number, visibilityTimeoutMs: number): ReceivedMessage[] {
    const most = Math.min(maximum, this.inFlightLimit - this.messages.count("inFlight"));
    return this.take(most, visibilityTimeoutMs);
  }

  /** Receives a visible message. null: it was too old and is gone, or was received often enough and is in the dead-letter queue instead. */
  protected receiveOne(slot: number, visibilityTimeoutMs: number): ReceivedMessage | null {
    const { kernel, sqs } = this.account;
    const messages = this.messages;
    if (kernel.now - messages.sentAt(slot) >= this.#settings.retentionMs) {
      this.drop(slot);
      return null;
    }
    const redrive = this.#settings.redrivePolicy;
    if (redrive !== null && messages.receiveCount(slot) >= redrive.maxReceiveCount) {
      const deadLetterQueue = sqs.queue(redrive.deadLetterTargetArn);
      if (deadLetterQueue instanceof MessageQueue) {
        const letter = this.deadLetter(slot);
        this.drop(slot);
        deadLetterQueue.acceptDeadLetter(letter);
        return null;
      }
    }
    messages.noteReceive(slot, kernel.now);
    this.hide(slot, "inFlight", visibilityTimeoutMs);
    return this.received(slot);
  }

  #hand(messages: ReceivedMessage[], deliver: (messages: ReceivedMessage[]) => void): void {
    if (messages.length > 0) this.metrics.received.add(messages.length);
    else this.metrics.emptyReceives.add(1);
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
  protected receivedSlot(receipt: string | ReceivedMessage): number {
    const slot = this.slotOf(receipt);
    if (slot === nowhere) return nowhere;
    const receiveCount = typeof receipt === "string" ? parsedHandle(receipt).receiveCount : receipt.receiveCount;
    return this.messages.receiveCount(slot) === receiveCount ? slot : nowhere;
  }

  /** The slot of a receipt's message; `nowhere`: it is gone. @throws ServiceError `ReceiptHandleIsInvalid` */
  protected slotOf(receipt: string | ReceivedMessage): number {
    const { messages } = this;
    if (receipt instanceof Received && receipt.isOf(messages)) return receipt.isThere ? receipt.slot : nowhere;
    return messages.find(parsedHandle(typeof receipt === "string" ? receipt : receipt.receiptHandle).messageId);
  }

  /** SQS reports its queues' depth once a minute. */
  #sampleNextMinute(): Timer {
    const { kernel } = this.account;
    return kernel.at(kernel.now - (kernel.now % minuteMs) + minuteMs, () => {
      this.#expire();
      this.sample();
      this.#minuteTimer = this.#sampleNextMinute();
    });
  }

  /** The first message that the metric of the age is about; `nowhere`: there is none. */
  protected get oldest(): number {
    return this.messages.oldest;
  }

  /**
   * A dead letter is as old as its stay in this queue.
   * https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-available-cloudwatch-metrics.html
   */
  protected ageOf(slot: number): number {
    return slot === nowhere ? 0 : this.account.kernel.now - this.messages.arrivedAt(slot);
  }

  /** Drops the visible messages whose retention is over. All are looked at, because dead letters do not arrive in the order in which they were sent. */
  #expire(): void {
    const expired = this.account.kernel.now - this.#settings.retentionMs;
    if (this.#earliestSentAt > expired) return;
    this.#earliestSentAt = Number.POSITIVE_INFINITY;
    const messages = this.messages;
    let later: number;
    for (let slot = messages.oldest; slot !== nowhere; slot = later) {
      later = messages.after(slot);
      const sentAt = messages.sentAt(slot);
      if (sentAt <= expired && messages.isIn(slot, "visible")) this.drop(slot);
      else this.#earliestSentAt = Math.min(this.#earliestSentAt, sentAt);
    }
  }
}

function parsedHandle(receiptHandle: string): { messageId: string; receiveCount: number } {
  const [, messageId, receiveCount] = /^([0-9a-f-]{36})#(\d+)$/.exec(receiptHandle) ?? [];
  if (messageId === undefined) {
    throw new ServiceError("ReceiptHandleIsInvalid", "The input receipt handle is invalid.", 404);
  }
  return { messageId, receiveCount: Number(receiveCount) };
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

export function invalidParameter(parameter: string, value: string, reason: string): ServiceError {
  return new ServiceError(
    "InvalidParameterValue",
    `Value ${value} for parameter ${parameter} is invalid. Reason: ${reason}`,
  );
}
