/** Finds one event in whatever passes between services: by its message's text, by its row, and by the ids that messages with it have got. */

const deepest = 6;

/** As a stream's data is in a function's event; a message is never shorter. */
const base64 = /^[A-Za-z0-9+/]{40,}={0,2}$/;

/** Names of fields that hold the id of a message, whatever service gave it. */
const idFields = ["messageId", "MessageId", "sequenceNumber"] as const;

export class Mentions {
  readonly #text: RegExp;
  readonly #ids = new Set<string>();
  /** ms since the epoch; null: no message of the event has been seen */
  sentAt: number | null = null;

  constructor(private readonly event: number) {
    // As the producer writes it, however often it is quoted.
    this.#text = new RegExp(String.raw`\\*"id\\*":${event},\\*"sentAt\\*":(\d+)`);
  }

  /** True when the value tells of the event. An object that does gives the ids by which it is known from then on. */
  isIn(value: unknown, depth = 0): boolean {
    if (typeof value === "string") return this.#isInText(value);
    if (typeof value !== "object" || value === null || depth > deepest) return false;
    if (value instanceof Uint8Array) return this.#isInText(Buffer.from(value).toString("utf8"));
    if (Array.isArray(value)) return this.#isInAny(value, depth);
    const isFound = isPlain(value) ? this.#isInFields(value, depth) : this.#isInInstance(value);
    if (isFound) this.learn(value);
    return isFound;
  }

  /** Takes the ids that an object gives a message of the event. */
  learn(value: unknown): void {
    if (typeof value !== "object" || value === null) return;
    for (const field of idFields) {
      const id = (value as Record<string, unknown>)[field];
      if (typeof id === "string" && id !== "") this.#ids.add(id);
    }
  }

  #isInText(text: string): boolean {
    const found = this.#text.exec(text);
    if (found !== null) {
      this.sentAt ??= Number(found[1]);
      return true;
    }
    for (const id of this.#ids) if (text.includes(id)) return true;
    return base64.test(text) && this.#isInText(Buffer.from(text, "base64").toString("utf8"));
  }

  #isInFields(value: object, depth: number): boolean {
    const { id, runId, groupId } = value as Record<string, unknown>;
    if (id === this.event && (runId !== undefined || groupId !== undefined)) return true;
    return this.#isInAny(Object.values(value), depth);
  }

  /** Looks at all of them, because each that tells of the event may give another id. */
  #isInAny(values: readonly unknown[], depth: number): boolean {
    let isFound = false;
    for (const one of values) isFound = this.isIn(one, depth + 1) || isFound;
    return isFound;
  }

  /** An object of a service's class holds texts of its own; what else it holds are other parts of the account. */
  #isInInstance(value: object): boolean {
    if ("byteLength" in value) return this.#isInText(String(value));
    return Object.values(value).some((one) => (typeof one === "string" || one instanceof Uint8Array) && this.isIn(one));
  }
}

function isPlain(value: object): boolean {
  const type = Object.getPrototypeOf(value);
  return type === Object.prototype || type === null;
}
