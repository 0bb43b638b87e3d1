/** An emulated account whose functions are the handlers that run on AWS, and whose rows go to a Postgres or stay in memory. */
import { createHash } from "node:crypto";
import { createAdapter } from "../../infra/handlers/adapter.ts";
import { createConsumer } from "../../infra/handlers/consumer.ts";
import { createProducer } from "../../infra/handlers/producer.ts";
import { createRecorder } from "../../infra/handlers/recorder.ts";
import { Emulator, type Tables } from "../emulator/emulator.ts";
import { Observation, type Observer } from "../emulator/observation.ts";
import type { Fact } from "../emulator/platforms/fact.ts";
import { assumptionsIn, constantsIn, type ModelNumber, modelNumbers } from "../emulator/platforms/numbers.ts";
import { type Constants, platforms } from "../emulator/platforms/platforms.ts";
import type { AccountProfile, ModelName, PlatformName, ProfileReference } from "../model.ts";
import { RowsInMemory } from "./rows-in-memory.ts";
import { RowsInPostgres } from "./rows-in-postgres.ts";
import type { Rows } from "./target.ts";

export interface EmulatedAccountOptions {
  /** null: the rows stay in memory. */
  databaseUrl: string | null;
  platform: PlatformName;
  seed: number;
  region: string;
  /** The virtual epoch, milliseconds. */
  start: number;
  /** An account's own numbers, in place of the platform's. */
  profile?: AccountProfile | null;
  /** Draws the unpublished numbers by the seed: the platform's from their plausible ranges, the profile's from its intervals. */
  ranges?: boolean;
  /** Replaces numbers of the platform, the profile and the ranges: the configuration file's. */
  configured?: Partial<Constants>;
  /** Replaces numbers, whoever's they are. */
  constants?: Partial<Constants>;
  /** Answers for the caller of every request. Default: the account's root user. */
  caller?: Emulator["iam"]["caller"];
  /** Is told of every call in the account. Default: nothing is put between the services. */
  observer?: Observer;
  /** Takes what the functions log. */
  log?: (functionName: string, message: string) => void;
}

export interface EmulatedAccount {
  emulator: Emulator;
  model: ModelName;
  /** Shows every row that the handlers have inserted. */
  rows: Rows;
  /** Rows are written later and in bulk. When this resolves, everybody sees every row that the handlers have inserted. */
  writeRows(): Promise<void>;
  /** Resolves when the rows are not far behind the handlers. Rejects when one could not be written. */
  keepUp(): Promise<void>;
  /** Names the databases that rows go to, each as its server tells it from others. Empty: none is known. */
  databases(): Promise<string[]>;
  /** By a number's name: how many connections and invocations came to something else by it. */
  decisions(): Readonly<Record<string, number>>;
  close(): Promise<void>;
}

/** Opens an empty account. Throws BenchError when the database cannot be reached. */
export async function openEmulatedAccount(options: EmulatedAccountOptions): Promise<EmulatedAccount> {
  const { databaseUrl, platform, profile } = options;
  const rows = databaseUrl === null ? new RowsInMemory() : await RowsInPostgres.open(databaseUrl);
  const { numbers, constants, hash } = numbersOf(options);
  const observation = options.observer && new Observation(options.observer);
  const handlers = {
    producer: createProducer,
    consumer: createConsumer,
    recorder: createRecorder,
    adapter: createAdapter,
  };
  const tables: Tables = {
    insertRow: (row, url) => rows.insert(row, url),
    insertCall: (call, url) => rows.insertCall(call, url),
  };
  const emulator = new Emulator({
    start: options.start,
    seed: options.seed,
    constants,
    region: options.region,
    handlers: observation?.handlers(handlers) ?? handlers,
    ...(observation?.table(tables) ?? tables),
    databaseServer: rows.server,
    log: options.log ?? (() => {}),
  });
  observation?.watch(emulator);
  if (options.caller !== undefined) emulator.iam.caller = options.caller;
  const model = {
    platform,
    profile: referenceTo(profile),
    modelHash: hash,
    seed: options.seed,
    assumptions: assumptionsIn(numbers),
  };
  return {
    emulator,
    model,
    rows,
    writeRows: () => rows.write(),
    keepUp: () => rows.keepUp(),
    databases: async () => (rows instanceof RowsInPostgres ? rows.identities() : []),
    decisions: () => emulator.decisions,
    close: () => rows.close(),
  };
}

interface Numbers {
  numbers: readonly ModelNumber[];
  constants: Constants;
  /** as `modelHash` has it */
  hash: string;
}

/** The numbers of the account that was opened last: simulations that differ in their seed alone go by the same. */
let latest: (Numbers & { choices: string }) | null = null;

function numbersOf(options: EmulatedAccountOptions): Numbers {
  const { platform, profile, ranges, seed, configured, constants } = options;
  const choices = JSON.stringify([platform, profile?.constants, ranges ? seed : null, configured, constants]);
  if (latest?.choices !== choices) {
    const numbers = modelNumbers(options);
    latest = { choices, numbers, constants: constantsIn(numbers), hash: modelHash(options) };
  }
  return latest;
}

/** SHA-256, hex, of every constant's value and range. It is the same for two runs that go by the same numbers. */
export function modelHash({
  platform,
  profile,
  configured,
  constants,
}: Pick<EmulatedAccountOptions, "platform" | "profile" | "configured" | "constants">): string {
  const given: Record<string, number> = { ...configured, ...constants };
  const numbers = Object.entries(platforms[platform] as Record<string, Fact>).map(([name, fact]) => {
    const own = profile?.constants[name];
    return [name, given[name] ?? own?.value ?? fact.value, own?.interval ?? fact.range];
  });
  return createHash("sha256").update(JSON.stringify(numbers.sort())).digest("hex");
}

function referenceTo(profile: AccountProfile | null | undefined): ProfileReference | null {
  if (!profile) return null;
  const { name, endpoint } = profile;
  const values = Object.entries(profile.constants).map(([constant, { value }]): [string, number] => [constant, value]);
  const hash = createHash("sha256").update(JSON.stringify(values.sort())).digest("hex");
  const measuredAt =
    profile.probes
      .map(({ finishedAt }) => finishedAt)
      .sort()
      .at(-1) ?? profile.calibratedAt;
  return { name, endpoint, measuredAt, hash, constants: Object.fromEntries(values) };
}
