/** A builder for contract tests of the services: an account of the emulator in which a test reads as a script. */
import { strToU8, zipSync } from "fflate";
import type { InvocationContext, Ports } from "../../infra/handlers/ports.ts";
import type {
  Account,
  EventInvokeSettings,
  EventSourceMapping,
  FunctionSettings,
  InvocationOutcome,
  LambdaFunction,
  MappingSettings,
  MetricIdentity,
  Queue,
  QueueSettings,
  ReceivedMessage,
  Topic,
} from "../../src/emulator/account.ts";
import { CloudWatch } from "../../src/emulator/cloudwatch/metrics.ts";
import { Ec2Network } from "../../src/emulator/ec2/network.ts";
import { IamRoles, type PolicyDocument } from "../../src/emulator/iam/roles.ts";
import { Kernel } from "../../src/emulator/kernel/kernel.ts";
import { Database } from "../../src/emulator/lambda/downstream.ts";
import type { World } from "../../src/emulator/lambda/execution-environment.ts";
import { LambdaFunctions } from "../../src/emulator/lambda/functions.ts";
import { LambdaEventSourceMappings } from "../../src/emulator/lambda/mappings/queue-mapping.ts";
import { CloudWatchLogGroups } from "../../src/emulator/logs/groups.ts";
import { type Constants, constantsOf } from "../../src/emulator/platforms/platforms.ts";
import { RdsInstances } from "../../src/emulator/rds/instances.ts";
import { SecretsManager } from "../../src/emulator/secrets-manager/secrets.ts";
import { ServiceError } from "../../src/emulator/service-error.ts";
import { SnsTopics } from "../../src/emulator/sns/standard-topic.ts";
import { SqsQueues } from "../../src/emulator/sqs/standard-queue.ts";
import type { PlatformName } from "../../src/model.ts";

/** The virtual beginning of every test, a whole minute. */
export const start = Date.UTC(2026, 0, 1);
export const second = 1_000;
export const minute = 60_000;
export const hour = 3_600_000;

export const allowEverything: PolicyDocument = { Statement: { Effect: "Allow", Action: "*", Resource: "*" } };

/** Everything that takes a drawn time takes none, and nothing is jittered: what is left is the rule. */
export const calm = {
  "lambda.coldStartMedianMs": 0,
  "lambda.asyncThrottleJitter": 0,
  "sns.deliveryMedianMs": 0,
  "sns.retryJitter": 0,
  "mapping.overheadMs": 0,
  "mapping.throttleBackoffJitter": 0,
} satisfies Partial<Constants>;

interface AccountOptions {
  platform?: PlatformName;
  /** Replace the platform's numbers; `calm` ones unless given. */
  constants?: Partial<Constants>;
  seed?: number;
}

interface FunctionOptions extends Partial<FunctionSettings> {
  reserved?: number;
  eventInvoke?: Partial<EventInvokeSettings>;
  /** Of its role; everything is allowed unless given. */
  policies?: PolicyDocument[];
}

/** What a test's function does; `environment` counts the execution environments from 1. */
// biome-ignore lint/suspicious/noExplicitAny: an event has the form that its test gives it
export type Program = (event: any, ports: Ports, context: InvocationContext, environment: number) => Promise<unknown>;

/** CloudWatch that also keeps each observation. */
class ObservedCloudWatch extends CloudWatch {
  readonly observations: (MetricIdentity & { value: number; at: number; recordedAt: number })[] = [];

  constructor(private readonly owner: Account) {
    super(owner);
  }

  override record(metric: MetricIdentity, value: number, at = this.owner.kernel.now): void {
    super.record(metric, value, at);
    this.observations.push({ ...metric, value, at: at - start, recordedAt: this.owner.kernel.now - start });
  }
}

export class TestAccount implements Account {
  readonly accountId = "123456789012";
  readonly region = "us-east-1";
  readonly kernel: Kernel;
  readonly constants: Constants;
  readonly cloudwatch: ObservedCloudWatch;
  readonly iam: IamRoles;
  readonly logs: CloudWatchLogGroups;
  readonly sqs: SqsQueues;
  readonly sns: SnsTopics;
  readonly lambda: LambdaFunctions;
  readonly mappings: LambdaEventSourceMappings;
  readonly network = new Ec2Network(this);
  readonly secrets = new SecretsManager(this);
  readonly databases = new RdsInstances(this, null);
  readonly database: Database;
  /** What the test noted, and when: milliseconds since the start. */
  readonly trace: [at: number, what: string][] = [];
  readonly #handlers: World["handlers"] = {};

  constructor({ platform = "2026", constants = {}, seed = 1 }: AccountOptions = {}) {
    this.kernel = new Kernel(start, seed);
    this.constants = constantsOf(platform, { ...calm, ...constants });
    this.cloudwatch = new ObservedCloudWatch(this);
    this.iam = new IamRoles(this);
    this.logs = new CloudWatchLogGroups(this);
    this.sqs = new SqsQueues(this);
    this.sns = new SnsTopics(this);
    this.database = new Database(this.kernel, this.constants, () => {});
    this.lambda = new LambdaFunctions(this, { handlers: this.#handlers, database: this.database, log() {} });
    this.mappings = new LambdaEventSourceMappings(this);
  }

  /** Milliseconds since the start. */
  get now(): number {
    return this.kernel.now - start;
  }

  async advance(ms: number): Promise<void> {
    await this.kernel.advanceTo(this.kernel.now + ms);
  }

  note(what: string): void {
    this.trace.push([this.now, what]);
  }

  /** When `what` was noted. */
  times(what: string): number[] {
    return this.trace.filter(([, noted]) => noted === what).map(([at]) => at);
  }

  fn(name: string, program: Program, options: FunctionOptions = {}): LambdaFunction {
    const { reserved, eventInvoke, policies = [allowEverything], ...settings } = options;
    let environments = 0;
    this.#handlers[name] = (ports) => {
      const environment = ++environments;
      return (event, context) => program(event, ports, context, environment);
    };
    const { arn: roleArn } = this.iam.createRole(`${name}-role`, policies);
    const fn = this.lambda.create(name, { handler: `${name}.handler`, roleArn, ...settings }, "");
    fn.updateCode(deploymentPackage(name));
    if (reserved !== undefined) fn.reserveConcurrency(reserved);
    if (eventInvoke) fn.configureEventInvoke(eventInvoke);
    return fn;
  }

  /** A function that only takes its time. */
  sleeper(name: string, ms: number, options: FunctionOptions = {}): LambdaFunction {
    return this.fn(name, async (_, { clock }) => clock.sleep(ms), { timeoutMs: 900_000, ...options });
  }

  queue(name: string, settings: Partial<QueueSettings> = {}): Queue {
    return this.sqs.create(name, settings);
  }

  topic(name: string): Topic {
    return this.sns.create(name);
  }

  /** A queue that takes what `topic` sends. */
  queueFor(topic: Topic, name: string, settings: Partial<QueueSettings> = {}): Queue {
    return this.queue(name, { policy: writableBy(topic), ...settings });
  }

  map(queue: Queue, fn: LambdaFunction, settings: Partial<MappingSettings> = {}): EventSourceMapping {
    return this.mappings.create(queue.arn, fn.arn, { batchSize: 1, ...settings });
  }

  /** Invokes so often at this instant, and returns the reasons of those that were throttled. */
  burst(fn: LambdaFunction, count: number): string[] {
    const reasons: string[] = [];
    for (let index = 0; index < count; index++) {
      fn.invoke({}, (outcome) => {
        if (outcome.kind === "throttled") reasons.push(outcome.reason);
      });
    }
    return reasons;
  }

  /** Invokes synchronously, and lets time pass until the answer is there. */
  invoke(fn: LambdaFunction, payload: unknown = {}): Promise<InvocationOutcome> {
    const outcome = new Promise<InvocationOutcome>((resolve) => {
      fn.invoke(payload, (answer) => this.kernel.wake(() => resolve(answer)));
    });
    return this.kernel.advanceUntil(outcome, `the answer of ${fn.name}`);
  }

  /** What a short poll brings. */
  receive(queue: Queue, maximum = 10, visibilityTimeoutMs?: number): ReceivedMessage[] {
    let received: ReceivedMessage[] = [];
    queue.receive({ maximum, waitMs: 0, visibilityTimeoutMs }, (messages) => {
      received = messages;
    });
    return received;
  }

  /** Everything that is visible, as JSON, and deletes it. */
  // biome-ignore lint/suspicious/noExplicitAny: a body has the form that its test expects
  drain(queue: Queue): any[] {
    const bodies: unknown[] = [];
    for (let messages = this.receive(queue); messages.length > 0; messages = this.receive(queue)) {
      for (const { body, receiptHandle } of messages) {
        bodies.push(JSON.parse(body));
        queue.delete(receiptHandle);
      }
    }
    return bodies;
  }

  /** Every observation of a metric of a function, queue or topic so far, published or not. */
  observed(of: { name: string }, metric: string) {
    return this.cloudwatch.observations.filter(
      ({ name, dimensions }) => name === metric && Object.values(dimensions)[0] === of.name,
    );
  }

  /** The sum of those. */
  total(of: { name: string }, metric: string): number {
    return this.observed(of, metric).reduce((sum, { value }) => sum + value, 0);
  }
}

export function deploymentPackage(name: string): Uint8Array {
  return zipSync({ [`${name}.js`]: strToU8("") });
}

/** A queue policy as AWS's pages show it for a topic's subscription. */
export function writableBy(topic: Topic): PolicyDocument {
  return {
    Statement: {
      Effect: "Allow",
      Principal: { Service: "sns.amazonaws.com" },
      Action: "sqs:SendMessage",
      Resource: "*",
      Condition: { ArnEquals: { "aws:SourceArn": topic.arn } },
    },
  };
}

/** Lets `topic` invoke the function. */
export function permit(fn: LambdaFunction, topic: Topic): void {
  fn.addPermission({
    statementId: "sns",
    action: "lambda:InvokeFunction",
    principal: "sns.amazonaws.com",
    sourceArn: topic.arn,
    sourceAccount: null,
  });
}

/** The error that a service answers with. */
export function refusal(work: () => unknown): ServiceError {
  try {
    work();
  } catch (thrown) {
    if (thrown instanceof ServiceError) return thrown;
    throw thrown;
  }
  throw new Error("nothing was refused");
}
