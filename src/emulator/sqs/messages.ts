/** The messages of a queue: each is a slot in arrays, so that a million that wait are a handful of objects. */
import type { LateText, MessageAttribute } from "../account.ts";
import { type IdBits, uuidText } from "../kernel/random.ts";
import { grown, RecordHeap, RecordRing } from "../kernel/records.ts";

/** Stands for a slot where there is no message. */
export const nowhere = -1;

export const states = { free: 0, visible: 1, inFlight: 2, delayed: 3 } as const;

export type State = keyof typeof states;

export interface Content {
  readonly body: string | LateText;
  readonly messageAttributes: Record<string, MessageAttribute>;
  /** The enqueue timestamp; a dead-letter queue keeps it, and retention counts from it. */
  readonly sentAt: number;
}

const initialCapacity = 16;
const never = Number.NaN;
const none: Record<string, MessageAttribute> = {};

/**
 * A slot is used again for another message once its message is gone. Whoever keeps a slot keeps the message's `arrival`, too, which
 * no other message of the queue has.
 */
export class Messages {
  #states = new Uint8Array(initialCapacity);
  #receiveCounts = new Int32Array(initialCapacity);
  #places = new Uint32Array(initialCapacity);
  #arrivals = new Uint32Array(initialCapacity);
  #arrivedAt = new Float64Array(initialCapacity);
  #sentAt = new Float64Array(initialCapacity);
  #firstReceivedAt = new Float64Array(initialCapacity);
  #receivedAt = new Float64Array(initialCapacity);
  /** Neighbours in the order of arrival. */
  #earlier = new Int32Array(initialCapacity);
  #later = new Int32Array(initialCapacity);
  #idBits = new Int32Array(4 * initialCapacity);
  readonly #bodies: (string | LateText | null)[] = [];
  /** By slot, for the messages that have attributes. */
  readonly #attributes = new Map<number, Record<string, MessageAttribute>>();
  readonly #free: number[] = [];
  readonly #counts = new Int32Array(Object.keys(states).length);
  #oldest = nowhere;
  #newest = nowhere;
  #arrived = 0;
  #nextPlace = 0;
  #partitions = new Uint8Array(initialCapacity);
  /** The visible messages of each partition. */
  readonly #visible = [new VisibleMessages()];
  /** By id; made when somebody asks by id, and kept up from then on. */
  #slots: Map<string, number> | null = null;

  /** A message that arrives, at the back of its partition and in no state yet. */
  add({ body, messageAttributes, sentAt }: Content, idBits: IdBits, now: number, partition = 0): number {
    const slot = this.#free.pop() ?? this.#bodies.length;
    if (slot === this.#states.length) this.#grow();
    this.#bodies[slot] = body;
    if (hasAny(messageAttributes)) this.#attributes.set(slot, messageAttributes);
    this.#receiveCounts[slot] = 0;
    this.#partitions[slot] = partition;
    while (this.#visible.length <= partition) this.#visible.push(new VisibleMessages());
    this.#places[slot] = this.#nextPlace++;
    this.#arrivals[slot] = this.#arrived++;
    this.#arrivedAt[slot] = now;
    this.#sentAt[slot] = sentAt;
    this.#firstReceivedAt[slot] = never;
    this.#idBits.set(idBits, 4 * slot);
    this.#earlier[slot] = this.#newest;
    this.#later[slot] = nowhere;
    if (this.#newest === nowhere) this.#oldest = slot;
    else this.#later[this.#newest] = slot;
    this.#newest = slot;
    this.#slots?.set(this.id(slot), slot);
    return slot;
  }

  /** The message is gone, and its slot free for another. */
  remove(slot: number): void {
    this.#slots?.delete(this.id(slot));
    this.#setState(slot, "free");
    this.#bodies[slot] = null;
    this.#attributes.delete(slot);
    const earlier = this.#earlier[slot]!;
    const later = this.#later[slot]!;
    if (earlier === nowhere) this.#oldest = later;
    else this.#later[earlier] = later;
    if (later === nowhere) this.#newest = earlier;
    else this.#earlier[later] = earlier;
    this.#free.push(slot);
  }

  /** `atTheBack`: behind all others of its partition, and not at the place that it had. */
  show(slot: number, atTheBack: boolean): void {
    if (atTheBack) this.#places[slot] = this.#nextPlace++;
    this.#setState(slot, "visible");
    this.#visible[this.#partitions[slot]!]!.add(this.#places[slot]!, slot);
  }

  /** As `show` does, in a line of the queue's own instead of the partition. One that was visible has to leave its place: `atTheBack`. */
  showIn(line: VisibleMessages, slot: number, atTheBack: boolean): void {
    if (atTheBack) this.#places[slot] = this.#nextPlace++;
    this.#setState(slot, "visible");
    line.add(this.#places[slot]!, slot);
  }

  /** Visible, at no place in a partition: its queue keeps an order of its own. */
  reveal(slot: number): void {
    this.#setState(slot, "visible");
  }

  hide(slot: number, state: "inFlight" | "delayed"): void {
    this.#setState(slot, state);
  }

  /**
   * Takes a partition's first visible message out of the order, but not out of its state; the first one of the next partition that has
   * one when it has none. `nowhere`: none has.
   */
  takeFirstVisible(partition: number): number {
    const count = this.#visible.length;
    for (let index = partition; index < partition + count; index++) {
      const slot = this.takeFirstOf(this.#visible[index % count]!);
      if (slot !== nowhere) return slot;
    }
    return nowhere;
  }

  /** As `takeFirstVisible` does, from a line of the queue's own. */
  takeFirstOf(visible: VisibleMessages): number {
    for (let { first } = visible; first.size > 0; first = visible.first) {
      const { firstKey: place, firstA: slot } = first;
      first.shift();
      // No two messages ever have the same place, so another one in the slot is not taken for the one that was deleted.
      if (this.#states[slot] === states.visible && this.#places[slot] === place) return slot;
    }
    return nowhere;
  }

  noteReceive(slot: number, now: number): void {
    this.#receiveCounts[slot]!++;
    this.#receivedAt[slot] = now;
    if (Number.isNaN(this.#firstReceivedAt[slot]!)) this.#firstReceivedAt[slot] = now;
  }

  count(state: State): number {
    return this.#counts[states[state]]!;
  }

  isIn(slot: number, state: State): boolean {
    return this.#states[slot] === states[state];
  }

  id(slot: number): string {
    const bits = this.#idBits;
    const first = 4 * slot;
    return uuidText(bits[first]!, bits[first + 1]!, bits[first + 2]!, bits[first + 3]!);
  }

  body(slot: number): string {
    return String(this.#bodies[slot]);
  }

  /** Its text may not be made yet. */
  content(slot: number): Content {
    return { body: this.#bodies[slot]!, messageAttributes: this.attributes(slot), sentAt: this.sentAt(slot) };
  }

  attributes(slot: number): Record<string, MessageAttribute> {
    return this.#attributes.size === 0 ? none : (this.#attributes.get(slot) ?? none);
  }

  receiveCount(slot: number): number {
    return this.#receiveCounts[slot]!;
  }

  /** The queue's messages are counted as they arrive. */
  arrival(slot: number): number {
    return this.#arrivals[slot]!;
  }

  /** When it came into this queue; its age counts from here. */
  arrivedAt(slot: number): number {
    return this.#arrivedAt[slot]!;
  }

  sentAt(slot: number): number {
    return this.#sentAt[slot]!;
  }

  firstReceivedAt(slot: number): number {
    return this.#firstReceivedAt[slot]!;
  }

  /** The time of its latest receive. */
  receivedAt(slot: number): number {
    return this.#receivedAt[slot]!;
  }

  /** In the order of arrival; `nowhere`: there is none. */
  get oldest(): number {
    return this.#oldest;
  }

  /** The next in the order of arrival. */
  after(slot: number): number {
    return this.#later[slot]!;
  }

  /** `nowhere`: there is no message with this id. */
  find(messageId: string): number {
    if (this.#slots === null) {
      this.#slots = new Map();
      for (let slot = this.#oldest; slot !== nowhere; slot = this.after(slot)) this.#slots.set(this.id(slot), slot);
    }
    return this.#slots.get(messageId) ?? nowhere;
  }

  #setState(slot: number, state: State): void {
    this.#counts[this.#states[slot]!]!--;
    this.#states[slot] = states[state];
    this.#counts[states[state]]!++;
  }

  #grow(): void {
    const length = 2 * this.#states.length;
    this.#states = grown(this.#states, new Uint8Array(length));
    this.#receiveCounts = grown(this.#receiveCounts, new Int32Array(length));
    this.#partitions = grown(this.#partitions, new Uint8Array(length));
    this.#places = grown(this.#places, new Uint32Array(length));
    this.#arrivals = grown(this.#arrivals, new Uint32Array(length));
    this.#arrivedAt = grown(this.#arrivedAt, new Float64Array(length));
    this.#sentAt = grown(this.#sentAt, new Float64Array(length));
    this.#firstReceivedAt = grown(this.#firstReceivedAt, new Float64Array(length));
    this.#receivedAt = grown(this.#receivedAt, new Float64Array(length));
    this.#earlier = grown(this.#earlier, new Int32Array(length));
    this.#later = grown(this.#later, new Int32Array(length));
    this.#idBits = grown(this.#idBits, new Int32Array(4 * length));
  }
}

/** Visible messages by place: the ring has those that came in the order of their places, the heap those that came back. */
export class VisibleMessages {
  readonly #inOrder = new RecordRing();
  readonly #cameBack = new RecordHeap();

  add(place: number, slot: number): void {
    if (this.#inOrder.accepts(place, 0)) this.#inOrder.push(place, 0, slot, 0);
    else this.#cameBack.push(place, 0, slot, 0);
  }

  /** Begins with the first of them; empty when there is none. */
  get first(): RecordRing | RecordHeap {
    return this.#inOrder.firstKey <= this.#cameBack.firstKey ? this.#inOrder : this.#cameBack;
  }
}

function hasAny(attributes: Record<string, MessageAttribute>): boolean {
  for (const _ in attributes) return true;
  return false;
}
