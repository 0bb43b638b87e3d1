/**
 * API destinations: HTTPS endpoints that are invoked at a rate. What comes faster waits.
 * https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-api-destinations.html
 */
import type { Account, HttpRequest, HttpResponse } from "../account.ts";
import type { Random } from "../kernel/random.ts";
import type { Timer } from "../kernel/timers.ts";

/** It holds the key that an endpoint asks for. Nothing gives the key out again but the requests to the endpoint. */
export class Connection {
  readonly #keyName: string;
  readonly #keyValue: string;

  constructor(
    readonly name: string,
    readonly arn: string,
    readonly secretArn: string,
    readonly createdAt: number,
    apiKey: { name: string; value: string },
  ) {
    this.#keyName = apiKey.name;
    this.#keyValue = apiKey.value;
  }

  get keyName(): string {
    return this.#keyName;
  }

  /** The headers with the key. */
  authorized(headers: Record<string, string>): Record<string, string> {
    return { ...headers, [this.#keyName.toLowerCase()]: this.#keyValue };
  }
}

/** How a request ended: with an answer, without one in time, or because nobody is at the address. */
export type Reply = HttpResponse | "timeout" | "no endpoint";

/** A request in the hands of a destination. */
interface Sending {
  readonly body: string;
  /** It is given up when its turn has not come by then. */
  readonly expiresAt: number;
  /** Its turn has come. */
  begin(): void;
  done(reply: Reply): void;
  expire(): void;
}

interface Waiting extends Sending {
  expiry: Timer | null;
}

export class ApiDestination {
  /** In the order in which they came. */
  readonly #waiting: Waiting[] = [];
  /** When a request could be sent if none had ever been sent at once with others. */
  #due = Number.NEGATIVE_INFINITY;
  #timer: Timer | null = null;
  readonly #choices: Random;
  readonly #times: Random;

  constructor(
    private readonly account: Account,
    readonly name: string,
    readonly arn: string,
    readonly connection: Connection,
    readonly settings: { method: string; endpoint: string; perSecond: number },
    readonly createdAt: number,
  ) {
    this.#choices = account.kernel.random("eventbridge.destination");
    this.#times = account.kernel.random("eventbridge.requests");
  }

  /** Sends the request as soon as the rate lets it. */
  send(sending: Sending): void {
    const waiting: Waiting = { ...sending, expiry: null };
    this.#waiting.push(waiting);
    this.#sendDue();
    if (this.#waiting.at(-1) !== waiting) return;
    waiting.expiry = this.account.kernel.at(sending.expiresAt, () => {
      this.#waiting.splice(this.#waiting.indexOf(waiting), 1);
      sending.expire();
    });
  }

  /** Forgets the requests that wait. */
  close(): void {
    this.#timer?.cancel();
    for (const { expiry } of this.#waiting) expiry?.cancel();
    this.#waiting.length = 0;
  }

  /** A token bucket: it holds what the rate brings in the burst's time, and at least one. */
  #sendDue(): void {
    const { kernel, constants } = this.account;
    const { perSecond } = this.settings;
    const intervalMs = 1_000 / perSecond;
    const capacity = Math.max(1, (perSecond * constants["eventbridge.apiDestinationBurstMs"]) / 1_000);
    while (this.#waiting.length > 0) {
      const opensAt = Math.ceil(this.#due - (capacity - 1) * intervalMs);
      if (opensAt > kernel.now) {
        this.#timer ??= kernel.at(opensAt, () => {
          this.#timer = null;
          this.#sendDue();
        });
        return;
      }
      this.#due = Math.max(this.#due, kernel.now) + intervalMs;
      this.#ask(this.#next());
    }
  }

  #next(): Waiting {
    const takesOldest = this.#choices.fraction() < this.account.constants["eventbridge.apiDestinationOldestShare"];
    const index = takesOldest ? 0 : this.#choices.below(this.#waiting.length);
    return this.#waiting.splice(index, 1)[0]!;
  }

  /** https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-api-destinations.html#eb-api-destination-headers */
  #ask({ body, expiry, begin, done }: Waiting): void {
    const { kernel, constants, endpoints } = this.account;
    expiry?.cancel();
    begin();
    let isOver = false;
    const end = (reply: Reply) => {
      if (isOver) return;
      isOver = true;
      timeout.cancel();
      done(reply);
    };
    const timeout = kernel.after(constants["eventbridge.apiDestinationTimeoutMs"], () => end("timeout"));
    const travelMs =
      this.#times.lognormal(constants["eventbridge.requestMedianMs"], constants["eventbridge.requestSigma"]) / 2;
    const request: HttpRequest = {
      method: this.settings.method,
      url: this.settings.endpoint,
      headers: this.connection.authorized({
        "user-agent": "Amazon/EventBridge/ApiDestinations",
        "content-type": "application/json; charset=utf-8",
        range: "bytes=0-1048575",
        "accept-encoding": "gzip,deflate",
        connection: "close",
        "content-length": String(Buffer.byteLength(body)),
      }),
      body,
    };
    kernel.after(travelMs, () => {
      const isThere = endpoints.request(request, (response) => kernel.after(travelMs, () => end(response)));
      if (!isThere) end("no endpoint");
    });
  }
}
