/** CloudWatch Logs: log groups by name, and the lines that functions and Lambda itself write. */
import type { Account, Logs } from "../account.ts";
import { ServiceError } from "../service-error.ts";

export interface LogEvent {
  /** When it was written; ms. */
  timestamp: number;
  message: string;
  /** The log stream's name. */
  stream: string;
}

export interface LogGroup {
  readonly name: string;
  readonly arn: string;
  readonly createdAt: number;
  /** In the order of their time. */
  events: LogEvent[];
  /** The events that were there and are no longer kept. */
  dropped: number;
}

/** A group keeps its latest lines, so that a model that is served for days does not grow for ever. */
const mostEvents = 200_000;

export class LogGroups implements Logs {
  keepsInvocations = false;
  readonly #groups = new Map<string, LogGroup>();

  constructor(private readonly account: Account) {}

  create(name: string): { arn: string } {
    if (this.#groups.has(name))
      throw new ServiceError("ResourceAlreadyExistsException", "The specified log group already exists");
    return { arn: `${this.#make(name).arn}:*` };
  }

  #make(name: string): LogGroup {
    const { region, accountId, kernel } = this.account;
    const arn = `arn:aws:logs:${region}:${accountId}:log-group:${name}`;
    const group = { name, arn, createdAt: kernel.now, events: [], dropped: 0 };
    this.#groups.set(name, group);
    return group;
  }

  delete(name: string): void {
    this.#groups.delete(name);
  }

  write(name: string, message: string, stream: string): void {
    const group = this.#groups.get(name) ?? this.#make(name);
    group.events.push({ timestamp: this.account.kernel.now, message, stream });
    if (group.events.length < 2 * mostEvents) return;
    group.dropped += mostEvents;
    group.events = group.events.slice(mostEvents);
  }

  latestInvocation(name: string): string {
    const lines: string[] = [];
    const events = this.#groups.get(name)?.events ?? [];
    const stream = events.at(-1)?.stream;
    for (let index = events.length - 1; index >= 0; index--) {
      const event = events[index]!;
      if (event.stream !== stream) continue;
      lines.unshift(event.message);
      if (event.message.startsWith("START ")) break;
    }
    return lines.join("");
  }

  list(): LogGroup[] {
    return [...this.#groups.values()];
  }

  /** @throws ServiceError `ResourceNotFoundException` */
  group(name: string): LogGroup {
    const group = this.#groups.get(name);
    if (group) return group;
    throw new ServiceError("ResourceNotFoundException", "The specified log group does not exist.");
  }
}
