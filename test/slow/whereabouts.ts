/**
 * A book-keeper of events: it watches what the emulator's own parts hold, message by message, and says for each event where it is. It
 * knows nothing of rows.
 */
import { vi } from "vitest";
import { parseEvent } from "../../infra/handlers/envelope.ts";
import type { InvocationOutcome, Queue } from "../../src/emulator/account.ts";
import { CloudWatch } from "../../src/emulator/cloudwatch/metrics.ts";
import { uuidText } from "../../src/emulator/kernel/random.ts";
import { AsynchronousQueue } from "../../src/emulator/lambda/asynchronous-queue.ts";
import { LambdaFunctions } from "../../src/emulator/lambda/functions.ts";
import { ReadingPace } from "../../src/emulator/lambda/reading-pace.ts";
import { StandardTopic } from "../../src/emulator/sns/standard-topic.ts";
import { Messages } from "../../src/emulator/sqs/messages.ts";
import { SqsQueues } from "../../src/emulator/sqs/queues.ts";

/**
 * `waiting`: in a queue, or in a function's. `consumed`: a function took it and succeeded. `moved`: another copy has taken its place.
 * `expired`: its queue's retention was over. `dropped`: Lambda gave it up.
 */
type State = "waiting" | "consumed" | "moved" | "expired" | "dropped";

/** A message, or an asynchronous event, with the events of the bench that it holds. */
interface Copy {
  ids: number[];
  /** A queue's or a function's name. */
  place: string;
  state: State;
}

export class Whereabouts {
  /** By message id, or by the id of an asynchronous request. */
  readonly #copies = new Map<string, Copy>();
  /** Taken by the topic and not delivered yet, by event. */
  readonly #onTopic = new Map<number, number>();
  readonly #queues = new Map<Messages, Queue>();
  readonly faults: string[] = [];
  /** The queue that is taking a message at this moment. */
  #taking: Queue | null = null;
  #isDeleting = false;
  #drops = 0;

  /** Watches every emulator that is made from now on, until `stop`. */
  constructor() {
    this.#watchQueues();
    this.#watchTopics();
    this.#watchFunctions();
  }

  stop(): void {
    vi.restoreAllMocks();
  }

  /** The copies of an event that have not just been moved elsewhere. */
  copiesOf(id: number): Copy[] {
    return [...this.#copies.values()].filter(({ ids, state }) => ids.includes(id) && state !== "moved");
  }

  /** True when the event was ever at a place whose name has this text. */
  wasAt(id: number, place: string): boolean {
    return [...this.#copies.values()].some((copy) => copy.ids.includes(id) && copy.place.includes(place));
  }

  /** Where an event still waits; null: nowhere. */
  waitingAt(id: number): string | null {
    if ((this.#onTopic.get(id) ?? 0) > 0) return "the topic";
    return this.copiesOf(id).find(({ state }) => state === "waiting")?.place ?? null;
  }

  /** The rule by which every copy of an event ended that no function consumed; null: there is none. */
  lostBy(id: number): string | null {
    const states = new Set(this.copiesOf(id).map(({ state }) => state));
    if (states.has("dropped")) return "given up by Lambda without a destination";
    return states.has("expired") ? "retention" : null;
  }

  #watchQueues(): void {
    const self = this;
    const create = SqsQueues.prototype.create;
    vi.spyOn(SqsQueues.prototype, "create").mockImplementation(function (this: SqsQueues, name, settings) {
      const queue = create.call(this, name, settings);
      self.#watchQueue(queue);
      return queue;
    });
    const add = Messages.prototype.add;
    vi.spyOn(Messages.prototype, "add").mockImplementation(function (this: Messages, content, idBits, now) {
      const queue = self.#taking!;
      self.#queues.set(this, queue);
      self.#arrive(uuidText(...idBits), queue.name, idsIn(String(content.body)));
      return add.call(this, content, idBits, now);
    });
    const remove = Messages.prototype.remove;
    vi.spyOn(Messages.prototype, "remove").mockImplementation(function (this: Messages, slot) {
      const copy = self.#copies.get(this.id(slot))!;
      copy.state = self.#isDeleting ? "consumed" : "expired";
      remove.call(this, slot);
    });
  }

  #watchQueue(queue: Queue): void {
    const methods = queue as unknown as Record<string, (...given: never[]) => unknown>;
    for (const name of ["send", "acceptDeadLetter"]) {
      const method = methods[name]!.bind(queue);
      methods[name] = (...given) => {
        const outer = this.#taking;
        this.#taking = queue;
        try {
          return method(...given);
        } finally {
          this.#taking = outer;
        }
      };
    }
    const remove = queue.delete.bind(queue);
    queue.delete = (receipt) => {
      this.#isDeleting = true;
      remove(receipt);
      this.#isDeleting = false;
    };
  }

  /** A message that is moved keeps its id. */
  #arrive(key: string, place: string, ids: number[]): void {
    const known = this.#copies.get(key);
    if (known) this.#copies.set(`${key} before`, { ...known, state: "moved" });
    this.#copies.set(key, { ids, place, state: "waiting" });
    for (const id of ids) this.#onTopic.set(id, (this.#onTopic.get(id) ?? 0) - 1);
    // A message from a dead-letter queue's source or from Lambda was not on the topic.
    for (const id of ids) if (this.#onTopic.get(id)! < 0) this.#onTopic.set(id, 0);
  }

  #watchTopics(): void {
    const self = this;
    const publishBatch = StandardTopic.prototype.publishBatch;
    vi.spyOn(StandardTopic.prototype, "publishBatch").mockImplementation(function (this: StandardTopic, entries) {
      const answer = publishBatch.call(this, entries);
      const taken = new Set(answer.Successful.map(({ Id }) => Id));
      for (const { Id, Message } of entries) {
        if (!taken.has(Id)) continue;
        const { id } = JSON.parse(Message);
        self.#onTopic.set(id, (self.#onTopic.get(id) ?? 0) + 1);
      }
      return answer;
    });
  }

  #watchFunctions(): void {
    const self = this;
    const metric = CloudWatch.prototype.metric;
    vi.spyOn(CloudWatch.prototype, "metric").mockImplementation(function (this: CloudWatch, identity) {
      const made = metric.call(this, identity);
      if (identity.name === "AsyncEventsDropped") {
        const drop = made.add.bind(made);
        made.add = (value, at) => {
          self.#drops++;
          drop(value, at);
        };
      }
      return made;
    });
    const accept = AsynchronousQueue.prototype.accept;
    vi.spyOn(AsynchronousQueue.prototype, "accept").mockImplementation(function (this: AsynchronousQueue, payload) {
      const { name } = (this as unknown as { fn: { name: string } }).fn;
      const accepted = accept.call(this, payload);
      const ids = idsInEvent(payload);
      if (ids.length > 0) self.#arrive(accepted.requestId, name, ids);
      return accepted;
    });
    // The pace hands each event over whose turn has come.
    const add = ReadingPace.prototype.add;
    const watched = new WeakSet<object>();
    vi.spyOn(ReadingPace.prototype, "add").mockImplementation(function (this: ReadingPace<unknown>, event) {
      if (!watched.has(this)) {
        watched.add(this);
        const pace = this as unknown as { read: (event: { requestId: string }) => void };
        const { read } = pace;
        pace.read = (each) => self.#during(each.requestId, () => read(each));
      }
      add.call(this, event);
    });
    const create = LambdaFunctions.prototype.create;
    vi.spyOn(LambdaFunctions.prototype, "create").mockImplementation(function (this: LambdaFunctions, ...given) {
      const fn = create.apply(this, given);
      const invoke = fn.invoke.bind(fn);
      fn.invoke = (payload, done, type) => {
        const requestId = self.#current;
        const end = (outcome: InvocationOutcome) => {
          if (requestId === null) return done(outcome);
          const copy = self.#copies.get(requestId);
          if (copy && outcome.kind === "success") copy.state = "consumed";
          self.#during(requestId, () => done(outcome));
        };
        invoke(payload, type === "Event" ? end : done, type);
      };
      return fn;
    });
  }

  #current: string | null = null;

  /** Watches what Lambda does with an asynchronous event: it may give it up. */
  #during(requestId: string, act: () => void): void {
    const [outer, drops] = [this.#current, this.#drops];
    this.#current = requestId;
    act();
    this.#current = outer;
    const copy = this.#copies.get(requestId);
    if (copy && this.#drops > drops) copy.state = "dropped";
  }
}

/** The events of the bench in a message's body; none for another message, such as a producer's report. */
function idsIn(body: string): number[] {
  return idsInEvent({ Records: [{ messageId: "message", body }] });
}

function idsInEvent(event: unknown): number[] {
  try {
    return parseEvent(event).flatMap((delivery) => ("event" in delivery ? [delivery.event.id] : []));
  } catch {
    return [];
  }
}
