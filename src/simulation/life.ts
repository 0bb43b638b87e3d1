/** One event's life in a run of the model: what the observed account did with it, step by step. */
import type { TraceStep } from "../model.ts";
import type { Happening } from "../targets/local.ts";
import { Mentions } from "./mentions.ts";
import { type Said, said } from "./readings.ts";
import { whyWaited } from "./waits.ts";

interface Told extends Said {
  at: number;
  where: string | null;
}

/** Watches an account for one event. */
export class Life {
  readonly #mentions: Mentions;
  /** The calls that told of the event, with what was passed in. */
  readonly #calls = new Map<number, readonly unknown[]>();
  /** The arguments of calls that are not over, which may tell of it later. */
  readonly #open = new Map<number, readonly unknown[]>();
  readonly #told: Told[] = [];
  /** The number of the latest receive, by message. */
  readonly #receives = new Map<string, number>();

  constructor(private readonly event: number) {
    this.#mentions = new Mentions(event);
  }

  /** ms since the epoch; null: it was never published */
  get sentAt(): number | null {
    return this.#mentions.sentAt;
  }

  readonly observe = (happening: Happening): void => {
    const { call, phase, values, target, at } = happening;
    if (phase === "call" && values.some((one) => typeof one === "function")) this.#open.set(call, values);
    if (!this.#mentions.isIn(values) && !this.#calls.has(call)) {
      if (phase === "callback") this.#open.delete(call);
      return;
    }
    const given = this.#calls.get(call) ?? this.#open.get(call) ?? values;
    this.#open.delete(call);
    this.#calls.set(call, given);
    if (phase === "return") this.#mentions.learn(values[0]);
    const subject = { event: this.event, given, isOf: (value: unknown) => this.#mentions.isIn(value) };
    for (const one of said(happening, subject)) this.#tell({ at, where: nameOf(target), ...one });
  };

  #tell(told: Told): void {
    const { what, receive, hidden, deletes } = told;
    if (receive !== undefined && hidden !== undefined) this.#receives.set(hidden.message, receive);
    // A deletion that is refused was told when it was asked for.
    if (what === "not deleted") this.#told.pop();
    const isEarlier = deletes !== undefined && deletes.receive < (this.#receives.get(deletes.message) ?? 0);
    this.#told.push(isEarlier ? { ...told, what: "not deleted", detail: "it was received again meanwhile" } : told);
  }

  /** `logicalIds`: of the stack's resources. `end`: when the simulation ended, ms since the epoch. */
  steps(logicalIds: readonly string[], end: number): TraceStep[] {
    const sentAt = this.sentAt;
    if (sentAt === null) return [];
    const made: Told = { at: sentAt, what: "made", where: null };
    const steps: TraceStep[] = [];
    for (const told of merged([made, ...withVisibility(this.#told, end)])) {
      const before = steps.at(-1);
      const { at, what, receive = null, instance = null, cold = null, others = null, detail = null } = told;
      const where = told.where && logicalId(told.where, logicalIds);
      if (before?.what === what && what === "throttled" && before.where === where) {
        steps[steps.length - 1] = { ...before, times: before.times + 1, lastAt: at };
        continue;
      }
      const waitedMs = at - (before?.lastAt ?? at);
      const step = { at, sinceSentMs: at - sentAt, what, where, times: 1, lastAt: at };
      const isFifo = told.where?.endsWith(".fifo") === true;
      const why = before === undefined || waitedMs === 0 ? null : whyWaited(before.what, what, isFifo);
      steps.push({ ...step, receive, instance, cold, others, detail, waitedMs, why });
    }
    return steps;
  }
}

/** A name, or the end of an ARN; null: the target has neither. */
function nameOf(target: object): string | null {
  const { name, arn } = target as { name?: unknown; arn?: unknown };
  if (typeof name === "string") return name;
  return typeof arn === "string" ? arn.split(/[:/]/).at(-1)! : null;
}

/** CloudFormation cuts a stack's name where a name would be too long: `throttle-bench-ru-Queue-1A2B3C` is `Queue`. */
function logicalId(name: string, logicalIds: readonly string[]): string {
  return logicalIds.find((id) => name.includes(`-${id}-`)) ?? name;
}

/** The steps with those at which a message became visible again, of which no call tells. */
function withVisibility(told: readonly Told[], end: number): Told[] {
  const hidden = new Map<string, { where: string | null; until: number }>();
  const all: Told[] = [];
  const show = (before: number) => {
    for (const [message, { where, until }] of [...hidden].sort(([, one], [, other]) => one.until - other.until)) {
      if (until > before) continue;
      hidden.delete(message);
      all.push({ at: until, what: "visible", where });
    }
  };
  for (const one of told) {
    show(one.at);
    if (one.what === "deleted") forget(hidden, one.where);
    if (one.hidden) hidden.set(one.hidden.message, { where: one.where, until: one.hidden.until });
    all.push(one);
  }
  show(end);
  return all;
}

/** A message of the event was deleted. */
function forget(hidden: Map<string, { where: string | null }>, queue: string | null): void {
  for (const [message, { where }] of hidden) if (where === queue) hidden.delete(message);
}

/** An invocation that is throttled is one step, and so is one that begins at once in a warm environment. */
function merged(told: readonly Told[]): Told[] {
  const all: Told[] = [];
  for (const one of told) {
    const before = all.at(-1);
    if (one.what === "started" && before?.what === "invoked" && before.at === one.at) {
      all[all.length - 1] = { ...before, instance: one.instance, cold: one.cold, detail: one.detail };
    } else if (one.what === "throttled" && before?.what === "invoked" && before.at === one.at) {
      all[all.length - 1] = one;
    } else {
      all.push(one);
    }
  }
  return all;
}
