/** Watches what EventBridge's rules take: it is on the way, then with an API destination, until a target or a dead-letter queue has it. */
import { vi } from "vitest";
import { ApiDestination } from "../../../src/emulator/eventbridge/api-destination.ts";
import type { BusEvent } from "../../../src/emulator/eventbridge/event.ts";
import { Target } from "../../../src/emulator/eventbridge/target.ts";
import { type Book, idsInEvent } from "./book.ts";

export function watchBuses(book: Book): void {
  const keyOf = ({ id }: Pick<BusEvent, "id">) => `event ${id}`;

  const accept = Target.prototype.accept;
  vi.spyOn(Target.prototype, "accept").mockImplementation(function (this: Target, event) {
    book.send(idsInEvent(event));
    accept.call(this, event);
  });
  // An event that is to be sent again stays with EventBridge.
  const send = ApiDestination.prototype.send;
  vi.spyOn(ApiDestination.prototype, "send").mockImplementation(function (this: ApiDestination, sending) {
    const event = JSON.parse(sending.body);
    book.arrive(keyOf(event), this.name, idsInEvent(event));
    const done: typeof sending.done = (reply) => {
      const isTaken = typeof reply === "object" && reply.statusCode >= 200 && reply.statusCode < 300;
      if (isTaken) book.end(keyOf(event), "consumed");
      sending.done(reply);
    };
    send.call(this, { ...sending, done });
  });
  // A dead letter is the event itself.
  book.read((body) => {
    const { id } = JSON.parse(body) as Partial<BusEvent>;
    if (typeof id === "string") book.end(keyOf({ id }), "moved");
    return [];
  });
}
