/** SQS standard queues: visibility, receive counts, redrive, long polling, delay, retention. */
import { createHash } from "node:crypto";
import type { Account, MessageAttribute, Queue, QueueSettings, ReceivedMessage, SentMessage } from "../account.ts";
import { Heap } from "../kernel/heap.ts";
import type { Random } from "../kernel/random.ts";
import type { Timer } from "../kernel/timers.ts";
import { ServiceError } from "../service-error.ts";
import { checkSettings } from "./attributes.ts";

const minuteMs = 60_000;

interface Message {
  readonly messageId: string;
  readonly body: string;
  readonly md5OfBody: string;
  readonly messageAttributes: Record<string, MessageAttribute>;
  /** The enqueue timestamp; a dead-letter queue keeps it, and retention counts from it. */
  readonly sentAt: number;
  /** When it came into this queue; its age counts from here. */
  readonly arrivedAt: number;
  firstReceivedAt: number | null;
  receiveCount: number;
  /** Place in the queue: the lowest is received first. */
  place: number;
  state: "visible" | "inFlight" | "delayed" | "deleted";
  /** Ends the delay or the visibility timeout. */
  timer: Timer | null;
}

interface Waiter {
  maximum: number;
  visibilityTimeoutMs: number;
  deliver: (messages: ReceivedMessage[]) => void;
  timer: Timer;
}

export class StandardQueue implements Queue {
  readonly name: string;
  readonly arn: string;
  readonly url: string;
  readonly createdAt: number;
  #settings: QueueSettings;
  /** Every message that is not deleted, in the order of arrival. */
  readonly #messages = new Map<string, Message>();
  readonly #visible = new Heap<Message>((a, b) => a.place < b.place);
  readonly #counts = { visible: 0, inFlight: 0, delayed: 0 };
  readonly #waiters = new Set<Waiter>();
  readonly #metrics: ReturnType<typeof queueMetrics>;
  readonly #ids: Random;
  #places = 0;
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
    this.#ids = account.kernel.random("sqs.ids");
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
    body: string,
    options: { delayMs?: number; messageAttributes?: Record<string, MessageAttribute> } = {},
  ): SentMessage {
    if (body.length === 0)
      throw new ServiceError("MissingParameter", "The request must contain the parameter MessageBody.");
    if (Buffer.byteLength(body) > this.#settings.maximumMessageBytes) {
      throw new ServiceError(
        "InvalidParameterValue",
        `One or more parameters are invalid. Reason: Message must be shorter than ${this.#settings.maximumMessageBytes} bytes.`,
      );
    }
    const message = this.#accept({
      messageId: this.#ids.uuid(),
      body,
      md5OfBody: createHash("md5").update(body).digest("hex"),
      messageAttributes: options.messageAttributes ?? {},
      sentAt: this.account.kernel.now,
    });
    this.#metrics.sent.add(1);
    this.#metrics.sentSize.add(Buffer.byteLength(body));
    const delayMs = options.delayMs ?? this.#settings.delayMs;
    if (delayMs > 0) this.#hide(message, "delayed", delayMs);
    else this.#show(message);
    return { messageId: message.messageId, md5OfBody: message.md5OfBody };
  }

  receive(
    request: { maximum: number; waitMs?: number; visibilityTimeoutMs?: number },
    deliver: (messages: ReceivedMessage[]) => void,
  ): { cancel(): void } {
    const { maximum, waitMs = this.#settings.receiveWaitMs } = request;
    const visibilityTimeoutMs = request.visibilityTimeoutMs ?? this.#settings.visibilityTimeoutMs;
    if (waitMs <= 0 && this.#counts.inFlight >= this.account.constants["sqs.inFlightLimit"]) {
      throw new ServiceError("OverLimit", "Too many messages in flight.", 403);
    }
    const messages = this.#take(maximum, visibilityTimeoutMs);
    if (messages.length > 0 || waitMs <= 0) {
      this.#hand(messages, deliver);
      return { cancel() {} };
    }
    const timer = this.account.kernel.after(waitMs, () => {
      this.#waiters.delete(waiter);
      this.#hand([], deliver);
    });
    const waiter: Waiter = { maximum, visibilityTimeoutMs, deliver, timer };
    this.#waiters.add(waiter);
    return {
      cancel: () => {
        timer.cancel();
        this.#waiters.delete(waiter);
      },
    };
  }

  /** Only the handle of the latest receive deletes; an older one is accepted and does nothing, as AWS warns. */
  delete(receiptHandle: string): void {
    const message = this.#messageOf(receiptHandle);
    this.#metrics.deleted.add(1);
    if (message && receiptHandle === handleOf(message)) this.#drop(message);
  }

  changeVisibility(receiptHandle: string, visibilityTimeoutMs: number): void {
    const message = this.#messageOf(receiptHandle);
    if (message?.state !== "inFlight" || receiptHandle !== handleOf(message)) {
      throw new ServiceError(
        "MessageNotInflight",
        `Value ${receiptHandle} for parameter ReceiptHandle is invalid. Reason: Message does not exist or is not available for visibility timeout change.`,
      );
    }
    this.#hide(message, "inFlight", visibilityTimeoutMs);
  }

  purge(): void {
    for (const message of [...this.#messages.values()]) this.#drop(message);
  }

  counts(): { visible: number; inFlight: number; delayed: number } {
    return { ...this.#counts };
  }

  /** Stops everything that the queue still waits for. */
  close(): void {
    this.purge();
    this.#minuteTimer.cancel();
    const waiters = [...this.#waiters];
    this.#waiters.clear();
    for (const waiter of waiters) {
      waiter.timer.cancel();
      waiter.deliver([]);
    }
  }

  /**
   * Takes a message from a source queue whose redrive policy names this one. It keeps its id and its enqueue timestamp, and
   * does not count as sent.
   * https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-dead-letter-queues.html
   */
  acceptDeadLetter(letter: Pick<Message, "messageId" | "body" | "md5OfBody" | "messageAttributes" | "sentAt">): void {
    this.#show(this.#accept(letter));
  }

  #accept(sent: Pick<Message, "messageId" | "body" | "md5OfBody" | "messageAttributes" | "sentAt">): Message {
    const message: Message = {
      messageId: sent.messageId,
      body: sent.body,
      md5OfBody: sent.md5OfBody,
      messageAttributes: sent.messageAttributes,
      sentAt: sent.sentAt,
      arrivedAt: this.account.kernel.now,
      firstReceivedAt: null,
      receiveCount: 0,
      place: this.#places++,
      state: "deleted",
      timer: null,
    };
    this.#messages.set(message.messageId, message);
    this.#earliestSentAt = Math.min(this.#earliestSentAt, message.sentAt);
    return message;
  }

  /** Makes a message visible, and hands it to the longest waiting poll. */
  #show(message: Message): void {
    this.#leaveState(message);
    if (message.receiveCount >= this.account.constants["sqs.receivesUntilBackOfQueue"]) message.place = this.#places++;
    message.state = "visible";
    this.#counts.visible++;
    this.#visible.push(message);
    for (const waiter of this.#waiters) {
      const messages = this.#take(waiter.maximum, waiter.visibilityTimeoutMs);
      if (messages.length === 0) return;
      waiter.timer.cancel();
      this.#waiters.delete(waiter);
      this.#hand(messages, waiter.deliver);
    }
  }

  #hide(message: Message, state: "inFlight" | "delayed", forMs: number): void {
    this.#leaveState(message);
    message.state = state;
    this.#counts[state]++;
    message.timer = this.account.kernel.after(forMs, () => this.#show(message));
  }

  #drop(message: Message): void {
    this.#leaveState(message);
    message.state = "deleted";
    this.#messages.delete(message.messageId);
  }

  #leaveState(message: Message): void {
    if (message.state !== "deleted") this.#counts[message.state]--;
    message.timer?.cancel();
    message.timer = null;
  }

  /** Receives up to `maximum` visible messages; those that were received often enough go to the dead-letter queue instead. */
  #take(maximum: number, visibilityTimeoutMs: number): ReceivedMessage[] {
    const { kernel, constants, sqs } = this.account;
    const taken: ReceivedMessage[] = [];
    const most = Math.min(maximum, constants["sqs.inFlightLimit"] - this.#counts.inFlight);
    while (taken.length < most) {
      const message = this.#visible.pop();
      if (!message) break;
      if (message.state !== "visible") continue;
      if (kernel.now - message.sentAt >= this.#settings.retentionMs) {
        this.#drop(message);
        continue;
      }
      const redrive = this.#settings.redrivePolicy;
      const deadLetterQueue = redrive ? sqs.queue(redrive.deadLetterTargetArn) : undefined;
      if (redrive && message.receiveCount >= redrive.maxReceiveCount && deadLetterQueue instanceof StandardQueue) {
        this.#drop(message);
        deadLetterQueue.acceptDeadLetter(message);
        continue;
      }
      message.receiveCount++;
      message.firstReceivedAt ??= kernel.now;
      this.#hide(message, "inFlight", visibilityTimeoutMs);
      taken.push({
        messageId: message.messageId,
        md5OfBody: message.md5OfBody,
        body: message.body,
        messageAttributes: message.messageAttributes,
        receiptHandle: handleOf(message),
        sentAt: message.sentAt,
        firstReceivedAt: message.firstReceivedAt,
        receiveCount: message.receiveCount,
      });
    }
    return taken;
  }

  #hand(messages: ReceivedMessage[], deliver: (messages: ReceivedMessage[]) => void): void {
    if (messages.length > 0) this.#metrics.received.add(messages.length);
    else this.#metrics.emptyReceives.add(1);
    deliver(messages);
  }

  #messageOf(receiptHandle: string): Message | undefined {
    const messageId = /^([0-9a-f-]{36})#\d+$/.exec(receiptHandle)?.[1];
    if (!messageId) throw new ServiceError("ReceiptHandleIsInvalid", "The input receipt handle is invalid.", 404);
    return this.#messages.get(messageId);
  }

  /** SQS reports its queues' depth once a minute. */
  #sampleNextMinute(): Timer {
    const { kernel } = this.account;
    return kernel.at(kernel.now - (kernel.now % minuteMs) + minuteMs, () => {
      this.#expire();
      this.#metrics.visible.add(this.#counts.visible);
      this.#metrics.notVisible.add(this.#counts.inFlight);
      this.#metrics.delayed.add(this.#counts.delayed);
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
    for (const message of this.#messages.values()) {
      if (message.receiveCount < constants["sqs.receivesUntilBackOfQueue"]) return kernel.now - message.arrivedAt;
    }
    return 0;
  }

  /** Drops the visible messages whose retention is over. All are looked at, because dead letters do not arrive in the order in which they were sent. */
  #expire(): void {
    const expired = this.account.kernel.now - this.#settings.retentionMs;
    if (this.#earliestSentAt > expired) return;
    this.#earliestSentAt = Number.POSITIVE_INFINITY;
    for (const message of this.#messages.values()) {
      if (message.sentAt <= expired && message.state === "visible") this.#drop(message);
      else this.#earliestSentAt = Math.min(this.#earliestSentAt, message.sentAt);
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

function handleOf(message: Message): string {
  return `${message.messageId}#${message.receiveCount}`;
}
