/** A queue, its mapping and a consumer as an ideal queueing system: as many pollers as servers, and nothing else that takes time. */
import { Emulator } from "../../src/emulator/emulator.ts";
import type { Kernel } from "../../src/emulator/kernel/kernel.ts";
import type { Random } from "../../src/emulator/kernel/random.ts";
import { EventSourceMappings } from "../../src/emulator/lambda/mappings/mappings.ts";
import { type Constants, constantsOf } from "../../src/emulator/platforms/platforms.ts";
import { batchCount, batchMeans, type Estimate } from "./statistics.ts";

export interface QueueingSystem {
  servers: number;
  seed: number;
  /** The numbers that differ from the ideal system, to plant a fault. */
  constants?: Partial<Constants>;
  reservedConcurrency?: number;
}

/** The system at work; messages are numbered from 0 in the order of sending. */
export interface Line {
  kernel: Kernel;
  send(): void;
}

interface Work {
  serviceMs(message: number): number;
  /** The handler has taken the message up. */
  begun(message: number, sentAt: number): void;
  ended(message: number): void;
}

/**
 * Each poller is a server and the queue is the line. Nobody backs off, because the pollers never ask for more than the
 * reservation allows; cold starts, overheads and scaling are off.
 */
export function openLine(
  { servers, seed, constants, reservedConcurrency = servers }: QueueingSystem,
  work: Work,
): Line {
  const emulator = new Emulator({
    start: 0,
    seed,
    region: "eu-west-1",
    constants: constantsOf("2026", {
      "lambda.coldStartMedianMs": 0,
      "lambda.requestsPerSecondPerConcurrency": 1_000_000,
      "mapping.overheadMs": 0,
      "mapping.twentySlotsLookMs": 0,
      "mapping.initialPollers": servers,
      "mapping.idlePollers": servers,
      "mapping.troubledPollers": servers,
      "mapping.maximumPollers": servers,
      // Nobody looks at the metric here, and its samples cost real time.
      "cloudwatch.concurrencySampleMs": 3_600_000,
      ...constants,
    }),
    handlers: {
      index: (ports) => async (event) => {
        const [record] = (event as { Records: { body: string; attributes: { SentTimestamp: string } }[] }).Records;
        const message = Number(record!.body);
        work.begun(message, Number(record!.attributes.SentTimestamp));
        await ports.clock.sleep(work.serviceMs(message));
        work.ended(message);
      },
    },
    insertRow() {},
    log() {},
  });
  const { arn: roleArn } = emulator.iam.createRole("consumer", [
    { Statement: { Effect: "Allow", Action: "sqs:*", Resource: "*" } },
  ]);
  const queue = emulator.sqs.create("line", { visibilityTimeoutMs: 900_000 });
  const consumer = emulator.lambda.create("consumer", { roleArn, timeoutMs: 900_000 }, "");
  consumer.reserveConcurrency(reservedConcurrency);
  const maximumConcurrency = servers >= 2 ? servers : null;
  emulator.service(EventSourceMappings).create(queue.arn, consumer.arn, { batchSize: 1, maximumConcurrency });

  let sent = 0;
  return { kernel: emulator.kernel, send: () => queue.send(String(sent++)) };
}

export interface Traffic {
  /** mean service ÷ (servers × mean time between arrivals) */
  utilisation: number;
  meanServiceMs: number;
  /** Draws one service time, milliseconds. */
  service(random: Random): number;
  /** The number of messages that are measured, after a warm-up. */
  messages: number;
}

export interface Observed {
  /** From the send to the handler's start. */
  waitMs: Estimate;
  /** Mean number of messages in the system, in line or being worked on: an average over time, not made of the waits. */
  inSystem: Estimate;
  /** Mean share of the servers at work. */
  busyShare: Estimate;
}

const warmUpShare = 0.05;

/** Sends Poisson arrivals to the system and measures by batch means. */
export async function simulate(system: QueueingSystem, traffic: Traffic): Promise<Observed> {
  const { utilisation, meanServiceMs, messages } = traffic;
  const meanGapMs = meanServiceMs / (system.servers * utilisation);
  const warmUp = Math.round(messages * warmUpShare);
  const batchSize = Math.floor(messages / batchCount);
  const waits = new Float64Array(batchCount);
  const area = { time: 0, inSystem: 0, working: 0 };
  /** The areas at each batch's first arrival, and at the first one after the last batch. */
  const marks: (typeof area)[] = [];
  let sent = 0;
  let inSystem = 0;
  let working = 0;

  const integrate = () => {
    const elapsed = kernel.now - area.time;
    area.time = kernel.now;
    area.inSystem += elapsed * inSystem;
    area.working += elapsed * working;
  };
  const { kernel, send } = openLine(system, {
    serviceMs: () => traffic.service(kernel.random("theory.service")),
    begun(message, sentAt) {
      integrate();
      working++;
      const batch = Math.floor((message - warmUp) / batchSize);
      if (batch >= 0 && batch < batchCount) waits[batch]! += kernel.now - sentAt;
    },
    ended() {
      integrate();
      working--;
      inSystem--;
    },
  });

  const gaps = kernel.random("theory.arrivals");
  let arrivesAt = 0;
  const arrive = () => {
    integrate();
    if (sent >= warmUp && (sent - warmUp) % batchSize === 0) marks.push({ ...area });
    sent++;
    inSystem++;
    send();
    arrivesAt += gaps.exponential(meanGapMs);
    if (marks.length <= batchCount) kernel.at(arrivesAt, arrive);
  };
  kernel.at(0, arrive);
  await kernel.advanceTo(meanGapMs * messages);
  while (inSystem > 0 || marks.length <= batchCount) await kernel.advanceTo(kernel.now + 60_000);

  const perTime = (what: "inSystem" | "working") =>
    marks.slice(1).map((to, batch) => {
      const from = marks[batch]!;
      return (to[what] - from[what]) / (to.time - from.time);
    });
  return {
    waitMs: batchMeans([...waits].map((wait) => wait / batchSize)),
    inSystem: batchMeans(perTime("inSystem")),
    busyShare: batchMeans(perTime("working").map((servers) => servers / system.servers)),
  };
}
