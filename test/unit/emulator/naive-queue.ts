/** An SQS queue as one would first write it: objects in a list, searched whenever something is wanted of them, and a timer for each. */
import type { Kernel } from "../../../src/emulator/kernel/kernel.ts";
import type { Timer } from "../../../src/emulator/kernel/timers.ts";

interface Message {
  body: string;
  sentAt: number;
  arrivedAt: number;
  firstReceivedAt: number | null;
  receives: number;
  /** The lowest is received first. */
  place: number;
  state: "visible" | "inFlight" | "delayed" | "gone";
  timer: Timer | null;
}

export interface NaiveReceipt {
  message: Message;
  receives: number;
}

interface Waiter {
  maximum: number;
  visibilityTimeoutMs: number;
  deliver: (receipts: NaiveReceipt[]) => void;
  timer: Timer;
}

export interface NaiveSettings {
  retentionMs: number;
  maxReceiveCount: number | null;
  inFlightLimit: number;
  receivesUntilBackOfQueue: number;
}

export class NaiveQueue {
  messages: Message[] = [];
  waiters: Waiter[] = [];
  #places = 0;

  constructor(
    private readonly kernel: Kernel,
    readonly settings: NaiveSettings,
    private readonly deadLetters: NaiveQueue | null,
  ) {}

  send(body: string, delayMs: number): void {
    const message = this.#arrive(body, this.kernel.now);
    if (delayMs > 0) this.#hide(message, "delayed", delayMs);
    else this.#show(message);
  }

  receive(
    maximum: number,
    waitMs: number,
    visibilityTimeoutMs: number,
    deliver: (receipts: NaiveReceipt[]) => void,
  ): (() => void) | null {
    if (waitMs === 0 && this.count("inFlight") >= this.settings.inFlightLimit) throw new Error("OverLimit");
    const receipts = this.#take(maximum, visibilityTimeoutMs);
    if (receipts.length > 0 || waitMs === 0) {
      deliver(receipts);
      return null;
    }
    const leave = () => {
      waiter.timer.cancel();
      this.waiters = this.waiters.filter((each) => each !== waiter);
    };
    const timer = this.kernel.after(waitMs, () => {
      leave();
      deliver([]);
    });
    const waiter: Waiter = { maximum, visibilityTimeoutMs, deliver, timer };
    this.waiters.push(waiter);
    return leave;
  }

  delete({ message, receives }: NaiveReceipt): void {
    if (message.receives === receives) this.#drop(message);
  }

  changeVisibility({ message, receives }: NaiveReceipt, ms: number): void {
    if (message.state !== "inFlight" || message.receives !== receives) throw new Error("MessageNotInflight");
    this.#hide(message, "inFlight", ms);
  }

  purge(): void {
    for (const message of [...this.messages]) this.#drop(message);
  }

  count(state: Message["state"]): number {
    return this.messages.filter((message) => message.state === state).length;
  }

  /** Happens every minute. */
  expire(): void {
    for (const message of [...this.messages]) {
      if (message.state === "visible" && this.kernel.now - message.sentAt >= this.settings.retentionMs)
        this.#drop(message);
    }
  }

  ageOfOldestMs(): number {
    const oldest = this.messages.find(({ receives }) => receives < this.settings.receivesUntilBackOfQueue);
    return oldest ? this.kernel.now - oldest.arrivedAt : 0;
  }

  #arrive(body: string, sentAt: number): Message {
    const message: Message = {
      body,
      sentAt,
      arrivedAt: this.kernel.now,
      firstReceivedAt: null,
      receives: 0,
      place: this.#places++,
      state: "gone",
      timer: null,
    };
    this.messages.push(message);
    return message;
  }

  #show(message: Message): void {
    message.timer?.cancel();
    if (message.receives >= this.settings.receivesUntilBackOfQueue) message.place = this.#places++;
    message.state = "visible";
    for (const waiter of [...this.waiters]) {
      const receipts = this.#take(waiter.maximum, waiter.visibilityTimeoutMs);
      if (receipts.length === 0) return;
      waiter.timer.cancel();
      this.waiters = this.waiters.filter((each) => each !== waiter);
      waiter.deliver(receipts);
    }
  }

  #hide(message: Message, state: "inFlight" | "delayed", ms: number): void {
    message.timer?.cancel();
    message.state = state;
    message.timer = this.kernel.after(ms, () => this.#show(message));
  }

  #drop(message: Message): void {
    message.timer?.cancel();
    message.state = "gone";
    this.messages = this.messages.filter((each) => each !== message);
  }

  #take(maximum: number, visibilityTimeoutMs: number): NaiveReceipt[] {
    const { retentionMs, maxReceiveCount, inFlightLimit } = this.settings;
    const receipts: NaiveReceipt[] = [];
    const most = Math.min(maximum, inFlightLimit - this.count("inFlight"));
    while (receipts.length < most) {
      const visible = this.messages.filter(({ state }) => state === "visible");
      const [message] = visible.sort((one, other) => one.place - other.place);
      if (!message) break;
      if (this.kernel.now - message.sentAt >= retentionMs) {
        this.#drop(message);
      } else if (this.deadLetters && maxReceiveCount !== null && message.receives >= maxReceiveCount) {
        this.#drop(message);
        this.deadLetters.#show(this.deadLetters.#arrive(message.body, message.sentAt));
      } else {
        message.receives++;
        message.firstReceivedAt ??= this.kernel.now;
        this.#hide(message, "inFlight", visibilityTimeoutMs);
        receipts.push({ message, receives: message.receives });
      }
    }
    return receipts;
  }
}
