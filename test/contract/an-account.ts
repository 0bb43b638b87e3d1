/** An account of the emulator with its real services, without the front: what CloudFormation makes its stacks in. */
import type { Account } from "../../src/emulator/account.ts";
import { CloudFormation } from "../../src/emulator/cloudformation/stacks.ts";
import { CloudWatch } from "../../src/emulator/cloudwatch/metrics.ts";
import { Ec2Network } from "../../src/emulator/ec2/network.ts";
import { IamRoles } from "../../src/emulator/iam/roles.ts";
import { Kernel } from "../../src/emulator/kernel/kernel.ts";
import { Database } from "../../src/emulator/lambda/downstream.ts";
import { LambdaFunctions } from "../../src/emulator/lambda/functions.ts";
import { LambdaEventSourceMappings } from "../../src/emulator/lambda/mappings/queue-mapping.ts";
import { CloudWatchLogGroups } from "../../src/emulator/logs/groups.ts";
import { constantsOf } from "../../src/emulator/platforms/platforms.ts";
import { RdsInstances } from "../../src/emulator/rds/instances.ts";
import { SecretsManager } from "../../src/emulator/secrets-manager/secrets.ts";
import { SnsTopics } from "../../src/emulator/sns/standard-topic.ts";
import { SqsQueues } from "../../src/emulator/sqs/standard-queue.ts";

export const start = Date.UTC(2026, 0, 1);

export class AnAccount implements Account {
  readonly accountId = "123456789012";
  readonly region = "us-east-1";
  readonly kernel: Kernel;
  readonly constants = constantsOf("2026");
  readonly cloudwatch = new CloudWatch(this);
  readonly iam = new IamRoles(this);
  readonly logs = new CloudWatchLogGroups(this);
  readonly sqs: SqsQueues;
  readonly sns: SnsTopics;
  readonly lambda: LambdaFunctions;
  readonly mappings: LambdaEventSourceMappings;
  readonly network = new Ec2Network(this);
  readonly secrets = new SecretsManager(this);
  readonly databases = new RdsInstances(this, null);
  readonly cloudFormation: CloudFormation;

  constructor(seed = 1) {
    this.kernel = new Kernel(start, seed);
    this.sqs = new SqsQueues(this);
    this.sns = new SnsTopics(this);
    this.lambda = new LambdaFunctions(this, {
      handlers: {},
      database: new Database(this.kernel, this.constants, () => {}),
      log() {},
    });
    this.mappings = new LambdaEventSourceMappings(this);
    this.cloudFormation = new CloudFormation(this);
  }

  /** Lets virtual time pass. */
  async pass(seconds: number): Promise<void> {
    await this.kernel.advanceTo(this.kernel.now + seconds * 1_000);
  }
}
