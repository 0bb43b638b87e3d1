/** The account's queues, by ARN. */
import type { Account, Queue, QueueSettings, Queues } from "../account.ts";
import { ServiceError } from "../service-error.ts";
import { checkSettings } from "./attributes.ts";
import { FifoQueue } from "./fifo-queue.ts";
import type { MessageQueue } from "./queue.ts";
import { StandardQueue } from "./standard-queue.ts";

export class SqsQueues implements Queues {
  readonly #queues = new Map<string, MessageQueue>();

  endpoint: string;

  constructor(private readonly account: Account) {
    this.endpoint = `https://sqs.${account.region}.amazonaws.com`;
  }

  create(name: string, settings: Partial<QueueSettings> = {}): Queue {
    const { constants } = this.account;
    const most = constants["sqs.maximumNameCharacters"];
    const { fifo = null } = settings;
    if (!(fifo ? /^[A-Za-z0-9_-]+\.fifo$/ : /^[A-Za-z0-9_-]+$/).test(name) || name.length > most) {
      throw new ServiceError(
        "InvalidParameterValue",
        fifo
          ? `The name of a FIFO queue can only include alphanumeric characters, hyphens, or underscores, must end with .fifo suffix and be 1 to ${most} in length`
          : `Can only include alphanumeric characters, hyphens, or underscores. 1 to ${most} in length`,
      );
    }
    checkSettings(settings, this.account);
    const wanted: QueueSettings = {
      visibilityTimeoutMs: constants["sqs.defaultVisibilityTimeoutMs"],
      delayMs: 0,
      retentionMs: constants["sqs.defaultRetentionMs"],
      receiveWaitMs: 0,
      maximumMessageBytes: constants["sqs.maximumMessageBytes"],
      redrivePolicy: null,
      policy: null,
      ...settings,
      fifo,
    };
    const existing = [...this.#queues.values()].find((queue) => queue.name === name);
    if (existing) {
      if (JSON.stringify(existing.settings) === JSON.stringify(wanted)) return existing;
      throw new ServiceError(
        "QueueNameExists",
        "A queue already exists with the same name and a different value for an attribute.",
      );
    }
    const queue = new (fifo ? FifoQueue : StandardQueue)(this.account, name, wanted);
    this.#queues.set(queue.arn, queue);
    return queue;
  }

  delete(arn: string): void {
    this.#queues.get(arn)?.close();
    this.#queues.delete(arn);
  }

  queue(arn: string): Queue | undefined {
    return this.#queues.get(arn);
  }

  list(): Queue[] {
    return [...this.#queues.values()];
  }
}
