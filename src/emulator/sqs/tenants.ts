/** The tenants of a fair queue, which is a standard queue whose messages have groups: who is noisy, and whose messages come first. */
import type { Account } from "../account.ts";
import type { Constants } from "../platforms/platforms.ts";
import { type Messages, nowhere, VisibleMessages } from "./messages.ts";

const lookMs = 1_000;

/** All messages of one message group. */
class Tenant {
  visible = 0;
  inFlight = 0;
  delayed = 0;
  /** When it had a message in flight for the last time. */
  inFlightAt = Number.NEGATIVE_INFINITY;
  /** For how long each rule for noisy tenants has held more than not. */
  concurrencyHeldMs = 0;
  processingHeldMs = 0;
  /** Its messages that became visible since it is noisy, and those from before once the queue has sorted them out; null: it is quiet. */
  line: VisibleMessages | null = null;

  constructor(readonly id: string) {}

  get isGone(): boolean {
    return this.visible + this.inFlight + this.delayed === 0;
  }
}

/**
 * A message without a group is a tenant of its own, and always quiet. Messages that waited before their tenant was found to be noisy keep
 * their places for a while, so that only messages that come later overtake them.
 * https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-fair-queues-detailed.html
 */
export class Tenants {
  readonly #byId = new Map<string, Tenant>();
  /** By slot; undefined: the message has no group. */
  readonly #tenants: (Tenant | undefined)[] = [];
  readonly #noisy = new Set<Tenant>();
  /** The quiet tenants' messages that became visible while some tenant was noisy. */
  readonly #ahead = new VisibleMessages();
  #isLooking = false;

  constructor(
    private readonly account: Account,
    private readonly messages: Messages,
  ) {}

  /** A message that has arrived and is in no state yet. */
  add(slot: number, messageGroupId: string | undefined): void {
    if (messageGroupId === undefined) {
      this.#tenants[slot] = undefined;
      return;
    }
    let tenant = this.#byId.get(messageGroupId);
    if (tenant === undefined) {
      tenant = new Tenant(messageGroupId);
      this.#byId.set(messageGroupId, tenant);
    }
    this.#tenants[slot] = tenant;
    if (this.#isLooking) return;
    this.#isLooking = true;
    this.#lookLater();
  }

  groupOf(slot: number): string | undefined {
    return this.#tenants[slot]?.id;
  }

  show(slot: number, atTheBack: boolean): void {
    const { messages } = this;
    const tenant = this.#tenants[slot];
    this.#leave(slot, tenant);
    if (tenant) tenant.visible++;
    if (this.#noisy.size === 0) messages.show(slot, atTheBack);
    else messages.showIn(tenant?.line ?? this.#ahead, slot, atTheBack);
  }

  /** To be called before the message's state changes. */
  hide(slot: number, state: "inFlight" | "delayed"): void {
    const tenant = this.#tenants[slot];
    this.#leave(slot, tenant);
    if (tenant) tenant[state]++;
  }

  /** To be called before the message is removed. */
  remove(slot: number): void {
    const tenant = this.#tenants[slot];
    this.#leave(slot, tenant);
    this.#tenants[slot] = undefined;
  }

  /** Takes the message that comes first: a quiet tenant's, as far as the queue has sorted them. */
  takeFirstVisible(partition: number): number {
    const { messages } = this;
    const ahead = messages.takeFirstOf(this.#ahead);
    if (ahead !== nowhere) return ahead;
    const first = messages.takeFirstVisible(partition);
    return first === nowhere && this.#noisy.size > 0 ? this.#takeFirstNoisy() : first;
  }

  get noisyGroups(): number {
    return this.#noisy.size;
  }

  /** The messages of quiet tenants. */
  quietCount(state: "visible" | "inFlight" | "delayed"): number {
    let count = this.messages.count(state);
    for (const tenant of this.#noisy) count -= tenant[state];
    return count;
  }

  isQuiet(slot: number): boolean {
    return !this.#tenants[slot]?.line;
  }

  /** Among several noisy tenants the one with the fewest messages in flight comes first. */
  #takeFirstNoisy(): number {
    const byInFlight = [...this.#noisy].sort((a, b) => a.inFlight - b.inFlight);
    for (const { line } of byInFlight) {
      const slot = this.messages.takeFirstOf(line!);
      if (slot !== nowhere) return slot;
    }
    return nowhere;
  }

  #leave(slot: number, tenant: Tenant | undefined): void {
    if (!tenant) return;
    const { messages } = this;
    if (messages.isIn(slot, "visible")) tenant.visible--;
    else if (messages.isIn(slot, "delayed")) tenant.delayed--;
    else if (messages.isIn(slot, "inFlight")) {
      tenant.inFlight--;
      tenant.inFlightAt = this.account.kernel.now;
    }
  }

  /** The queue looks at its tenants as long as it has messages of some. */
  #lookLater(): void {
    this.account.kernel.after(lookMs, () => {
      this.#isLooking = this.#byId.size > 0;
      for (const tenant of this.#byId.values()) this.#look(tenant);
      if (this.#isLooking) this.#lookLater();
    });
  }

  #look(tenant: Tenant): void {
    const { kernel, constants } = this.account;
    if (tenant.inFlight > 0) tenant.inFlightAt = kernel.now;
    if (tenant.line !== null) {
      const isIdle = kernel.now - tenant.inFlightAt >= constants["sqs.noisyQuietMs"];
      if (tenant.visible === 0 || isIdle) this.#calm(tenant);
    } else {
      const held = holdingRules(tenant, this.messages.count("inFlight"), constants);
      tenant.concurrencyHeldMs = Math.max(0, tenant.concurrencyHeldMs + (held.concurrency ? lookMs : -lookMs));
      tenant.processingHeldMs = Math.max(0, tenant.processingHeldMs + (held.processing ? lookMs : -lookMs));
      const isFound =
        tenant.concurrencyHeldMs >= constants["sqs.noisyDetectionMs"] ||
        tenant.processingHeldMs >= constants["sqs.noisyProcessingMs"];
      if (isFound) this.#flag(tenant);
    }
    if (tenant.isGone && tenant.line === null) this.#byId.delete(tenant.id);
  }

  #flag(tenant: Tenant): void {
    const line = new VisibleMessages();
    tenant.line = line;
    this.#noisy.add(tenant);
    this.account.kernel.after(this.account.constants["sqs.fairResortMs"], () => {
      if (tenant.line === line) this.#sortOut(tenant);
    });
  }

  /** Lets the quiet tenants' messages of the old backlog pass it. */
  #sortOut(tenant: Tenant): void {
    const line = new VisibleMessages();
    tenant.line = line;
    for (const slot of this.#visibleOf(tenant)) this.messages.showIn(line, slot, true);
  }

  #calm(tenant: Tenant): void {
    tenant.line = null;
    tenant.concurrencyHeldMs = 0;
    tenant.processingHeldMs = 0;
    this.#noisy.delete(tenant);
    for (const slot of this.#visibleOf(tenant)) this.messages.show(slot, true);
  }

  #visibleOf(tenant: Tenant): number[] {
    const { messages } = this;
    const slots: number[] = [];
    if (tenant.visible === 0) return slots;
    for (let slot = messages.oldest; slot !== nowhere; slot = messages.after(slot)) {
      if (this.#tenants[slot] === tenant && messages.isIn(slot, "visible")) slots.push(slot);
    }
    return slots;
  }
}

/** A tenant is noisy by its share of the messages in flight, if it has enough of them, or by its share of the time that they take. */
export function holdingRules(
  { inFlight }: { inFlight: number },
  inFlightInAll: number,
  constants: Pick<Constants, "sqs.noisyShare" | "sqs.noisyInFlightLimit">,
): { concurrency: boolean; processing: boolean } {
  const processing = inFlight > constants["sqs.noisyShare"] * inFlightInAll;
  return { concurrency: processing && inFlight >= constants["sqs.noisyInFlightLimit"], processing };
}
