/** Watches what SNS topics take: it is on the way until it comes to a queue or a function. */
import { vi } from "vitest";
import { SnsTopics } from "../../../src/emulator/sns/topics.ts";
import type { Book } from "./book.ts";

export function watchTopics(book: Book): void {
  const create = SnsTopics.prototype.create;
  vi.spyOn(SnsTopics.prototype, "create").mockImplementation(function (this: SnsTopics, ...given) {
    const topic = create.apply(this, given);
    const publishBatch = topic.publishBatch.bind(topic);
    const published = new Set<string>();
    topic.publishBatch = (entries) => {
      const answer = publishBatch(entries);
      const messageIds = new Map(answer.Successful.map(({ Id, MessageId }) => [Id, MessageId]));
      for (const { Id, Message } of entries) {
        const messageId = messageIds.get(Id);
        // A message of a deduplication id that is known is taken, and is no message of its own.
        if (messageId === undefined || published.has(messageId)) continue;
        published.add(messageId);
        book.send([JSON.parse(Message).id]);
      }
      return answer;
    };
    return topic;
  });
}
