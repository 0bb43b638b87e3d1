/** CloudWatch Logs as far as templates need it: log groups by name. What functions log goes to the emulator's owner. */
import type { Account } from "../account.ts";
import { ServiceError } from "../service-error.ts";

export class LogGroups {
  readonly #names = new Set<string>();

  constructor(private readonly account: Account) {}

  create(name: string): { arn: string } {
    if (this.#names.has(name))
      throw new ServiceError("ResourceAlreadyExistsException", "The specified log group already exists");
    this.#names.add(name);
    return { arn: `arn:aws:logs:${this.account.region}:${this.account.accountId}:log-group:${name}:*` };
  }

  delete(name: string): void {
    this.#names.delete(name);
  }
}
