/**
 * A book-keeper of events: what watches the emulator's own parts tells it of each message that comes, moves and ends, and it says for
 * each event of the bench where it is. It knows nothing of rows.
 */
import { vi } from "vitest";
import { parseEvent } from "../../../infra/handlers/envelope.ts";
import { watchBuses } from "./buses.ts";
import { watchFunctions } from "./functions.ts";
import { watchQueues } from "./queues.ts";
import { watchStreams } from "./streams.ts";
import { watchTopics } from "./topics.ts";

/** One for each service that holds events: a new one is a file and a line. */
const watchers: readonly ((book: Book) => void)[] = [
  watchQueues,
  watchTopics,
  watchFunctions,
  watchStreams,
  watchBuses,
];

/**
 * `waiting`: in a queue, or in a function's. `consumed`: a function took it and succeeded. `moved`: another copy has taken its place.
 * `expired`: its queue's retention was over. `dropped`: Lambda gave it up.
 */
type State = "waiting" | "consumed" | "moved" | "expired" | "dropped";

/** A message, a record or an asynchronous event, with the events of the bench that it holds. */
export interface Copy {
  ids: number[];
  /** The name of a queue, a stream, a bus or a function. */
  place: string;
  state: State;
}

export class Book {
  /** By message id, or what else a service knows it by. */
  readonly #copies = new Map<string, Copy>();
  /** Taken by a topic or a bus and not delivered yet, by event. */
  readonly #onTheWay = new Map<number, number>();
  readonly #successes: ((payload: unknown, answer: unknown) => void)[] = [];
  readonly #readers: ((body: string) => number[])[] = [idsInBody];

  /** Watches every emulator that is made from now on, until `close`. */
  constructor() {
    for (const watch of watchers) watch(this);
  }

  close(): void {
    vi.restoreAllMocks();
  }

  /** A topic or a bus has taken the events, and will deliver them once more. */
  send(ids: readonly number[]): void {
    for (const id of ids) this.#onTheWay.set(id, (this.#onTheWay.get(id) ?? 0) + 1);
  }

  /** A copy has come to a place. What is moved keeps its key. What comes from no topic and no bus was not on the way. */
  arrive(key: string, place: string, ids: number[]): void {
    const known = this.#copies.get(key);
    if (known) this.#copies.set(`${key} before`, { ...known, state: "moved" });
    this.#copies.set(key, { ids, place, state: "waiting" });
    if (!known) for (const id of ids) this.#onTheWay.set(id, Math.max(0, (this.#onTheWay.get(id) ?? 0) - 1));
  }

  end(key: string, state: Exclude<State, "waiting">): void {
    const copy = this.#copies.get(key);
    if (copy) copy.state = state;
  }

  /** The events of the bench in a message's body; none for another message, such as a producer's report. */
  idsIn(body: string): number[] {
    return this.#readers.map((read) => read(body)).find((ids) => ids.length > 0) ?? [];
  }

  /** Teaches it to read messages that name events in a way of their own. */
  read(reader: (body: string) => number[]): void {
    this.#readers.push(reader);
  }

  /** A function has succeeded with a payload, and has answered. */
  succeed(payload: unknown, answer: unknown): void {
    for (const told of this.#successes) told(payload, answer);
  }

  /** Is told of each success of a function. */
  onSuccess(told: (payload: unknown, answer: unknown) => void): void {
    this.#successes.push(told);
  }

  /** The copies of an event that have not just been moved elsewhere. */
  copiesOf(id: number): Copy[] {
    return [...this.#copies.values()].filter(({ ids, state }) => ids.includes(id) && state !== "moved");
  }

  /** The places that the event was ever at. */
  placesOf(id: number): Set<string> {
    return new Set([...this.#copies.values()].filter(({ ids }) => ids.includes(id)).map(({ place }) => place));
  }

  /** Where an event still waits; null: nowhere. */
  waitingAt(id: number): string | null {
    if ((this.#onTheWay.get(id) ?? 0) > 0) return "on the way";
    return this.copiesOf(id).find(({ state }) => state === "waiting")?.place ?? null;
  }

  /** The rule by which every copy of an event ended that no function consumed; null: there is none. */
  lostBy(id: number): string | null {
    const states = new Set(this.copiesOf(id).map(({ state }) => state));
    if (states.has("dropped")) return "given up by Lambda without a destination";
    return states.has("expired") ? "retention" : null;
  }
}

/** The events of the bench in what a function is invoked with. */
export function idsInEvent(event: unknown): number[] {
  try {
    return parseEvent(event).flatMap((delivery) => ("event" in delivery ? [delivery.event.id] : []));
  } catch {
    return [];
  }
}

function idsInBody(body: string): number[] {
  return idsInEvent({ Records: [{ messageId: "message", body }] });
}
