/** SNS standard topics: fan-out to Lambda functions and SQS queues, each notification on its way by itself. */
import { fifoQueueRefusal } from "../../template/fifo-refusals.ts";
import type { Account, Subscription } from "../account.ts";
import type { Alarms } from "../kernel/alarms.ts";
import { Numbered } from "../kernel/numbered.ts";
import type { Notification } from "./notification.ts";
import { type Content, MessageTopic, type Published } from "./topic.ts";

/** A notification on its way to a subscription; `retry`: how often it was tried before. */
interface Attempt {
  readonly notification: Notification;
  readonly subscription: Subscription;
  readonly retry: number;
}

export class StandardTopic extends MessageTopic {
  readonly #attempts = new Numbered<Attempt>();
  readonly #due: Alarms;

  constructor(account: Account, name: string) {
    super(account, name, { fifo: null });
    this.#due = account.kernel.alarms((number) => this.#try(this.#attempts.take(number)));
  }

  /** A standard topic takes any number of messages. */
  protected admit(): void {}

  protected take(message: string, bytes: number, { Subject, MessageAttributes }: Content): Published {
    const notification = this.notification(message, bytes, Subject, MessageAttributes);
    for (const subscription of this.subscribed.values()) {
      this.#deliverIn(this.deliveryMs(), { notification, subscription, retry: 0 });
    }
    return notification;
  }

  protected refusedQueue(queueArn: string): string | null {
    return queueArn.endsWith(".fifo") ? fifoQueueRefusal : null;
  }

  #deliverIn(delayMs: number, attempt: Attempt): void {
    this.#due.after(this.#attempts.add(attempt), delayMs);
  }

  #try({ notification, subscription, retry }: Attempt): void {
    const delayMs = this.attempt(notification, subscription, retry);
    if (delayMs !== null) this.#deliverIn(delayMs, { notification, subscription, retry: retry + 1 });
  }
}
