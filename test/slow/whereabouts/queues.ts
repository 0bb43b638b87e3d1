/** Watches the messages of every SQS queue. */
import { vi } from "vitest";
import type { Queue } from "../../../src/emulator/account.ts";
import { uuidText } from "../../../src/emulator/kernel/random.ts";
import { Messages } from "../../../src/emulator/sqs/messages.ts";
import { SqsQueues } from "../../../src/emulator/sqs/queues.ts";
import type { Book } from "./book.ts";

export function watchQueues(book: Book): void {
  /** The queue that is taking a message at this moment. */
  let taking: Queue | null = null;
  let isDeleting = false;

  const watchQueue = (queue: Queue) => {
    const methods = queue as unknown as Record<string, (...given: never[]) => unknown>;
    for (const name of ["send", "acceptDeadLetter"]) {
      const method = methods[name]!.bind(queue);
      methods[name] = (...given) => {
        const outer = taking;
        taking = queue;
        try {
          return method(...given);
        } finally {
          taking = outer;
        }
      };
    }
    const remove = queue.delete.bind(queue);
    queue.delete = (receipt) => {
      isDeleting = true;
      try {
        remove(receipt);
      } finally {
        isDeleting = false;
      }
    };
  };

  const create = SqsQueues.prototype.create;
  vi.spyOn(SqsQueues.prototype, "create").mockImplementation(function (this: SqsQueues, name, settings) {
    const queue = create.call(this, name, settings);
    watchQueue(queue);
    return queue;
  });
  const add = Messages.prototype.add;
  vi.spyOn(Messages.prototype, "add").mockImplementation(function (this: Messages, content, idBits, now) {
    book.arrive(uuidText(...idBits), taking!.name, book.idsIn(String(content.body)));
    return add.call(this, content, idBits, now);
  });
  const remove = Messages.prototype.remove;
  vi.spyOn(Messages.prototype, "remove").mockImplementation(function (this: Messages, slot) {
    book.end(this.id(slot), isDeleting ? "consumed" : "expired");
    remove.call(this, slot);
  });
}
