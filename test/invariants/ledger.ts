/** An independent book-keeper: it sees what passes between the services, keeps its own accounts, and names what breaks a rule. */

import type { InvocationOutcome, LambdaFunction, Queue } from "../../src/emulator/account.ts";
import type { CloudWatch } from "../../src/emulator/cloudwatch/metrics.ts";
import type { Emulator } from "../../src/emulator/emulator.ts";
import type { StandardQueue } from "../../src/emulator/sqs/standard-queue.ts";

/** A message of the source queue as the ledger knows it from what was sent, received and deleted. */
interface Entry {
  event: number;
  sentAt: number;
  receives: number;
  handle: string | null;
  hiddenUntil: number;
  state: "live" | "deleted" | "dead";
}

export class BrokenInvariant extends Error {
  override readonly name = "BrokenInvariant";
}

export interface Watched {
  emulator: Emulator;
  consumer: LambdaFunction;
  /** The mapping's queue; null where the topic invokes the function. */
  source: Queue | null;
  deadLetters: Queue;
  /** The number of the event in a message's body. */
  eventOf(body: string): number;
  accountConcurrency: number;
  maximumConcurrency: number | null;
  maxReceiveCount: number | null;
  retentionMs: number;
}

export class Ledger {
  /** (time, what), for comparison of two runs. */
  readonly trace: string[] = [];
  readonly completed = new Set<number>();
  readonly dead = new Set<number>();
  readonly #messages = new Map<string, Entry>();
  readonly #byHandle = new Map<string, Entry>();
  /** The event that is being sent: its message may be handed to a waiting receiver before `send` returns. */
  #sending: number | null = null;
  /** The consumer's reserved concurrency. Whoever reserves it tells the ledger. */
  reserved: number | null = null;
  published = 0;
  /** Arrived at the queue, or at the function's internal queue. */
  delivered = 0;
  running = 0;
  peak = 0;
  succeeded = 0;
  dropped = 0;
  throttles = 0;
  grants = 0;
  /** Handlers' work in invocations that answered, and what those that did not are billed. */
  workedMs = 0;
  #latest: number;
  #live = 0;

  constructor(private readonly watched: Watched) {
    const { emulator, consumer, source, deadLetters } = watched;
    this.#latest = emulator.kernel.now;
    this.#watchTime();
    this.#watchFunction(consumer);
    this.#watchMetrics(emulator.cloudwatch);
    if (source) this.#watchSource(source);
    this.#watchDeadLetters(deadLetters as StandardQueue);
  }

  note(what: string): void {
    this.trace.push(`${this.#now} ${what}`);
  }

  require(holds: boolean, rule: string): void {
    if (!holds) throw new BrokenInvariant(`${rule} (at ${this.#now}, after: ${this.trace.slice(-5).join("; ")})`);
  }

  /** Messages of the source queue by state, as the queue itself counts them. */
  get inQueue(): { visible: number; inFlight: number; delayed: number } {
    return this.watched.source?.counts() ?? { visible: 0, inFlight: 0, delayed: 0 };
  }

  /** Accepted by Lambda's internal queue, and neither done nor given up. */
  get waiting(): number {
    return this.watched.source ? 0 : this.delivered - this.succeeded - this.dropped;
  }

  /** The messages that the retention period took out of the source queue. */
  get expired(): number {
    const { visible, inFlight, delayed } = this.inQueue;
    return this.#live - visible - inFlight - delayed;
  }

  /** Events of which a message is in the source queue or was taken out of it by its retention period. */
  get remaining(): Set<number> {
    return new Set([...this.#messages.values()].filter(({ state }) => state === "live").map(({ event }) => event));
  }

  get #now(): number {
    return this.watched.emulator.kernel.now;
  }

  /** The rules that hold between any two events of the simulation. */
  #balance(): void {
    const { source, retentionMs } = this.watched;
    this.require(this.published >= this.delivered, "more was delivered than published");
    this.require(this.waiting >= 0, "more asynchronous events ended than were accepted");
    if (!source) return;
    const { expired } = this;
    this.require(expired >= 0, "the queue holds messages that were deleted or moved");
    if (expired === 0) return;
    let old = 0;
    for (const { state, sentAt } of this.#messages.values()) {
      if (state === "live" && this.#now - sentAt >= retentionMs) old++;
    }
    this.require(expired <= old, "a message is lost before its retention period is over");
  }

  #watchTime(): void {
    const { kernel } = this.watched.emulator;
    const happen = kernel.happen.bind(kernel);
    kernel.happen = (alarms, number) => {
      this.require(kernel.now >= this.#latest, "time went back");
      this.#latest = kernel.now;
      happen(alarms, number);
      this.#balance();
    };
  }

  #watchFunction(consumer: LambdaFunction): void {
    const { accountConcurrency, maximumConcurrency } = this.watched;
    const invoke = consumer.invoke.bind(consumer);
    consumer.invoke = (payload, done, type) => {
      let throttled = false;
      const serial = this.grants;
      invoke(
        payload,
        (outcome: InvocationOutcome) => {
          this.note(`${outcome.kind} ${outcome.kind === "throttled" ? outcome.reason : serial}`);
          if (outcome.kind === "throttled") {
            throttled = true;
            this.throttles++;
          } else {
            this.running--;
            if (outcome.kind === "success") this.succeeded++;
            else if (outcome.failure.errorType === "Sandbox.Timedout") this.workedMs += consumer.settings.timeoutMs;
          }
          done(outcome);
        },
        type,
      );
      if (throttled) return;
      this.grants++;
      this.running++;
      this.peak = Math.max(this.peak, this.running);
      this.note(`granted ${serial}, running ${this.running}`);
      this.require(this.running <= (this.reserved ?? accountConcurrency), "more run than the reservation allows");
      this.require(this.running <= accountConcurrency, "more run than the account allows");
      this.require(this.running <= (maximumConcurrency ?? this.running), "more run than the mapping's maximum");
    };
    const invokeAsync = consumer.invokeAsync.bind(consumer);
    consumer.invokeAsync = (payload) => {
      this.delivered++;
      return invokeAsync(payload);
    };
  }

  #watchMetrics(cloudwatch: CloudWatch): void {
    const record = cloudwatch.record.bind(cloudwatch);
    cloudwatch.record = (metric, value, at) => {
      if (metric.name === "AsyncEventsDropped") this.dropped += value;
      record(metric, value, at);
    };
  }

  #watchSource(source: Queue): void {
    const { eventOf, maxReceiveCount } = this.watched;
    const send = source.send.bind(source);
    source.send = (body, options) => {
      this.delivered++;
      this.#live++;
      const event = eventOf(String(body));
      this.note(`sent ${event}`);
      this.#sending = event;
      const sent = send(body, options);
      this.#entry(sent.messageId, event);
      this.#sending = null;
      return sent;
    };
    const receive = source.receive.bind(source);
    source.receive = (request, deliver) =>
      receive(request, (messages) => {
        const hiddenUntil = this.#now + (request.visibilityTimeoutMs ?? source.settings.visibilityTimeoutMs);
        for (const { messageId, receiptHandle, receiveCount, body } of messages) {
          const entry = this.#entry(messageId, eventOf(body));
          this.note(`received ${entry.event}, ${receiveCount} times`);
          this.require(entry.state === "live", "a message was received after it had been deleted or moved");
          this.require(this.#now >= entry.hiddenUntil, "a message in flight was visible to another receiver");
          this.require(receiveCount === entry.receives + 1, "the receive count is not the number of receives");
          this.require(receiveCount <= (maxReceiveCount ?? receiveCount), "received more often than maxReceiveCount");
          Object.assign(entry, { receives: receiveCount, handle: receiptHandle, hiddenUntil });
          this.#byHandle.set(receiptHandle, entry);
        }
        this.#countHidden();
        deliver(messages);
      });
    const remove = source.delete.bind(source);
    source.delete = (receipt) => {
      remove(receipt);
      const receiptHandle = typeof receipt === "string" ? receipt : receipt.receiptHandle;
      const entry = this.#byHandle.get(receiptHandle);
      if (entry?.state !== "live" || entry.handle !== receiptHandle) return;
      this.note(`deleted ${entry.event}`);
      this.require(this.completed.has(entry.event), "a message was deleted that no handler completed");
      entry.state = "deleted";
      this.#live--;
    };
  }

  #entry(messageId: string, event: number): Entry {
    let entry = this.#messages.get(messageId);
    if (!entry) {
      this.require(this.#sending === event, "a message came that nobody sent");
      const hiddenUntil = this.#now + this.watched.source!.settings.delayMs;
      entry = { event, sentAt: this.#now, receives: 0, handle: null, hiddenUntil, state: "live" };
      this.#messages.set(messageId, entry);
    }
    return entry;
  }

  /** The queue's own counts against the ledger's; what is due at this very instant may be on either side. */
  #countHidden(): void {
    let hidden = 0;
    let due = 0;
    for (const { state, hiddenUntil } of this.#messages.values()) {
      if (state !== "live") continue;
      if (hiddenUntil > this.#now) hidden++;
      else if (hiddenUntil === this.#now) due++;
    }
    const { inFlight, delayed } = this.inQueue;
    this.require(inFlight + delayed >= hidden, "a message in flight is counted as visible");
    this.require(inFlight + delayed <= hidden + due, "a visible message is counted as in flight");
  }

  #watchDeadLetters(queue: StandardQueue): void {
    const { eventOf, maxReceiveCount } = this.watched;
    const send = queue.send.bind(queue);
    queue.send = (body, options) => {
      this.dead.add(eventOf(String(body)));
      this.note(`gave up ${eventOf(String(body))}`);
      return send(body, options);
    };
    const acceptDeadLetter = queue.acceptDeadLetter.bind(queue);
    queue.acceptDeadLetter = (letter) => {
      const entry = this.#messages.get(letter.messageId);
      this.note(`dead ${entry?.event}`);
      this.require(entry?.state === "live", "a message was moved that was not in the queue");
      this.require(entry!.receives === maxReceiveCount, "a message was moved before its last receive");
      entry!.state = "dead";
      this.#live--;
      this.dead.add(entry!.event);
      acceptDeadLetter(letter);
    };
  }
}
