/** The emulator: one account with its services on one kernel, and the front that answers AWS requests. */
import type { Account, DatabaseServer, ResourceType } from "./account.ts";
import { CloudWatch } from "./cloudwatch/metrics.ts";
import { Ec2Network } from "./ec2/network.ts";
import { EventBridge } from "./eventbridge/buses.ts";
import { Front } from "./front.ts";
import { IamRoles } from "./iam/roles.ts";
import { Kernel } from "./kernel/kernel.ts";
import { KinesisStreams } from "./kinesis/streams.ts";
import { Database, type Tables } from "./lambda/downstream.ts";
import type { World } from "./lambda/execution-environment.ts";
import { LambdaFunctions } from "./lambda/functions.ts";
import { FunctionUrls } from "./lambda/urls.ts";
import { LogGroups } from "./logs/groups.ts";
import type { FactName } from "./platforms/2026.ts";
import type { Constants } from "./platforms/platforms.ts";
import * as resourceTypesByService from "./resource-types.ts";
import { SecretsManager } from "./secrets-manager/secrets.ts";
import { SnsTopics } from "./sns/topics.ts";
import { SqsQueues } from "./sqs/queues.ts";

export type { Tables };

interface EmulatorOptions {
  /** The virtual epoch, milliseconds. */
  start: number;
  seed: number;
  constants: Constants;
  region: string;
  /** The handlers by file name: `consumer` is what the `Handler` property `consumer.handler` runs. */
  handlers: World["handlers"];
  /** Takes a row at the virtual moment in which the database commits it; `url`: the database's, as the function has it. */
  insertRow: Tables["insertRow"];
  /** Takes a call, likewise. Default: calls are kept nowhere. */
  insertCall?: Tables["insertCall"];
  /** Where the databases of RDS are made. Default: nowhere. */
  databaseServer?: DatabaseServer;
  /** Takes what a function logs. */
  log(functionName: string, message: string): void;
}

/** A fictitious account, as AWS's documentation writes one. */
export const accountId = "123456789012";

/** Every local run is there. */
export const localRegion = "us-east-1";

/** The modelled resource types by name, such as `AWS::SQS::Queue`. */
export const resourceTypes: ReadonlyMap<string, ResourceType> = new Map(
  Object.values(resourceTypesByService)
    .flat()
    .map((each) => [each.type, each]),
);

export class Emulator implements Account {
  readonly accountId = accountId;
  readonly region: string;
  readonly kernel: Kernel;
  readonly constants: Constants;
  readonly cloudwatch: CloudWatch;
  readonly logs: LogGroups;
  readonly iam: IamRoles;
  readonly sqs: SqsQueues;
  readonly sns: SnsTopics;
  readonly kinesis: KinesisStreams;
  readonly lambda: LambdaFunctions;
  readonly endpoints: FunctionUrls;
  readonly eventBuses: EventBridge;
  readonly network: Ec2Network;
  readonly secrets: SecretsManager;
  readonly databaseServer: DatabaseServer | null;
  readonly resourceTypes = resourceTypes;
  /** The database behind the functions. */
  readonly database: Database;
  readonly front: Front;
  readonly #services = new Map<unknown, unknown>();

  constructor(options: EmulatorOptions) {
    this.region = options.region;
    this.kernel = new Kernel(options.start, options.seed);
    this.constants = options.constants;
    this.databaseServer = options.databaseServer ?? null;
    this.cloudwatch = new CloudWatch(this);
    this.logs = this.service(LogGroups);
    this.iam = new IamRoles(this);
    this.network = new Ec2Network(this);
    this.secrets = new SecretsManager(this);
    this.sqs = new SqsQueues(this);
    this.sns = new SnsTopics(this);
    this.kinesis = new KinesisStreams(this);
    const { handlers, log } = options;
    this.database = new Database(this.kernel, this.constants, {
      insertRow: options.insertRow,
      insertCall: options.insertCall ?? (() => {}),
    });
    this.lambda = new LambdaFunctions(this, { handlers, database: this.database, log });
    this.endpoints = this.service(FunctionUrls);
    this.eventBuses = this.service(EventBridge);
    this.front = new Front(this, (promise, waitingFor) => this.kernel.advanceUntil(promise, waitingFor));
  }

  /** How many connections and invocations came to something else by one number alone, by its name. */
  get decisions(): Partial<Record<FactName, number>> {
    const { database, lambda } = this;
    return {
      "lambda.accountConcurrency": lambda.throttledByQuota,
      "database.connectMs": database.abandonedConnections,
      "database.maximumConnections": database.refusedConnections,
    };
  }

  service<Service>(kind: new (account: Account) => Service): Service {
    const service = (this.#services.get(kind) as Service | undefined) ?? new kind(this);
    this.#services.set(kind, service);
    return service;
  }
}
