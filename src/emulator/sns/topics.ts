/** The account's topics, by ARN. */
import type { Account, FifoTopicSettings, Topic, Topics } from "../account.ts";
import { ServiceError } from "../service-error.ts";
import { FifoTopic } from "./fifo-topic.ts";
import { StandardTopic } from "./standard-topic.ts";

export class SnsTopics implements Topics {
  readonly #topics = new Map<string, Topic>();

  constructor(private readonly account: Account) {}

  create(name: string, fifo: FifoTopicSettings | null = null): Topic {
    const most = this.account.constants["sns.maximumNameCharacters"];
    if (!(fifo ? /^[A-Za-z0-9_-]+\.fifo$/ : /^[A-Za-z0-9_-]+$/).test(name) || name.length > most) {
      const rule = `Fifo Topic names must end with .fifo and must be made up of only uppercase and lowercase ASCII letters, numbers, underscores, and hyphens, and must be between 1 and ${most} characters long.`;
      throw new ServiceError("InvalidParameter", `Invalid parameter: ${fifo ? rule : "Topic Name"}`);
    }
    const topic = fifo ? new FifoTopic(this.account, name, fifo) : new StandardTopic(this.account, name);
    const existing = this.#topics.get(topic.arn);
    if (existing) return existing;
    this.#topics.set(topic.arn, topic);
    return topic;
  }

  delete(arn: string): void {
    this.#topics.delete(arn);
  }

  topic(arn: string): Topic | undefined {
    return this.#topics.get(arn);
  }

  list(): Topic[] {
    return [...this.#topics.values()];
  }
}
