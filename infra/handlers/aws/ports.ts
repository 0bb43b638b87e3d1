/** The ports that every function has on AWS: the system's clock, ids, log and environment. */
import { randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import type { Ports } from "../ports.ts";

export const systemPorts: Omit<Ports, "connect" | "publisher" | "queue" | "stream"> = {
  clock: { now: Date.now, sleep: (ms) => sleep(ms) },
  newId: randomUUID,
  random: Math.random,
  log: console.log,
  environment: process.env,
};
