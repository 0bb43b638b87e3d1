/** RDS as far as templates need it: Postgres instances, each with an endpoint that its owner may put a real server behind. */
import type { Account } from "../account.ts";
import { ServiceError } from "../service-error.ts";

interface DatabaseSettings {
  /** The name of the database in the instance. */
  name: string;
  username: string;
  password: string;
  securityGroups: readonly string[];
}

interface DatabaseInstance {
  readonly name: string;
  readonly address: string;
  readonly port: number;
}

const defaultPort = 5432;

export class RdsInstances {
  readonly #instances = new Map<string, DatabaseInstance>();

  constructor(private readonly account: Account) {}

  /** @throws ServiceError `DBInstanceAlreadyExists`, or when its network is not there. */
  create(identifier: string, settings: DatabaseSettings): DatabaseInstance {
    if (this.#instances.has(identifier))
      throw new ServiceError("DBInstanceAlreadyExists", "DB instance already exists");
    const { name, username, password, securityGroups } = settings;
    this.account.network.attach(this.#arn(identifier), { securityGroup: securityGroups });
    const { databaseServer } = this.account;
    databaseServer?.create({ name, username, password });
    // The part in the middle is the same for all instances of an account and region.
    const host = `${identifier}.c1a2b3c4d5e6.${this.account.region}.rds.amazonaws.com`;
    const { host: address, port } = databaseServer ?? { host, port: defaultPort };
    const instance = { name, address, port };
    this.#instances.set(identifier, instance);
    return instance;
  }

  delete(identifier: string): void {
    const instance = this.#instances.get(identifier);
    if (!instance) return;
    this.account.databaseServer?.drop(instance.name);
    this.account.network.detach(this.#arn(identifier));
    this.#instances.delete(identifier);
  }

  #arn(identifier: string): string {
    return `arn:aws:rds:${this.account.region}:${this.account.accountId}:db:${identifier}`;
  }
}
