/** Builds a random system from the account's services, runs it to its end under a ledger's eyes, and settles the accounts. */
import { Emulator } from "../../src/emulator/emulator.ts";
import { EventSourceMappings } from "../../src/emulator/lambda/mappings/mappings.ts";
import { constantsOf } from "../../src/emulator/platforms/platforms.ts";
import { drawConstants } from "../../src/emulator/platforms/ranges.ts";
import { ServiceError } from "../../src/emulator/service-error.ts";
import type { Row } from "../../src/model.ts";
import { Ledger } from "./ledger.ts";
import type { Intervention, System } from "./system.ts";

/** A whole minute, so that the minutes of the metrics are those of the run. */
const start = Date.UTC(2026, 0, 1);
const longestMs = 86_400_000;

export interface Simulated {
  ledger: Ledger;
  /** One row per record that a handler completed, as the consumer would have inserted it. */
  rows: Row[];
  /** CloudWatch's figures of the consumer over the whole run, by name: the sum, for `ConcurrentExecutions` the maximum. */
  metrics: Record<"Duration" | "Invocations" | "Throttles" | "ConcurrentExecutions", number>;
}

/** `sabotage` plants a fault in the emulator before the ledger begins to watch. */
export async function simulate(system: System, sabotage: (emulator: Emulator) => void = () => {}): Promise<Simulated> {
  const { path, consumer: behaviour, events } = system;
  const small = system.accountConcurrency;
  const constants = constantsOf(system.platform, {
    ...(system.ranges ? drawConstants(system.platform, system.seed) : {}),
    ...(small === null ? {} : { "lambda.accountConcurrency": small, "lambda.unreservedFloor": 0 }),
  });
  const accountConcurrency = constants["lambda.accountConcurrency"];
  const rows: Row[] = [];
  const emulator = new Emulator({
    start,
    seed: system.seed,
    constants,
    region: "eu-west-1",
    insertRow() {},
    log() {},
    handlers: {
      index: (ports) => {
        const random = emulator.kernel.random("scenario.consumer");
        return async (payload, { awsRequestId }) => {
          const failed: string[] = [];
          let workedMs = 0;
          for (const record of (payload as { Records: ConsumedRecord[] }).Records) {
            const event = eventOf(record.body ?? record.Sns!.Message);
            const startedAt = ports.clock.now();
            const workMs = behaviour.leastMs + random.below(behaviour.spreadMs + 1);
            await ports.clock.sleep(workMs);
            workedMs += workMs;
            ledger.note(`worked ${workMs} on ${event}`);
            if (random.fraction() < behaviour.failing) {
              failed.push(record.messageId ?? "");
              continue;
            }
            ledger.completed.add(event);
            const row = { id: event, sentAt: start, startedAt, groupId: "", cacheId: "", batchId: awsRequestId };
            rows.push({ ...row, createdAt: ports.clock.now() });
          }
          if (random.fraction() < behaviour.hanging) await ports.clock.sleep(2 * system.timeoutMs);
          ledger.workedMs += workedMs;
          const reports = path !== "topic to function" && system.mapping.reportBatchItemFailures;
          if (reports && random.fraction() < behaviour.unreadable) return unreadable[random.below(unreadable.length)];
          if (reports) return { batchItemFailures: failed.map((itemIdentifier) => ({ itemIdentifier })) };
          if (failed.length > 0) throw new Error(`${failed.length} records failed`);
        };
      },
    },
  });
  sabotage(emulator);
  const { kernel, sqs, sns, lambda } = emulator;
  const mappings = emulator.service(EventSourceMappings);

  const everything = { Statement: { Effect: "Allow" as const, Action: "*", Resource: "*" } };
  const { arn: roleArn } = emulator.iam.createRole("consumer", [everything]);
  const deadLetters = sqs.create("dead-letters", { retentionMs: 1_209_600_000 });
  const { maxReceiveCount, rawDelivery, visibilityMs, retentionMs, delayMs } = system.queue;
  const source =
    path === "topic to function"
      ? null
      : sqs.create("source", {
          visibilityTimeoutMs: visibilityMs,
          retentionMs,
          delayMs,
          redrivePolicy: maxReceiveCount === null ? null : { deadLetterTargetArn: deadLetters.arn, maxReceiveCount },
          policy: { Statement: { Effect: "Allow", Action: "*", Resource: "*", Principal: "*" } },
        });
  const { failuresTo, ...asynchronous } = system.asynchronous;
  const consumer = lambda.create(
    "consumer",
    {
      roleArn,
      timeoutMs: system.timeoutMs,
      deadLetterTargetArn: failuresTo === "queue" && !source ? deadLetters.arn : null,
    },
    "",
  );
  consumer.configureEventInvoke({
    ...asynchronous,
    onFailureArn: failuresTo === "destination" && !source ? deadLetters.arn : null,
  });
  const ledger = new Ledger({
    emulator,
    consumer,
    source,
    deadLetters,
    eventOf,
    accountConcurrency,
    maximumConcurrency: source ? system.mapping.maximumConcurrency : null,
    maxReceiveCount,
    retentionMs,
  });
  const reserve = (reserved: number | null) => {
    try {
      consumer.reserveConcurrency(reserved);
      ledger.reserved = reserved;
    } catch (refusal) {
      if (!(refusal instanceof ServiceError)) throw refusal;
      ledger.note("reservation refused");
    }
  };
  reserve(system.reserved);
  const mapping = source ? mappings.create(source.arn, consumer.arn, system.mapping) : null;
  const publish = publisher();

  let mapped = mapping !== null;
  let deleted = false;
  const intervene = (intervention: Intervention) => {
    ledger.note(JSON.stringify(intervention));
    if (intervention.kind === "reserve") reserve(intervention.reserved);
    else if (!source || !mapping || deleted) return;
    else if (intervention.kind === "visibility") source.configure({ visibilityTimeoutMs: intervention.visibilityMs });
    else if (intervention.kind === "delete") mappings.delete(mapping.uuid);
    else mapping.configure({ enabled: intervention.kind === "enable" });
    deleted ||= intervention.kind === "delete";
    mapped = !deleted && mapping?.settings.enabled === true;
  };
  for (let event = 0; event < events; event++) kernel.at(start + event * system.gapMs, () => publish(event));
  for (const intervention of system.interventions) {
    kernel.at(start + intervention.atMs, () => intervene(intervention));
  }

  await runToTheEnd();
  return { ledger, rows, metrics: await figures() };

  function publisher(): (event: number) => void {
    const body = (event: number) => JSON.stringify({ event });
    if (path === "queue") {
      return (event) => {
        ledger.published++;
        source!.send(body(event));
      };
    }
    const topic = sns.create("topic");
    if (source) topic.subscribe("sqs", source.arn, { rawMessageDelivery: rawDelivery });
    else {
      topic.subscribe("lambda", consumer.arn);
      const principal = "sns.amazonaws.com";
      const permission = { statementId: "topic", action: "lambda:InvokeFunction", sourceAccount: null };
      consumer.addPermission({ ...permission, principal, sourceArn: topic.arn });
    }
    return (event) => {
      ledger.published++;
      topic.publish(body(event));
    };
  }

  /** Until nothing can happen any more: with a mapping the queue is drained, without one what is in flight has come back. */
  async function runToTheEnd(): Promise<void> {
    const lastPlanned = Math.max(
      start + events * system.gapMs,
      ...system.interventions.map(({ atMs }) => start + atMs),
    );
    await kernel.advanceTo(lastPlanned);
    const busy = () => {
      const { visible, inFlight, delayed } = ledger.inQueue;
      const queued = inFlight + delayed + (mapped ? visible : 0);
      return ledger.published > ledger.delivered || ledger.running > 0 || ledger.waiting > 0 || queued > 0;
    };
    while (busy()) {
      ledger.require(kernel.now < start + longestMs, "the system does not come to an end");
      await kernel.advanceTo(kernel.now + 10_000);
    }
  }

  /** CloudWatch shows them after its delay. */
  async function figures(): Promise<Simulated["metrics"]> {
    const end = kernel.now + 60_000;
    await kernel.advanceTo(end + constants["cloudwatch.publishingDelayMs"] + 60_000);
    const points = (name: string, statistic: string) =>
      emulator.cloudwatch
        .query({
          namespace: "AWS/Lambda",
          name,
          dimensions: { FunctionName: "consumer" },
          statistic,
          periodMs: 60_000,
          start,
          end,
        })
        .map(({ value }) => value);
    const sum = (name: string) => points(name, "Sum").reduce((total, value) => total + value, 0);
    return {
      Duration: sum("Duration"),
      Invocations: sum("Invocations"),
      Throttles: sum("Throttles"),
      ConcurrentExecutions: Math.max(0, ...points("ConcurrentExecutions", "Maximum")),
    };
  }
}

/** The statements that must hold of the ledger when all is over. */
export function settle(system: System, { ledger, metrics }: Simulated): void {
  const { completed, dead, remaining, published, delivered, dropped } = ledger;
  const { visible, inFlight, delayed } = ledger.inQueue;
  const lost = Array.from({ length: system.events }, (_, event) => event).filter(
    (event) => !completed.has(event) && !dead.has(event) && !remaining.has(event),
  );
  ledger.require(published === system.events && delivered === published, "not everything was published and delivered");
  ledger.require(ledger.running === 0, "an invocation has no end");
  ledger.require(remaining.size === visible + inFlight + delayed + ledger.expired, "the queue and the ledger differ");
  if (system.path === "topic to function") {
    ledger.require(ledger.succeeded + dropped === delivered, "an event neither succeeded nor was dropped");
    const kept = system.asynchronous.failuresTo === null ? 0 : dropped;
    ledger.require(dead.size === kept, "not every dropped event went where failures go");
    ledger.require(lost.length <= dropped - kept, "an event is lost without having been dropped");
  } else {
    ledger.require(lost.length === 0, "an event is lost");
  }
  ledger.require(metrics.Duration === ledger.workedMs, "what is billed is not what was worked");
  ledger.require(metrics.Invocations === ledger.grants, "Invocations does not count the invocations");
  ledger.require(metrics.Throttles === ledger.throttles, "Throttles does not count the throttles");
}

interface ConsumedRecord {
  messageId?: string;
  body?: string;
  Sns?: { Message: string };
}

/** Answers that are no partial batch response. */
const unreadable = [
  "done",
  7,
  { batchItemFailures: "all" },
  { batchItemFailures: [{ itemIdentifier: "unknown" }] },
  { batchItemFailures: [{}] },
];

/** Finds the event however deep it is wrapped: a notification in a destination's record is JSON in JSON in JSON. */
function eventOf(body: string): number {
  return Number(/event\\*":(\d+)/.exec(body)![1]);
}
