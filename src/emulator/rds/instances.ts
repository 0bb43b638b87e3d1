/** RDS as far as templates need it: Postgres instances, each with an endpoint that its owner may put a real server behind. */
import type { Account, DatabaseInstance, DatabaseInstances, DatabaseSettings } from "../account.ts";
import { ServiceError } from "../service-error.ts";

/** A server on which an instance's database is made, as soon as the owner writes. */
export interface DatabaseServer {
  host: string;
  port: number;
  create(database: { name: string; username: string; password: string }): void;
  drop(name: string): void;
}

const defaultPort = 5432;

export class RdsInstances implements DatabaseInstances {
  readonly #instances = new Map<string, DatabaseInstance>();

  constructor(
    private readonly account: Account,
    /** null: nothing answers at the endpoints. */
    private readonly server: DatabaseServer | null,
  ) {}

  create(identifier: string, settings: DatabaseSettings): DatabaseInstance {
    if (this.#instances.has(identifier))
      throw new ServiceError("DBInstanceAlreadyExists", "DB instance already exists");
    const { name, username, password, securityGroups } = settings;
    this.account.network.attach(this.#arn(identifier), { securityGroup: securityGroups });
    this.server?.create({ name, username, password });
    // The part in the middle is the same for all instances of an account and region.
    const host = `${identifier}.c1a2b3c4d5e6.${this.account.region}.rds.amazonaws.com`;
    const instance = {
      identifier,
      name,
      address: this.server?.host ?? host,
      port: this.server?.port ?? defaultPort,
    };
    this.#instances.set(identifier, instance);
    return instance;
  }

  delete(identifier: string): void {
    const instance = this.#instances.get(identifier);
    if (!instance) return;
    this.server?.drop(instance.name);
    this.account.network.detach(this.#arn(identifier));
    this.#instances.delete(identifier);
  }

  #arn(identifier: string): string {
    return `arn:aws:rds:${this.account.region}:${this.account.accountId}:db:${identifier}`;
  }
}
