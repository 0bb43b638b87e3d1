/** Watches what EventBridge's rules take: it is on the way until its target has taken it, or a dead-letter queue has. */
import { vi } from "vitest";
import { ApiDestination } from "../../../src/emulator/eventbridge/api-destination.ts";
import { Target } from "../../../src/emulator/eventbridge/target.ts";
import { type Book, idsInEvent } from "./book.ts";

export function watchBuses(book: Book): void {
  const accept = Target.prototype.accept;
  vi.spyOn(Target.prototype, "accept").mockImplementation(function (this: Target, event) {
    book.send(idsInEvent(event));
    accept.call(this, event);
  });
  let requests = 0;
  const send = ApiDestination.prototype.send;
  vi.spyOn(ApiDestination.prototype, "send").mockImplementation(function (this: ApiDestination, sending) {
    const { name } = this;
    const done: typeof sending.done = (reply) => {
      if (typeof reply === "object" && reply.statusCode >= 200 && reply.statusCode < 300) {
        const key = `request ${++requests}`;
        book.arrive(key, name, idsInEvent(JSON.parse(sending.body)));
        book.end(key, "consumed");
      }
      sending.done(reply);
    };
    send.call(this, { ...sending, done });
  });
}
