/** A builder for contract tests of the services: an account of the emulator in which a test reads as a script. */
import { strToU8, zipSync } from "fflate";
import type { InvocationContext, Ports } from "../../infra/handlers/ports.ts";
import type {
  EventInvokeSettings,
  FifoTopicSettings,
  FunctionSettings,
  InvocationOutcome,
  LambdaFunction,
  MetricIdentity,
  PolicyDocument,
  Queue,
  QueueSettings,
  ReceivedMessage,
  Topic,
} from "../../src/emulator/account.ts";
import { Emulator } from "../../src/emulator/emulator.ts";
import type { World } from "../../src/emulator/lambda/execution-environment.ts";
import { EventSourceMappings, type MappingSettings } from "../../src/emulator/lambda/mappings/mappings.ts";
import { type Constants, constantsOf } from "../../src/emulator/platforms/platforms.ts";
import { ServiceError } from "../../src/emulator/service-error.ts";
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
  "lambda.asyncErrorRetryEarliest": 1,
  "lambda.asyncErrorRetryLatest": 1,
  "sns.deliveryMedianMs": 0,
  "sns.retryJitter": 0,
  "mapping.overheadMs": 0,
  "mapping.twentySlotsLookMs": 0,
  "mapping.throttleBackoffJitter": 0,
  "eventbridge.deliveryMedianMs": 0,
  "eventbridge.retryJitter": 0,
  "eventbridge.requestMedianMs": 0,
  "eventbridge.scheduleFirstShare": 1,
  "eventbridge.scheduleLatenessMs": 0,
  "eventbridge.apiDestinationOldestShare": 1,
  "mapping.streamOverheadMs": 0,
  "mapping.streamBackoffJitter": 0,
  "kinesis.getMs": 0,
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
  /** The policies of its role. Default: everything is allowed. */
  policies?: PolicyDocument[];
}

/** The code of a test's function. `environment` counts the execution environments from 1. */
// biome-ignore lint/suspicious/noExplicitAny: an event has the form that its test gives it
export type Program = (event: any, ports: Ports, context: InvocationContext, environment: number) => Promise<unknown>;

export class TestAccount extends Emulator {
  readonly mappings = this.service(EventSourceMappings);
  /** Each observation of a metric, published or not. */
  readonly observations: (MetricIdentity & { value: number; at: number; recordedAt: number })[] = [];
  /** The test's notes, each with its time: milliseconds since the start. */
  readonly trace: [at: number, what: string][] = [];
  readonly #handlers: World["handlers"];

  constructor({ platform = "2026", constants = {}, seed = 1 }: AccountOptions = {}) {
    const handlers: World["handlers"] = {};
    super({
      start,
      seed,
      constants: constantsOf(platform, { ...calm, ...constants }),
      region: "us-east-1",
      handlers,
      insertRow() {},
      log() {},
    });
    this.#handlers = handlers;
    const record = this.cloudwatch.record.bind(this.cloudwatch);
    this.cloudwatch.record = (metric, value, at = this.kernel.now) => {
      record(metric, value, at);
      this.observations.push({ ...metric, value, at: at - start, recordedAt: this.now });
    };
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

  topic(name: string, fifo: FifoTopicSettings | null = null): Topic {
    return this.sns.create(name, fifo);
  }

  /** A queue that takes what `topic` sends. */
  queueFor(topic: Topic, name: string, settings: Partial<QueueSettings> = {}): Queue {
    return this.queue(name, { policy: writableBy(topic), ...settings });
  }

  map(queue: Queue, fn: LambdaFunction, settings: MappingSettings = {}) {
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

  /** Receives by a short poll. */
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
    return this.observations.filter(
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
