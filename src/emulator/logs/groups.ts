/** CloudWatch Logs as far as failures need it: log groups by name, and the lines that functions and Lambda itself write of failures. */
import type { Account, Logs } from "../account.ts";
import { ServiceError } from "../service-error.ts";

export interface LogEvent {
  /** When it was written; ms. */
  timestamp: number;
  message: string;
}

export class LogGroups implements Logs {
  readonly #groups = new Map<string, LogEvent[]>();

  constructor(private readonly account: Account) {}

  create(name: string): { arn: string } {
    if (this.#groups.has(name))
      throw new ServiceError("ResourceAlreadyExistsException", "The specified log group already exists");
    this.#groups.set(name, []);
    return { arn: `arn:aws:logs:${this.account.region}:${this.account.accountId}:log-group:${name}:*` };
  }

  delete(name: string): void {
    this.#groups.delete(name);
  }

  write(group: string, message: string): void {
    const event = { timestamp: this.account.kernel.now, message };
    const events = this.#groups.get(group);
    if (events === undefined) this.#groups.set(group, [event]);
    else events.push(event);
  }

  /** Its lines in the order of their time. @throws ServiceError `ResourceNotFoundException` */
  events(name: string): readonly LogEvent[] {
    const events = this.#groups.get(name);
    if (events) return events;
    throw new ServiceError("ResourceNotFoundException", "The specified log group does not exist.");
  }
}
