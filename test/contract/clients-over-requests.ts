/** The clients of a local run as those of an account's: each command is a serialized request, which a test looks at on its way. */
import type { HttpHandlerOptions, HttpRequest, HttpResponse } from "@smithy/types";
import type { Front } from "../../src/emulator/front.ts";
import { Clients } from "../../src/targets/clients.ts";
import type { Target } from "../../src/targets/target.ts";
import { requestHandlerOf } from "./request-handler.ts";

interface Answer {
  response: HttpResponse;
}

/** `look` is told each request, and gives what `answered` resolves to. */
export function clientsOverRequests(
  { clients }: Target,
  look: (request: HttpRequest, answered: () => Promise<Answer>) => Promise<Answer>,
): Clients {
  // The clients of a local run keep their account to themselves.
  const { account } = clients as unknown as { account: { front: Front; beforeAnswer(): Promise<void> } };
  const direct = requestHandlerOf(account.front);
  const handle = (request: HttpRequest, options?: HttpHandlerOptions) =>
    look(request, () => direct.handle(request, options).finally(() => account.beforeAnswer()));
  return new Clients({ ...clients.configuration, requestHandler: { ...direct, handle } });
}
