/** A queue's answers for a message: that it was sent, and each receive of it. The texts that nearly nobody reads are made when they are read. */
import { createHash } from "node:crypto";
import type { LateText, MessageAttribute, ReceivedMessage, SentMessage } from "../account.ts";
import { uuidText } from "../kernel/random.ts";
import type { IdBits, Messages } from "./messages.ts";

export class Sent implements SentMessage {
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

/** One receive of a message. */
export class Received implements ReceivedMessage {
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
