/** The local target: the emulator on a virtual clock in this process. Its results are predictions. */
import { keepTemplate } from "../emulator/cloudformation/validation.ts";
import { localRegion as region, resourceTypes } from "../emulator/emulator.ts";
import { freeSlotMs, throttleBackoffMs } from "../emulator/lambda/mappings/poller-waits.ts";
import type { Fact } from "../emulator/platforms/fact.ts";
import { constantsOf, platforms } from "../emulator/platforms/platforms.ts";
import { requestHandlerOf } from "../emulator/request-handler.ts";
import { BenchError } from "../errors.ts";
import type { PlatformName, Scenario } from "../model.ts";
import { TemplateError } from "../template/template.ts";
import { type AwsConfiguration, Clients } from "./clients.ts";
import { DirectClients } from "./direct-clients.ts";
import { type EmulatedAccountOptions, openEmulatedAccount } from "./emulated-account.ts";
import { newSecret } from "./secret.ts";
import type { RetryListener, Target } from "./target.ts";

export type { Happening, Observer } from "../emulator/observation.ts";

/** Every local run begins at this moment, so that one seed gives the same rows, byte for byte. */
const virtualEpoch = Date.UTC(2026, 0, 1);

const minuteMs = 60_000;

export interface LocalOptions extends Omit<EmulatedAccountOptions, "region" | "start"> {
  /** Told when the database is lost, since the model itself answers at once. Default: nobody is told. */
  onRetry?: RetryListener;
}

/** The numbers that AWS does not publish, with their plausible ranges, by name. */
export function unpublishedConstants(
  platform: PlatformName,
): Record<string, { value: number; range: [low: number, high: number] }> {
  const facts = Object.entries(platforms[platform] as Record<string, Fact>);
  return Object.fromEntries(facts.flatMap(([name, { value, range }]) => (range ? [[name, { value, range }]] : [])));
}

/**
 * The model's wait after a hold's `throttle`-th throttle. `jitter` is the share of the wait that is drawn at random, and `share`
 * the draw, from 0 to 1.
 */
export function mappingBackoffMs(
  throttle: number,
  { baseMs, capMs, jitter }: { baseMs: number; capMs: number; jitter: number },
  share: number,
): number {
  const constants = {
    "mapping.throttleBackoffBaseMs": baseMs,
    "mapping.throttleBackoffCapMs": capMs,
    "mapping.throttleBackoffJitter": jitter,
  };
  return throttleBackoffMs(throttle, constants, { fraction: () => share });
}

/** How long a slot of a mapping at a small `MaximumConcurrency` stays free in the model, on average, after an invocation of so long. */
export function meanFreeSlotMs(platform: PlatformName, busyMs: number): number {
  const constants = constantsOf(platform);
  const shares = Array.from({ length: 16 }, (_, index) => (index + 0.5) / 16);
  const times = shares.map((share) => freeSlotMs(2, busyMs, constants, { fraction: () => share }));
  return times.reduce((sum, time) => sum + time, 0) / times.length;
}

/** Refuses a template that the model does not model, before anything is touched. Its text is not read again. @throws BenchError `bad-template` */
export function checkTemplate({ template, templateBody }: Scenario): void {
  try {
    keepTemplate(templateBody, template, resourceTypes);
  } catch (fault) {
    if (fault instanceof TemplateError)
      throw new BenchError("bad-template", fault.sentence, { cause: fault, isList: true });
    throw fault;
  }
}

/** Nobody checks a signature in this process; what is left of it names the service. */
class Unsigned {
  readonly #scope: string;

  constructor({ region, service }: { region: string; service: string }) {
    this.#scope = `Credential=local/0/${region}/${service}/aws4_request`;
  }

  async sign<Request extends { headers: Record<string, string> }>(request: Request): Promise<Request> {
    request.headers.authorization = this.#scope;
    return request;
  }
}

/** Each of these would otherwise come from the user's environment or AWS configuration, which must not decide a prediction. */
const inThisProcess = {
  endpoint: "https://emulator.invalid",
  useFipsEndpoint: false,
  useDualstackEndpoint: false,
  defaultsMode: "standard",
  // A logger with the functions, even the SDK's own that do nothing, would be given each input and output in full.
  logger: {},
  signerConstructor: Unsigned,
} as const;

/** Stands for a database's URL where the rows stay in memory; nobody connects to it. */
const urlOfMemory = "postgresql://memory";

/** Opens an empty account. Its rows show every row that was written, others see them later. */
export async function openLocal(options: LocalOptions): Promise<Target> {
  const { emulator, model, rows, keepUp, decisions, close } = await openEmulatedAccount({
    ...options,
    region,
    start: virtualEpoch,
  });
  const { kernel } = emulator;
  const configuration: AwsConfiguration = {
    region,
    credentials: { accessKeyId: "local", secretAccessKey: "local" },
    ...inThisProcess,
    requestHandler: requestHandlerOf(emulator.front),
    maxAttempts: 1,
    useQueueUrlAsEndpoint: false,
  };
  const clients =
    options.databaseUrl === null
      ? new DirectClients(configuration, emulator.front, ({ namespace, name, dimensions }, statistic, start, end) =>
          emulator.cloudwatch.query({ namespace, name, dimensions, statistic, periodMs: minuteMs, start, end }),
        )
      : new Clients(configuration);
  return {
    origin: {
      target: "local",
      kind: "prediction",
      ...model,
      location: { accountId: null, region, endpoint: null },
    },
    callerArn: null,
    keepsStacks: false,
    clients,
    rows,
    functions: { url: options.databaseUrl ?? urlOfMemory, files: {}, vpc: null },
    newSecret,
    clock: {
      now: () => kernel.now,
      async sleep(ms, signal) {
        signal?.throwIfAborted();
        await kernel.advanceTo(kernel.now + ms);
        await keepUp();
      },
    },
    decisions: async () => decisions(),
    onRetry: options.onRetry ?? (() => {}),
    renewCredentials: async () => false,
    async close() {
      clients.close();
      await close();
    },
  };
}
