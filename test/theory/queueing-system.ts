/** A queue, its mapping and a consumer that are an ideal queueing system: as many pollers as servers, and nothing else that takes time. */
import { Emulator } from "../../src/emulator/emulator.ts";
import type { FactName } from "../../src/emulator/platforms/2026.ts";
import { constantsOf } from "../../src/emulator/platforms/platforms.ts";
import type { Random } from "../../src/emulator/random.ts";
import { type Estimate, estimate } from "./statistics.ts";

export interface QueueingSystem {
  servers: number;
  /** arrival rate × mean service ÷ servers */
  utilisation: number;
  meanServiceMs: number;
  /** Draws one service time, milliseconds. */
  service(random: Random): number;
  seed: number;
  /** How many messages are measured. */
  messages: number;
  /** Constants that differ from the ideal system's. */
  replaced?: Partial<Record<FactName, number>>;
}

export interface Observed {
  /** From the send to the handler's start. */
  waitMs: Estimate;
  /** Mean number of messages in the system, waiting or being worked on. */
  inSystem: Estimate;
  /** Mean share of the servers at work. */
  utilisation: Estimate;
}

/**
 * Each poller is a server and the queue is the line. Nobody backs off, because the pollers never ask for more than the
 * reservation allows; cold starts, overheads and scaling are off.
 */
function idealConstants(servers: number): Partial<Record<FactName, number>> {
  return {
    "lambda.coldStartMedianMs": 0,
    "lambda.requestsPerSecondPerConcurrency": 1_000_000,
    "mapping.overheadMs": 0,
    "mapping.initialPollers": servers,
    "mapping.troubledPollers": servers,
    "mapping.maximumPollers": servers,
    // Metrics of hours of virtual time are of no interest here and cost real time.
    "cloudwatch.concurrencySampleMs": 3_600_000,
  };
}

const warmUpShare = 0.05;
const batches = 30;

/** Sends Poisson arrivals to the system and measures it, after a warm-up, by batch means. */
export async function simulate(system: QueueingSystem): Promise<Observed> {
  const { servers, utilisation, meanServiceMs, seed } = system;
  const emulator = new Emulator({
    start: 0,
    seed,
    constants: constantsOf("2026", { ...idealConstants(servers), ...system.replaced }),
    region: "eu-west-1",
    handlers: {
      index: (ports) => async (event) => {
        const [record] = (event as { Records: { body: string; attributes: { SentTimestamp: string } }[] }).Records;
        const serviceMs = system.service(services);
        begin(Number(record!.body), Number(record!.attributes.SentTimestamp), serviceMs);
        await ports.clock.sleep(serviceMs);
        end();
      },
    },
    insertRow() {},
    log() {},
  });
  const { kernel } = emulator;
  const services = kernel.random("theory.services");
  const gaps = kernel.random("theory.arrivals");

  const warmUp = Math.round(system.messages * warmUpShare);
  const batchSize = Math.floor(system.messages / batches);
  const sums = Array.from({ length: batches }, () => ({ waitMs: 0, serviceMs: 0 }));
  /** Integrals over time up to each batch's first arrival, and to the arrival after the last batch. */
  const checkpoints: { time: number; inSystem: number; working: number }[] = [];
  let inSystem = 0;
  let working = 0;
  let integrals = { time: 0, inSystem: 0, working: 0 };

  const integrate = () => {
    const elapsed = kernel.now - integrals.time;
    integrals = {
      time: kernel.now,
      inSystem: integrals.inSystem + elapsed * inSystem,
      working: integrals.working + elapsed * working,
    };
  };
  const begin = (id: number, sentAt: number, serviceMs: number) => {
    integrate();
    working++;
    const batch = sums[Math.floor((id - warmUp) / batchSize)];
    if (!batch) return;
    batch.waitMs += kernel.now - sentAt;
    batch.serviceMs += serviceMs;
  };
  const end = () => {
    integrate();
    working--;
    inSystem--;
  };

  const { arn: roleArn } = emulator.iam.createRole("consumer", [
    { Statement: { Effect: "Allow", Action: "*", Resource: "*" } },
  ]);
  const queue = emulator.sqs.create("line", { visibilityTimeoutMs: 900_000 });
  const settings = { roleArn, handler: "index.handler", timeoutMs: 900_000 };
  const consumer = emulator.lambda.create("consumer", settings, "");
  consumer.reserveConcurrency(servers);
  emulator.mappings.create(queue.arn, consumer.arn, {
    batchSize: 1,
    maximumConcurrency: servers >= 2 ? servers : null,
  });

  const meanGapMs = meanServiceMs / (servers * utilisation);
  let arrivesAt = 0;
  let id = 0;
  const arrive = () => {
    integrate();
    if (id >= warmUp && (id - warmUp) % batchSize === 0) checkpoints.push(integrals);
    inSystem++;
    queue.send(String(id++));
    arrivesAt += gaps.exponential(meanGapMs);
    if (checkpoints.length <= batches) kernel.at(arrivesAt, arrive);
  };
  kernel.at(0, arrive);
  while (inSystem > 0 || checkpoints.length <= batches) await kernel.advanceTo(kernel.now + 3_600_000);

  const spans = checkpoints.slice(1).map((to, batch) => ({ from: checkpoints[batch]!, to, ...sums[batch]! }));
  const drift = {
    mean: meanServiceMs / servers - meanGapMs,
    batches: spans.map(({ from, to, serviceMs }) => (serviceMs / servers - (to.time - from.time)) / batchSize),
  };
  return {
    waitMs: estimate(
      spans.map(({ waitMs }) => waitMs / batchSize),
      drift,
    ),
    inSystem: estimate(
      spans.map(({ from, to }) => (to.inSystem - from.inSystem) / (to.time - from.time)),
      drift,
    ),
    utilisation: estimate(
      spans.map(({ from, to }) => (to.working - from.working) / (to.time - from.time) / servers),
      drift,
    ),
  };
}
