/** The message groups of a FIFO queue: the order in each, and which of them may be received from. */
import { Numbered } from "../kernel/numbered.ts";
import { RecordHeap } from "../kernel/records.ts";
import { type Messages, nowhere } from "./messages.ts";

/** A group that has messages. */
export class MessageGroup {
  /** Its own among the groups that have messages. */
  number = 0;
  first = nowhere;
  last = nowhere;
  inFlight = 0;
  /** The arrival of its first message when it was put on the list of open groups; `nowhere`: it was not since it was closed. */
  listedAs = nowhere;

  constructor(readonly id: string) {}
}

/**
 * A group with a message in flight is closed: it gives nothing more until that is deleted or visible again. Whatever comes back stands
 * at its old place. https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/FIFO-queues-understanding-logic.html
 *
 * Groups are found among the first messages of the queue only, whoever's those are:
 * https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/avoid-backlog-with-the-same-message-group-id.html
 */
export class MessageGroups {
  readonly #byId = new Map<string, MessageGroup>();
  readonly #numbered = new Numbered<MessageGroup>();
  /** By slot. */
  readonly #groups: MessageGroup[] = [];
  readonly #previous: number[] = [];
  readonly #next: number[] = [];
  /** The open groups by the arrival of their first message. A record of another arrival is out of date. */
  readonly #open = new RecordHeap();
  #closedCount = 0;
  #size = 0;
  /** The last message among which groups are found; `nowhere`: the queue has fewer. */
  #horizon = nowhere;

  constructor(
    private readonly messages: Messages,
    private readonly lookAhead: number,
  ) {}

  /** The groups that have messages in flight. */
  get closedCount(): number {
    return this.#closedCount;
  }

  groupOf(slot: number): MessageGroup {
    return this.#groups[slot]!;
  }

  /** The next message of its group; `nowhere`: there is none. */
  after(slot: number): number {
    return this.#next[slot]!;
  }

  /** A message that has arrived, at the end of its group. */
  add(slot: number, groupId: string): void {
    const group = this.#byId.get(groupId) ?? this.#made(groupId);
    this.#groups[slot] = group;
    this.#previous[slot] = group.last;
    this.#next[slot] = nowhere;
    if (group.last === nowhere) group.first = slot;
    else this.#next[group.last] = slot;
    group.last = slot;
    if (++this.#size === this.lookAhead) this.#horizon = slot;
  }

  /** To be called before the message is removed from the queue. */
  remove(slot: number): void {
    const { messages } = this;
    const group = this.groupOf(slot);
    if (messages.isIn(slot, "inFlight")) this.#settle(group);
    const [previous, next] = [this.#previous[slot]!, this.#next[slot]!];
    if (previous === nowhere) group.first = next;
    else this.#next[previous] = next;
    if (next === nowhere) group.last = previous;
    else this.#previous[next] = previous;
    this.#size--;
    if (this.#horizon !== nowhere && messages.arrival(slot) <= messages.arrival(this.#horizon)) {
      this.#horizon = messages.after(this.#horizon);
    }
    if (group.first === nowhere) this.#forget(group);
    else this.#list(group);
  }

  /** A message is going into flight. */
  close(slot: number): void {
    const group = this.groupOf(slot);
    if (group.inFlight++ > 0) return;
    this.#closedCount++;
    this.#unlist(group);
  }

  /** A message has become visible, from flight or after its delay. */
  reveal(slot: number, wasInFlight: boolean): void {
    const group = this.groupOf(slot);
    if (wasInFlight) this.#settle(group);
    this.#list(group);
  }

  /** The open group whose first message is the oldest, without its place on the list; null: there is none within sight. */
  takeFirstOpen(): MessageGroup | null {
    if (!this.hasOpen) return null;
    const group = this.#numbered.get(this.#open.firstA)!;
    this.#open.shift();
    this.#unlist(group);
    return group;
  }

  /** True when an open group is within sight. */
  get hasOpen(): boolean {
    const open = this.#open;
    while (open.size > 0 && this.#numbered.get(open.firstA)?.listedAs !== open.firstKey) open.shift();
    return open.size > 0 && (this.#horizon === nowhere || open.firstKey <= this.messages.arrival(this.#horizon));
  }

  /** Puts a group on the list of open ones by its first message, if it is open; else it is not on the list any more. */
  #list(group: MessageGroup): void {
    const { first } = group;
    if (group.inFlight > 0 || !this.messages.isIn(first, "visible")) {
      this.#unlist(group);
      return;
    }
    const arrival = this.messages.arrival(first);
    if (group.listedAs === arrival) return;
    group.listedAs = arrival;
    this.#open.push(arrival, 0, group.number, 0);
  }

  #unlist(group: MessageGroup): void {
    group.listedAs = nowhere;
  }

  #settle(group: MessageGroup): void {
    if (--group.inFlight === 0) this.#closedCount--;
  }

  #made(id: string): MessageGroup {
    const group = new MessageGroup(id);
    group.number = this.#numbered.add(group);
    this.#byId.set(id, group);
    return group;
  }

  #forget(group: MessageGroup): void {
    this.#byId.delete(group.id);
    this.#numbered.take(group.number);
  }
}
