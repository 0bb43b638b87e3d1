/** The messages between those who ask for simulations and those who make them, on several machines. */
import { deserialize, serialize } from "node:v8";
import { deflateRawSync, inflateRawSync } from "node:zlib";

/** A batch of simulations as it waits in a queue. It holds all that it takes, so that whoever does it needs nothing else. */
export interface RemoteBatch {
  id: string;
  /** a packed Plan: all batches of a plan have the same text */
  plan: string;
  /** packed Variations */
  variations: string;
}

export interface RemoteAnswer {
  /** of the batch */
  id: string;
  /** a packed BatchAnswer */
  answer: string;
}

/** Each who asks has two queues: one that workers take from, and one that they answer to. */
export interface Asker {
  id: string;
  /** Only workers of the same build give the same figures. */
  build: string;
}

export function batchesOf({ build, id }: Asker): string {
  return `batches-${build}-${id}`;
}

export function answersOf({ id }: Pick<Asker, "id">): string {
  return `answers-${id}`;
}

/** Reads the name of a queue of batches; null: it is another. */
export function askerOf(queue: string): Asker | null {
  const [, build, id] = /^batches-([0-9a-f]+-node\d+)-([0-9a-f-]{36})$/.exec(queue) ?? [];
  return build === undefined || id === undefined ? null : { build, id };
}

/** An asker renews its queues every now and then. When it has not for so long, it is dead, and its queues are removed. */
export const renewMs = 10_000;
export const staleMs = 120_000;

/** As values cross threads, in text: every number and every order stays as it is, which JSON in Postgres would not promise. */
export function pack(value: unknown): string {
  return deflateRawSync(serialize(value)).toString("base64");
}

export function unpack(text: string): unknown {
  return deserialize(inflateRawSync(Buffer.from(text, "base64")));
}
