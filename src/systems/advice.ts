/** Checks on an event path the advice that AWS gives in prose. What is not known, or stands outside of the file, is not judged. */
import { settingsOf } from "../scenarios/settings.ts";
import { warningsOf } from "../scenarios/warnings.ts";
import { awsDefault, serviceDefaults } from "../targets/service-rules.ts";
import { valueAt } from "../template/references.ts";
import {
  type Place,
  placeOf,
  type TemplatePath,
  type TemplateResource,
  type TemplateValue,
} from "../template/template.ts";
import { eventPathsIn } from "./event-paths.ts";
import { jsonIn } from "./json-text.ts";
import type { Lifted } from "./lifted.ts";
import { Referring } from "./referring.ts";
import type { System } from "./system.ts";

export type AdviceCode =
  | "visibility-below-advice"
  | "receives-below-advice"
  | "no-dead-letter-queue"
  | "dead-letter-queue-of-another-type"
  | "dead-letter-queue-unwatched"
  | "dead-letter-retention"
  | "dead-letters-of-the-function"
  | "reservation-with-a-queue"
  | "reservation-below-maximum-concurrency"
  | "maximum-concurrency-without-reservation"
  | "no-partial-batch-responses"
  | "no-limit-of-retries"
  | "no-destination-of-a-stream"
  | "no-bisection"
  | "reservation-with-asynchronous-events"
  | "no-destination-of-asynchronous-events"
  | "target-without-dead-letter-queue";

export interface Advice {
  code: AdviceCode;
  /** in the user's own file */
  place: Place;
  /** a sentence without a full stop, which may begin with the user's name of something: what is there, and what it does */
  message: string;
  /** a sentence without a full stop: what to do */
  cure: string;
  /** the page of AWS's that says so */
  source: string;
}

const lambdaPages = "https://docs.aws.amazon.com/lambda/latest/dg";
const queuePages = "https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide";

const pages = {
  queueSettings: `${lambdaPages}/services-sqs-configure.html`,
  queueScaling: `${lambdaPages}/services-sqs-scaling.html`,
  queueErrors: `${lambdaPages}/services-sqs-errorhandling.html`,
  concurrency: `${lambdaPages}/configuration-concurrency.html`,
  asynchronousErrors: `${lambdaPages}/invocation-async-error-handling.html`,
  asynchronousRecords: `${lambdaPages}/invocation-async-retain-records.html`,
  streamErrors: `${lambdaPages}/kinesis-on-failure-destination.html`,
  deadLetters: `${queuePages}/sqs-dead-letter-queues.html`,
  deadLetterType: `${queuePages}/sqs-configure-dead-letter-queue.html`,
  deadLetterAlarm: `${queuePages}/dead-letter-queues-alarms-cloudwatch.html`,
  deadLetterRetention: `${queuePages}/setting-up-dead-letter-queue-retention.html`,
  targetDeadLetters: "https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-rule-dlq.html",
} as const;

const queueType = "AWS::SQS::Queue";
const functionType = "AWS::Lambda::Function";
const mappingType = "AWS::Lambda::EventSourceMapping";

/** Lambda gives a standard queue's mapping so many concurrent invocations; a smaller reservation can throttle it. https://repost.aws/knowledge-center/lambda-sqs-scaling */
const mappingConcurrency = 1_000;

/** All that AWS's advice finds of the path that was lifted, in the order of the path. */
export function adviceOn(system: System, { path, scenario }: Pick<Lifted, "path" | "scenario">): Advice[] {
  return [...new Checks(system, path).all(), ...ofNumbers(system, { path, scenario })].toSorted(
    (a, b) =>
      Number(a.place.file !== system.file) - Number(b.place.file !== system.file) || a.place.line - b.place.line,
  );
}

/** The checks before a run know two of them by the scenario's numbers. */
function ofNumbers(system: System, { path, scenario }: Pick<Lifted, "path" | "scenario">): Advice[] {
  const queue = path.stations.at(-2);
  // A queue outside of the file has numbers that are not there to read.
  if (path.kind !== "queue" || queue?.logicalId === null) return [];
  const { name } = queue!;
  return warningsOf(scenario, settingsOf(scenario, []), null, serviceDefaults).flatMap((warning): Advice[] => {
    const place = (...keys: string[]) =>
      placeOf(system.template, ["Resources", queue!.logicalId!, "Properties", ...keys]);
    if (warning.code === "visibility-below-advice") {
      const { visibilitySeconds, advisedSeconds, timeoutSeconds, windowSeconds, code } = warning;
      const window = windowSeconds > 0 ? ` and the batching window of ${windowSeconds} s` : "";
      return [
        {
          code,
          place: place("VisibilityTimeout"),
          message: `${name} hides a message for ${visibilitySeconds} s, less than six times the function's timeout of ${timeoutSeconds} s${window}, so that one that is throttled for longer comes back and uses up a receive`,
          cure: `raise VisibilityTimeout of ${name} to at least ${advisedSeconds}`,
          source: pages.queueSettings,
        },
      ];
    }
    if (warning.code !== "receives-below-advice") return [];
    const { maxReceiveCount, advised, code } = warning;
    return [
      {
        code,
        place: place("RedrivePolicy", "maxReceiveCount"),
        message: `${name} gives a message up after ${maxReceiveCount === 1 ? "one receive" : `${maxReceiveCount} receives`}, and a throttle can use one up as a failure does`,
        cure: `raise maxReceiveCount of ${name} to at least ${advised}`,
        source: pages.queueSettings,
      },
    ];
  });
}

class Checks {
  readonly #referring: Referring;

  constructor(
    private readonly system: System,
    private readonly path: Lifted["path"],
  ) {
    this.#referring = new Referring(system);
  }

  *all(): Iterable<Advice> {
    const resources = this.path.stations.map(({ logicalId }) =>
      logicalId === null ? null : this.#referring.resource(logicalId),
    );
    const fn = resources.at(-1)?.type === functionType ? resources.at(-1)! : null;
    const lastLink = this.path.links.at(-1);
    const mapping = lastLink === undefined ? null : this.#referring.resource(lastLink.logicalId);
    const queue = resources.find((each) => each?.type === queueType) ?? null;
    yield* this.#targets();
    if (queue !== null) yield* this.#deadLettersOf(queue);
    if (fn === null) return;
    if (this.path.kind === "queue" && mapping?.type === mappingType) yield* this.#queueMapping(fn, mapping);
    if (this.path.kind === "stream" && mapping?.type === mappingType) yield* this.#streamMapping(mapping);
    if (this.path.kind === "asynchronous") yield* this.#asynchronous(fn);
  }

  *#deadLettersOf(queue: TemplateResource): Iterable<Advice> {
    const name = this.#name(queue);
    if (queue.properties.RedrivePolicy === undefined) {
      if (this.#isUnread(queue, "RedrivePolicy")) return;
      yield {
        code: "no-dead-letter-queue",
        place: this.#place(queue),
        message: `${name} has no dead-letter queue, so that a message that always fails comes back until the queue no longer keeps it`,
        cure: `give ${name} a RedrivePolicy with a dead-letter queue and a maxReceiveCount of at least 5`,
        source: pages.deadLetters,
      };
      return;
    }
    const deadLetters = this.#referring.named(this.#value(queue, "RedrivePolicy", "deadLetterTargetArn"), queueType);
    if (deadLetters === null) return;
    const isFifo = (each: TemplateResource) => String(each.properties.FifoQueue).toLowerCase() === "true";
    if (isFifo(queue) !== isFifo(deadLetters)) {
      const kind = isFifo(queue) ? "FIFO" : "standard";
      yield {
        code: "dead-letter-queue-of-another-type",
        place: this.#place(queue, "RedrivePolicy"),
        message: `${name} is a ${kind} queue and its dead-letter queue ${this.#name(deadLetters)} is not, which SQS refuses`,
        cure: `make ${this.#name(deadLetters)} a ${kind} queue`,
        source: pages.deadLetterType,
      };
    }
    yield* this.#retention(queue, deadLetters, isFifo(queue));
    yield* this.#watched(deadLetters);
  }

  /** A message keeps the time at which it was sent; in a FIFO queue it does not. */
  *#retention(queue: TemplateResource, deadLetters: TemplateResource, isFifo: boolean): Iterable<Advice> {
    const retention = (each: TemplateResource) =>
      this.#number(each, Number(awsDefault("sqs.defaultRetentionMs", 1_000).value), "MessageRetentionPeriod");
    const [source, target] = [retention(queue)!, retention(deadLetters)!];
    // A number that is not known is NaN, and every comparison with it is false.
    if (isFifo || !(target <= source)) return;
    const name = this.#name(deadLetters);
    yield {
      code: "dead-letter-retention",
      place: this.#place(deadLetters, "MessageRetentionPeriod"),
      message: `${name} keeps messages for ${target} s and ${this.#name(queue)} for ${source} s, and a dead letter keeps the time at which it was sent, so that it may be gone before anybody looks`,
      cure: `raise MessageRetentionPeriod of ${name} above that of ${this.#name(queue)}, at most to ${awsDefault("sqs.maximumRetentionMs", 1_000).value}`,
      source: pages.deadLetterRetention,
    };
  }

  *#watched(deadLetters: TemplateResource): Iterable<Advice> {
    const watchers = ["AWS::CloudWatch::Alarm", mappingType].flatMap((type) => this.#referring.ofType(type));
    const name = this.#referring.givenName(deadLetters);
    const isWatched = watchers.some(
      ({ properties }) =>
        this.#referring.referenced(properties).includes(deadLetters) ||
        (name !== null && JSON.stringify(properties).includes(`${name}"`)),
    );
    // A function is read from an account without the account's alarms.
    if (isWatched || this.system.format === "account") return;
    yield {
      code: "dead-letter-queue-unwatched",
      place: this.#place(deadLetters),
      message: `Nothing in this file watches ${this.#name(deadLetters)}: no alarm and no function`,
      cure: `add an alarm on its ApproximateNumberOfMessagesVisible, because a message that is moved there does not count as sent`,
      source: pages.deadLetterAlarm,
    };
  }

  *#queueMapping(fn: TemplateResource, mapping: TemplateResource): Iterable<Advice> {
    yield* this.#reservation(fn, mapping);
    const name = this.#name(fn);
    const batchSize = this.#number(mapping, serviceDefaults.batchSize, "BatchSize")!;
    if (batchSize > 1 && !this.#reportsFailures(mapping)) {
      yield {
        code: "no-partial-batch-responses",
        place: this.#place(mapping, "BatchSize"),
        message: `${name} gets up to ${batchSize} messages at once and reports no partial failures, so that one that fails brings back all of its batch`,
        cure: "set FunctionResponseTypes to ReportBatchItemFailures, and let the function name what failed",
        source: pages.queueErrors,
      };
    }
    if (fn.properties.DeadLetterConfig === undefined || this.#isAsynchronous(fn)) return;
    yield {
      code: "dead-letters-of-the-function",
      place: this.#place(fn, "DeadLetterConfig"),
      message: `DeadLetterConfig of ${name} is for asynchronous invocations alone, and gets nothing of what comes from a queue`,
      cure: "give the queue itself a RedrivePolicy",
      source: pages.asynchronousRecords,
    };
  }

  *#reservation(fn: TemplateResource, mapping: TemplateResource): Iterable<Advice> {
    const name = this.#name(fn);
    const reservation = this.#number(fn, null, "ReservedConcurrentExecutions");
    const maximum = this.#number(mapping, null, "ScalingConfig", "MaximumConcurrency");
    if (reservation === null) {
      const others = this.#referring.ofType(functionType).length - 1;
      if (maximum === null || others === 0) return;
      yield {
        code: "maximum-concurrency-without-reservation",
        place: this.#place(mapping, "ScalingConfig"),
        message: `MaximumConcurrency caps ${name} and reserves nothing for it, so that ${others === 1 ? "the other function" : `the ${others} other functions`} of this file and all others of the account can take what it needs`,
        cure: `reserve at least the MaximumConcurrency of all its queues for ${name}, or see that the account has enough`,
        source: pages.concurrency,
      };
      return;
    }
    if (maximum === null) {
      if (!(reservation < mappingConcurrency)) return;
      yield {
        code: "reservation-with-a-queue",
        place: this.#place(fn, "ReservedConcurrentExecutions"),
        message: `The mapping does not know the reservation of ${name}, ${reservation}, and reads more messages than may run: those that are throttled come back, and each time uses up a receive`,
        cure: "limit the mapping by MaximumConcurrency (2 to 1000) instead, and reserve no less than that",
        source: pages.queueScaling,
      };
      return;
    }
    const maxima = this.#referring
      .ofType(mappingType)
      .filter(({ properties }) => this.#referring.named(properties.FunctionName, functionType) === fn)
      .map((each) => this.#number(each, 0, "ScalingConfig", "MaximumConcurrency")!);
    const sum = maxima.reduce((all, each) => all + each, 0);
    if (!(reservation < sum)) return;
    yield {
      code: "reservation-below-maximum-concurrency",
      place: this.#place(fn, "ReservedConcurrentExecutions"),
      message: `${reservation} are reserved for ${name} and its queues may invoke it ${sum} times at once, so that Lambda may throttle their messages`,
      cure: `raise ReservedConcurrentExecutions of ${name} to at least ${sum}, or lower MaximumConcurrency`,
      source: pages.queueScaling,
    };
  }

  *#streamMapping(mapping: TemplateResource): Iterable<Advice> {
    const limits = ["MaximumRetryAttempts", "MaximumRecordAgeInSeconds"];
    // A limit that is not known is one all the same.
    const hasLimit = limits.some((key) => this.#number(mapping, -1, key) !== -1);
    const name = this.#name(mapping);
    if (!hasLimit) {
      yield {
        code: "no-limit-of-retries",
        place: this.#place(mapping),
        message: `${name} retries a batch that fails until its records expire, so that one bad record blocks its shard for as long`,
        cure: "set MaximumRetryAttempts and MaximumRecordAgeInSeconds, with an OnFailure destination",
        source: pages.streamErrors,
      };
    }
    if (hasLimit && this.#value(mapping, "DestinationConfig", "OnFailure", "Destination") === undefined) {
      yield {
        code: "no-destination-of-a-stream",
        place: this.#place(mapping),
        message: `${name} discards records that it gives up, and keeps no account of them`,
        cure: "set DestinationConfig with an OnFailure destination",
        source: pages.streamErrors,
      };
    }
    const batchSize = this.#number(mapping, serviceDefaults.streamBatchSize, "BatchSize")!;
    const bisects = String(mapping.properties.BisectBatchOnFunctionError).toLowerCase() === "true";
    if (!(batchSize > 1) || bisects || this.#reportsFailures(mapping)) return;
    yield {
      code: "no-bisection",
      place: this.#place(mapping, "BatchSize"),
      message: `${name} retries a batch of up to ${batchSize} records as a whole for one that fails`,
      cure: "set BisectBatchOnFunctionError, or FunctionResponseTypes to ReportBatchItemFailures",
      source: pages.streamErrors,
    };
  }

  *#asynchronous(fn: TemplateResource): Iterable<Advice> {
    const name = this.#name(fn);
    const config = this.#referring.invokeConfigOf(fn.logicalId);
    const usual = Number(awsDefault("lambda.asyncMaximumRetryAttempts").value);
    const retries = config === null ? usual : this.#number(config, usual, "MaximumRetryAttempts")!;
    const hasDestination =
      config !== null && this.#value(config, "DestinationConfig", "OnFailure", "Destination") !== undefined;
    const lastLink = this.path.links.at(-1);
    if (!hasDestination && fn.properties.DeadLetterConfig === undefined && lastLink !== undefined) {
      const times = retries === 0 ? "without a retry" : retries === 1 ? "after one retry" : `after ${retries} retries`;
      yield {
        code: "no-destination-of-asynchronous-events",
        place: this.#place(fn),
        message: `Lambda discards an event that fails in ${name} ${times}, and nobody is told`,
        cure: `give ${name} an OnFailure destination, or a DeadLetterConfig`,
        source: pages.asynchronousRecords,
      };
    }
    const reservation = this.#number(fn, null, "ReservedConcurrentExecutions");
    if (reservation === null || Number.isNaN(reservation)) return;
    const longestAge = Number(awsDefault("lambda.asyncMaximumEventAgeMs", 1_000).value);
    const age = config === null ? longestAge : this.#number(config, longestAge, "MaximumEventAgeInSeconds")!;
    const until =
      Number.isNaN(age) || age === longestAge ? `for up to ${longestAge / 3_600} hours` : `for up to ${age} s`;
    yield {
      code: "reservation-with-asynchronous-events",
      place: this.#place(fn, "ReservedConcurrentExecutions"),
      message: `Lambda takes every event for ${name}, reserves ${reservation} and retries what is throttled ${until}, less and less often; what is older then is not worked`,
      cure: `put a queue before ${name} whose mapping has MaximumConcurrency, or keep what fails by an OnFailure destination`,
      source: pages.asynchronousErrors,
    };
  }

  *#targets(): Iterable<Advice> {
    for (const { logicalId, path } of this.path.links) {
      const rule = this.#referring.resource(logicalId);
      if (rule?.type !== "AWS::Events::Rule") continue;
      const target = [rule.properties.Targets ?? []].flat()[Number(path.at(-1))];
      if (target === undefined || valueAt(target, "DeadLetterConfig") !== undefined) continue;
      yield {
        code: "target-without-dead-letter-queue",
        place: placeOf(this.system.template, path),
        message: `A target of ${this.#name(rule)} has no dead-letter queue, so that EventBridge drops an event that it cannot deliver`,
        cure: "give the target a DeadLetterConfig with a standard queue",
        source: pages.targetDeadLetters,
      };
    }
  }

  /** True where the function gets events by another path than a mapping's. */
  #isAsynchronous(fn: TemplateResource): boolean {
    return eventPathsIn(this.system).some(
      ({ kind, stations }) => kind === "asynchronous" && stations.at(-1)!.logicalId === fn.logicalId,
    );
  }

  #reportsFailures({ properties }: TemplateResource): boolean {
    return [properties.FunctionResponseTypes ?? []].flat().some((each) => each === "ReportBatchItemFailures");
  }

  /** A value below a resource's properties; JSON text is looked into. */
  #value({ properties }: TemplateResource, ...keys: string[]): TemplateValue | undefined {
    let value: TemplateValue | undefined = properties;
    for (const key of keys) {
      if (typeof value === "string") value = jsonIn(value);
      value = valueAt(value, key);
    }
    return value;
  }

  /** NaN where it is not known yet. */
  #number(resource: TemplateResource, otherwise: number | null, ...keys: string[]): number | null {
    const value = this.#value(resource, ...keys);
    if (value === undefined) return this.#isUnread(resource, ...keys) ? Number.NaN : otherwise;
    return typeof value === "object" ? Number.NaN : Number(value);
  }

  #isUnread({ logicalId }: TemplateResource, ...keys: string[]): boolean {
    const path = JSON.stringify(["Resources", logicalId, "Properties", ...keys]);
    return this.system.unread.some((each) => each.path !== null && JSON.stringify(each.path) === path);
  }

  #name({ logicalId }: TemplateResource): string {
    return this.system.names.get(logicalId) ?? logicalId;
  }

  #place({ logicalId }: TemplateResource, ...keys: string[]): Place {
    const path: TemplatePath = ["Resources", logicalId];
    return placeOf(this.system.template, keys.length === 0 ? path : [...path, "Properties", ...keys]);
  }
}
