/** A queue's answers for a message: that it was sent, and each receive of it. The texts that nearly nobody reads are made when they are read. */
import { createHash } from "node:crypto";
import type { LateText, MessageAttribute, ReceivedMessage, SentMessage } from "../account.ts";
import { type IdBits, uuidText } from "../kernel/random.ts";
import type { Messages } from "./messages.ts";

export class Sent implements SentMessage {
  constructor(
    protected readonly idBits: IdBits,
    protected readonly body: string | LateText,
  ) {}

  get messageId(): string {
    return uuidText(...this.idBits);
  }

  get md5OfBody(): string {
    return md5(String(this.body));
  }
}

/** One receive of a message. */
export class Received implements ReceivedMessage {
  readonly messageId: string;
  readonly body: string;
  readonly sentAt: number;
  readonly firstReceivedAt: number;
  readonly receiveCount: number;
  readonly messageAttributes: Record<string, MessageAttribute>;
  protected readonly arrival: number;

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
    this.arrival = messages.arrival(slot);
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

  /** True while the message is in the queue. */
  get isThere(): boolean {
    return this.messages.arrival(this.slot) === this.arrival && !this.messages.isIn(this.slot, "free");
  }
}

/** A FIFO queue's answer for a message that was sent. A duplicate has the answer of the first. */
export class FifoSent extends Sent {
  constructor(
    idBits: IdBits,
    body: string | LateText,
    private readonly arrival: number,
  ) {
    super(idBits, body);
  }

  get sequenceNumber(): string {
    return sequenceNumberOf(this.arrival);
  }
}

/** A received message of a fair queue, which has a message group. */
export class FairReceived extends Received {
  constructor(
    messages: Messages,
    slot: number,
    readonly messageGroupId: string,
  ) {
    super(messages, slot);
  }
}

export class FifoReceived extends Received {
  constructor(
    messages: Messages,
    slot: number,
    readonly messageGroupId: string,
    readonly messageDeduplicationId: string,
  ) {
    super(messages, slot);
  }

  get sequenceNumber(): string {
    return sequenceNumberOf(this.arrival);
  }
}

/** Ascending numbers of 20 digits with gaps, as AWS's are. `arrival`: how many messages the queue has had before. */
function sequenceNumberOf(arrival: number): string {
  return String(firstSequenceNumber + BigInt(arrival) * 256n);
}

const firstSequenceNumber = 18_850_000_000_000_000_000n;

function md5(text: string): string {
  return createHash("md5").update(text).digest("hex");
}
