/** The local target: the emulator on a virtual clock in this process, and a real Postgres. Its results are predictions. */
import { createConsumer } from "../../infra/handlers/consumer.ts";
import { createProducer } from "../../infra/handlers/producer.ts";
import { createRecorder } from "../../infra/handlers/recorder.ts";
import { Invocations } from "../database/invocations.ts";
import { Emulator } from "../emulator/emulator.ts";
import type { Fact } from "../emulator/fact.ts";
import { type Constants, constantsOf, platforms } from "../emulator/platforms/platforms.ts";
import { drawConstants } from "../emulator/platforms/ranges.ts";
import { requestHandlerOf } from "../emulator/wire/request-handler.ts";
import type { PlatformName, Row } from "../model.ts";
import type { Target } from "./target.ts";

/** Every local run begins at this moment, so that one seed gives the same rows, byte for byte. */
const virtualEpoch = Date.UTC(2026, 0, 1);

const region = "us-east-1";

export interface LocalOptions {
  databaseUrl: string;
  platform: PlatformName;
  seed: number;
  /** Draws the unpublished numbers from their plausible ranges, by the seed. */
  ranges?: boolean;
  /** Replaces numbers of the platform's profile. */
  constants?: Partial<Constants>;
  /** Takes what the functions log. */
  log?: (functionName: string, message: string) => void;
}

/** The plausible range of a number of the platform's profile. */
export function plausibleRange(platform: PlatformName, name: string): [low: number, high: number] {
  const fact = (platforms[platform] as Record<string, Fact>)[name];
  if (!fact?.range) throw new Error(`the profile ${platform} has no range for ${name}`);
  return fact.range;
}

/**
 * Opens an empty account. The rows that the handlers insert are written behind, in bulk: they are all in Postgres whenever
 * a request or a sleep of the caller's has come back.
 */
export async function openLocal(options: LocalOptions): Promise<Target> {
  const invocations = await Invocations.open(options.databaseUrl);
  let rows: Row[] = [];
  const drawn = options.ranges ? drawConstants(options.platform, options.seed) : {};
  const emulator = new Emulator({
    start: virtualEpoch,
    seed: options.seed,
    constants: constantsOf(options.platform, { ...drawn, ...options.constants }),
    region,
    handlers: { producer: createProducer, consumer: createConsumer, recorder: createRecorder },
    insertRow: (row) => rows.push(row),
    log: options.log ?? (() => {}),
  });
  const writeRows = async () => {
    const written = rows;
    rows = [];
    if (written.length > 0) await invocations.insert(written);
  };
  const { kernel } = emulator;
  return {
    name: "local",
    kind: "prediction",
    platform: options.platform,
    seed: options.seed,
    aws: {
      region,
      credentials: { accessKeyId: "local", secretAccessKey: "local" },
      requestHandler: requestHandlerOf(emulator.front, writeRows),
      maxAttempts: 1,
    },
    database: { url: options.databaseUrl },
    clock: {
      now: () => kernel.now,
      async sleep(ms, signal) {
        signal?.throwIfAborted();
        await kernel.advanceTo(kernel.now + ms);
        await writeRows();
      },
    },
    close: () => invocations.close(),
  };
}
