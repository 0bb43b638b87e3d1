/** RDS as far as templates need it: Postgres instances, each with an endpoint that its owner may put a real server behind. */
import type { Account } from "../account.ts";

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

  /** `identifier`: a new one. @throws ServiceError when its network is not there. */
  create(identifier: string, settings: DatabaseSettings): DatabaseInstance {
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
    this.account.databaseServer?.drop(this.#instances.get(identifier)!.name);
    this.account.network.detach(this.#arn(identifier));
    this.#instances.delete(identifier);
  }

  #arn(identifier: string): string {
    return `arn:aws:rds:${this.account.region}:${this.account.accountId}:db:${identifier}`;
  }
}
